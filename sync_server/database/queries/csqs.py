"""Site visits as they are handed out, and as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, insert, select

from checklists.forms.form import Channel
from sync_server.database.queries.award_rows import BESIDE
from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import (
    assessments,
    assessors,
    assignments,
    conflicts,
    entrants,
    entries,
    organisations,
    rounds,
    scenarios,
)

VISIT = Channel.SITE_VISIT.value
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class CompanyRow(NamedTuple):
    """Who is visited."""

    id: str
    organisation: str
    name: Mapping[str, str]
    industry: str


class VisitRow(NamedTuple):
    """One visit that was handed out, and the record that came of it, if any."""

    assignment_id: str
    company_id: str
    organisation: str
    company: Mapping[str, str]
    industry: str
    module: str
    assessor_id: str
    assessor: str
    due_from: datetime
    due_until: datetime
    assessment_id: str | None
    revision: int | None
    digest: str | None
    status: str | None


def companies(db: Connection) -> Sequence[CompanyRow]:
    """Return every entrant, by id: each may be visited."""
    columns = (entrants.c.id, entrants.c.organisation, entrants.c.name, entrants.c.industry)
    return [CompanyRow(*row) for row in db.execute(select(*columns).order_by(entrants.c.id))]


def add_company(db: Connection, row: CompanyRow, now: datetime) -> None:
    """Keep a company that is not kept yet, with its organisation."""
    organisation = {"id": row.organisation, "name": row.name, "created_at": now}
    db.execute(insert_ignoring_duplicates(db, organisations).values(**organisation))
    db.execute(insert(entrants).values(**row._asdict(), created_at=now))


def assessor_names(db: Connection) -> Mapping[str, str]:
    """Return the names of the assessors who have not left, by id."""
    c = assessors.c
    return {row.id: row.name for row in db.execute(select(c.id, c.name).where(c.left_at.is_(None)).order_by(c.id))}


def is_barred(db: Connection, assessor_id: str, organisation: str) -> bool:
    """Whether an assessor must not assess an organisation."""
    c = conflicts.c
    statement = select(c.assessor_id).where(c.assessor_id == assessor_id, c.organisation == organisation)
    return db.execute(statement.limit(1)).first() is not None


def make_ready(db: Connection, company_id: str, scenario: Mapping[str, Any]) -> None:
    """Keep what an assignment of a site visit refers to: its round, its briefing, and the company's entry."""
    opens, closes = ALWAYS
    around = {"number": BESIDE, "opens_at": opens, "closes_at": closes}
    db.execute(insert_ignoring_duplicates(db, rounds).values(**around))
    db.execute(insert_ignoring_duplicates(db, scenarios).values(channel=VISIT, **scenario))
    db.execute(insert_ignoring_duplicates(db, entries).values(entrant_id=company_id, channel=VISIT))


def add_assignment(db: Connection, row: Mapping[str, Any]) -> None:
    """Keep an assignment of a site visit."""
    db.execute(insert(assignments).values(channel=VISIT, round=BESIDE, **row))


def visits(db: Connection, assessment_id: str | None = None) -> Sequence[VisitRow]:
    """Return the site visits, the one due last first; only that of one record when given."""
    a, e, r = assignments.c, entrants.c, assessments.c
    statement = (
        select(
            a.id, e.id, e.organisation, e.name, e.industry, a.variant, a.assessor_id, assessors.c.name,
            a.due_from, a.due_until, r.id, r.revision, r.digest, r.status,
        )
        .select_from(assignments)
        .join(entrants, e.id == a.entrant_id)
        .join(assessors, assessors.c.id == a.assessor_id)
        .join(assessments, and_(r.assignment_id == a.id, r.status != "void"), isouter=True)
        .where(a.channel == VISIT, a.withdrawn.is_(False))
        .order_by(a.due_until.desc(), a.id, r.id)
    )  # fmt: skip
    if assessment_id is not None:
        statement = statement.where(r.id == assessment_id)
    return [VisitRow._make(row) for row in db.execute(statement)]
