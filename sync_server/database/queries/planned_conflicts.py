"""Visits still to do whose assessor may not make them: who left, or has a conflict with the entrant (E11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, or_, select

from sync_server.database.tables import assessments, assessors, assignments, conflicts, entrants


class PlannedConflict(NamedTuple):
    """One such visit. `reason` is that of the conflict, which lasts until `until`; None: the assessor left."""

    round: int
    assessor_id: str
    assessor_name: str
    entrant_id: str
    entrant_name: Mapping[str, str]
    due_from: datetime
    reason: str | None
    until: str | None


def planned_conflicts(db: Connection, rounds: Collection[int]) -> Sequence[PlannedConflict]:
    """Return them in `rounds`, by assessor and entrant; one that was given with a reason in spite of it is none."""
    a, p, e, c = assignments.c, assessors.c, entrants.c, conflicts.c
    is_barred = and_(c.assessor_id.is_not(None), a.exception == "")
    statement = (
        select(a.round, a.assessor_id, p.name, a.entrant_id, e.name, a.due_from, c.reason, c.until, p.left_at)
        .join_from(assignments, assessors, p.id == a.assessor_id)
        .join(entrants, e.id == a.entrant_id)
        .outerjoin(conflicts, and_(c.assessor_id == a.assessor_id, c.organisation.in_((e.organisation, e.id))))
        .where(
            a.round.in_(list(rounds)),
            a.withdrawn.is_(False),
            ~select(assessments.c.id).where(assessments.c.assignment_id == a.id).exists(),
            or_(p.left_at.is_not(None), is_barred),
        )
        .order_by(a.round, p.name, a.entrant_id, a.due_from, a.id)
    )
    return [
        PlannedConflict(*row[:6], *((None, None) if row.left_at is not None else (row.reason, row.until)))
        for row in db.execute(statement)
    ]
