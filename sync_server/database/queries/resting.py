"""What refers to rows of the season: rows of the season itself, and what came of them since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, and_, delete, func, select, tuple_

from sync_server.database.tables import (
    api_tokens,
    assessment_revisions,
    assessor_certificates,
    assignment_holders,
    assignments,
    branches,
    conflicts,
    contact_points,
    decisions,
    devices,
    enrolment_codes,
    entrants,
    entries,
    filed_faqs,
    invitations,
    releases,
    season_changes,
    staged_rows,
    standings,
    suspensions,
    users,
)

Key = tuple[object, ...]
_FAQ = filed_faqs.c
_CERTIFICATE = tuple(assessor_certificates.c[name] for name in ("assessor_id", "channel", "round"))
# A row of the season -> the columns by which it names another of the season, and which kind that is.
_INSIDE: Sequence[tuple[str, tuple[Column[Any], ...], tuple[Column[Any], ...], str]] = (
    ("entrants", (entrants.c.id,), (entrants.c.organisation,), "organisations"),
    ("entries", (entries.c.entrant_id, entries.c.channel), (entries.c.entrant_id,), "entrants"),
    ("branches", (branches.c.id,), (branches.c.entrant_id,), "entrants"),
    ("contact_points", (contact_points.c.id,), (contact_points.c.entrant_id,), "entrants"),
    ("contact_points", (contact_points.c.id,), (contact_points.c.branch_id,), "branches"),
    ("suspensions", (suspensions.c.id,), (suspensions.c.entrant_id,), "entrants"),
    ("faqs", (_FAQ.entrant_id, _FAQ.code, _FAQ.version), (_FAQ.entrant_id,), "entrants"),
    ("conflicts", (conflicts.c.assessor_id, conflicts.c.organisation), (conflicts.c.assessor_id,), "assessors"),
    ("certificates", _CERTIFICATE, (assessor_certificates.c.assessor_id,), "assessors"),
    ("certificates", _CERTIFICATE, (assessor_certificates.c.round,), "rounds"),
    ("assignments", (assignments.c.id,), (assignments.c.assessor_id,), "assessors"),
    ("assignments", (assignments.c.id,), (assignments.c.entrant_id, assignments.c.channel), "entries"),
    ("assignments", (assignments.c.id,), (assignments.c.round,), "rounds"),
    ("assignments", (assignments.c.id,), (assignments.c.scenario_id,), "scenarios"),
    ("assignments", (assignments.c.id,), (assignments.c.branch_id,), "branches"),
)  # fmt: skip
# What came of a row of the season since: the columns that name it.
_OUTSIDE: Sequence[tuple[tuple[Column[Any], ...], str]] = (
    ((devices.c.assessor_id,), "assessors"),
    ((enrolment_codes.c.assessor_id,), "assessors"),
    ((api_tokens.c.assessor_id,), "assessors"),
    ((users.c.entrant_id,), "entrants"),
    ((invitations.c.entrant_id,), "entrants"),
    ((decisions.c.entrant_id, decisions.c.channel), "entries"),
    ((assessment_revisions.c.assignment_id,), "assignments"),
    ((releases.c.round,), "rounds"),
)


class Reference(NamedTuple):
    """A row of the season that names another."""

    subject: str
    key: Key
    names: str
    named: Key


def references(db: Connection) -> Iterator[Reference]:
    """Yield every reference between rows of the season."""
    for subject, key, named, names in _INSIDE:
        width = len(key)
        for row in db.execute(select(*key, *named).where(named[0].is_not(None))):
            values = tuple(row)
            yield Reference(subject, values[:width], names, values[width:])


def rests_on(db: Connection) -> Iterator[tuple[str, Key]]:
    """Yield the rows of the season on which something rests that is not of the season: a phone, a visit, an account."""
    for columns, names in _OUTSIDE:
        for row in db.execute(select(*columns).where(columns[0].is_not(None)).distinct()):
            yield names, tuple(row)


def visits_since(db: Connection, set_id: str, since: datetime) -> int:
    """Return how many records came since a moment for assignments that a set changes."""
    named = select(season_changes.c.key).where(
        season_changes.c.set_id == set_id, season_changes.c.subject == "assignments"
    )
    key = '["' + assessment_revisions.c.assignment_id + '"]'
    statement = select(func.count()).where(key.in_(named), assessment_revisions.c.received_at > since)
    return int(db.execute(statement).scalar_one())


def clear_way(db: Connection, set_id: str) -> None:
    """Take out what hangs on the rows a staged set takes out: who held such assignments, such entries' standings."""
    staged = staged_rows.c
    goes = and_(staged.set_id == set_id, staged.takes_out == 1)
    held = select(staged.c00).where(goes, staged.subject == "assignments")
    db.execute(delete(assignment_holders).where(assignment_holders.c.assignment_id.in_(held)))
    scored = select(staged.c00, staged.c01).where(goes, staged.subject == "entries")
    db.execute(delete(standings).where(tuple_(standings.c.entrant_id, standings.c.channel).in_(scored)))
