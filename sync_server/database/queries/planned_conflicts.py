"""Visits still to do: those whose assessor left or has a conflict with the entrant (E11), and on which days each is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from sync_server.database.tables import assessments, assessors, assignments, conflicts, entrants


class PlannedConflict(NamedTuple):
    """One visit that has to go. `rule` is "left", "conflict" (its `reason`, which lasts until `until`) or "closed"."""

    rule: str
    round: int
    assessor_id: str
    assessor_name: str
    entrant_id: str
    entrant_name: Mapping[str, str]
    due_from: datetime
    reason: str | None = None
    until: str | None = None


class Wait(NamedTuple):
    """When and where visits are due: all of an entry at one place in one time."""

    entrant_id: str
    channel: str
    branch_id: str | None
    due_from: datetime
    due_until: datetime


def waits(db: Connection, rounds: Collection[int], after: datetime) -> Sequence[Wait]:
    """Return those of `rounds` that are due from a moment after `after` on, each once, begun or not."""
    a = assignments.c
    statement = select(*(a[name] for name in Wait._fields)).where(
        a.round.in_(list(rounds)), a.withdrawn.is_(False), a.due_from > after
    )
    return [Wait(*row) for row in db.execute(statement.distinct())]


def visits_of_wait(db: Connection, rounds: Collection[int], wait: Wait) -> Sequence[PlannedConflict]:
    """Return the visits of `wait`, which is closed, that nobody has begun, by assessor."""
    a, p, e = assignments.c, assessors.c, entrants.c
    statement = (
        select(a.round, a.assessor_id, p.name, a.entrant_id, e.name, a.due_from)
        .join_from(assignments, assessors, p.id == a.assessor_id)
        .join(entrants, e.id == a.entrant_id)
        .where(
            *_is_to_do(rounds),
            *(a[name].is_(None) if value is None else a[name] == value for name, value in wait._asdict().items()),
        )
        .order_by(a.round, p.name, a.id)
    )
    return [PlannedConflict("closed", *row) for row in db.execute(statement)]


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
            *_is_to_do(rounds),
            or_(p.left_at.is_not(None), is_barred),
        )
        .order_by(a.round, p.name, a.entrant_id, a.due_from, a.id)
    )
    return [
        PlannedConflict("left", *row[:6])
        if row.left_at is not None
        else PlannedConflict("conflict", *row[:6], row.reason, row.until)
        for row in db.execute(statement)
    ]


def _is_to_do(rounds: Collection[int]) -> Sequence[ColumnElement[bool]]:
    a = assignments.c
    is_begun = select(assessments.c.id).where(assessments.c.assignment_id == a.id).exists()
    return a.round.in_(list(rounds)), a.withdrawn.is_(False), ~is_begun
