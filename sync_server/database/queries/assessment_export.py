"""Assessments as the exported table has them: in pages by id, so that a slow reader holds no transaction open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from sync_server.database.queries.assessment_lists import Filter, conditions
from sync_server.database.queries.unseen import UnseenInFile
from sync_server.database.tables import (
    assessment_revisions,
    assessments,
    assessors,
    assignments,
    branches,
    entrants,
    scenarios,
)

PAGE = 250  # bodies are in it


class ExportRow(NamedTuple):
    """One assessment with what it was asked to be. Names are bilingual."""

    id: str
    entrant_id: str
    entrant_name: Mapping[str, str]
    industry: str
    channel: str
    subchannel: str | None
    round: int
    scenario: Mapping[str, str]
    branch: Mapping[str, str] | None
    form: str
    assessor_id: str
    assessor_name: str
    status: str
    contact: str
    base_shown: str
    files_held: int
    files_named: int
    revision: int
    conflicts: int
    clock_wrong: bool
    started_at: datetime
    finished_at: datetime | None
    first_received_at: datetime
    received_at: datetime
    digest: str
    body: bytes
    is_unseen: bool  # its answers are not to be read yet (UNS)


def forms_used(db: Connection, narrowed: Filter) -> set[str]:
    """Return the form versions that occur among the assessments."""
    return set(db.execute(select(assessments.c.form).where(*conditions(db, narrowed)).distinct()).scalars())


def export_page(
    db: Connection, narrowed: Filter, *, after: str, limit: int, left_out: UnseenInFile
) -> Sequence[ExportRow]:
    """Return at most `limit` assessments with ids after `after`, by id: one that moves meanwhile comes once.

    `left_out` is one for the whole file.
    """
    a, s, r = assessments.c, assignments.c, assessment_revisions.c
    statement = (
        select(
            a.id, a.entrant_id, entrants.c.name, entrants.c.industry, a.channel, s.subchannel, a.round,
            scenarios.c.title, branches.c.name, a.form, a.assessor_id, assessors.c.name, a.status, a.contact,
            a.base_shown, a.files_held, a.files_named, a.revision, a.conflicts, a.clock_wrong,
            a.started_at, a.finished_at, a.first_received_at, a.received_at, a.digest, r.body,
        )
        .join_from(assessments, entrants, entrants.c.id == a.entrant_id)
        .join(assessors, assessors.c.id == a.assessor_id)
        .join(assignments, s.id == a.assignment_id)
        .join(assessment_revisions, and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest))
        .join(scenarios, scenarios.c.id == s.scenario_id)
        .join(branches, branches.c.id == s.branch_id, isouter=True)
        .where(a.id > after, *conditions(db, narrowed))
        .order_by(a.id)
        .limit(limit)
    )  # fmt: skip
    rows = db.execute(statement).all()
    unseen = left_out.among(db, (row.received_at for row in rows)) if rows else frozenset()
    return [ExportRow._make((*row, row.id in unseen)) for row in rows]
