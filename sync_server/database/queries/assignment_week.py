"""The visits whose time begins in a span of days, for a table of assessors by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.tables import assessments, assignments, entrants


class WeekVisit(NamedTuple):
    """One visit; `status` is that of what was sent for it, None: it is still to do."""

    id: str
    assessor_id: str
    entrant_name: Mapping[str, str]
    channel: str
    due_from: datetime
    status: str | None


def visits_between(db: Connection, first: datetime, after: datetime) -> Sequence[WeekVisit]:
    """Return the visits that are not withdrawn and begin from `first` to before `after`, in their order."""
    a = assignments.c
    statement = (
        select(a.id, a.assessor_id, entrants.c.name, a.channel, a.due_from, assessments.c.status)
        .select_from(
            assignments.join(entrants, entrants.c.id == a.entrant_id).outerjoin(
                assessments, assessments.c.assignment_id == a.id
            )
        )
        .where(a.due_from >= first, a.due_from < after, a.withdrawn.is_(False))
        .order_by(a.due_from, a.id)
    )
    return [WeekVisit(*row) for row in db.execute(statement)]


def sent_of(db: Connection, assignment_id: str) -> bool:
    """Say whether anything was sent for an assignment."""
    statement = select(assessments.c.id).where(assessments.c.assignment_id == assignment_id).limit(1)
    return db.execute(statement).first() is not None
