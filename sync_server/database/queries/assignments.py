"""Assignments as intake and the feed need them: what each says, and who holds or held it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.queries.driver import insert_rows, select_rows
from sync_server.database.tables import assessments, assignment_holders, assignments


class AssignmentAndHolders(NamedTuple):
    """What intake must know of an assignment. `body` is its wire JSON; `holders` hold it or held it."""

    assessor_id: str
    entrant_id: str
    channel: str
    round: int
    body: str
    holders: frozenset[str]


class Held(NamedTuple):
    """A visit that an assessor has: the wire JSON of its assignment, and when that was last changed."""

    body: str
    updated_at: datetime


def visits_held(db: Connection, assessor_id: str) -> Sequence[Held]:
    """Return the visits that an assessor has now and that are not withdrawn, done or not, by when they begin."""
    a = assignments.c
    statement = select(a.body, a.updated_at).where(a.assessor_id == assessor_id, a.withdrawn.is_(False))
    return [Held(*row) for row in db.execute(statement.order_by(a.due_from, a.id))]


def assignment_and_holders(db: Connection, assignment_id: str) -> AssignmentAndHolders | None:
    """Return one assignment, or None."""
    rows = select_rows(
        db,
        "SELECT a.assessor_id, a.entrant_id, a.channel, a.round, a.body, h.assessor_id FROM assignments a"
        " LEFT JOIN assignment_holders h ON h.assignment_id = a.id WHERE a.id = ?",
        (assignment_id,),
    )
    if not rows:
        return None
    assessor_id, entrant_id, channel, round_number, body, _ = rows[0]
    holders = frozenset({assessor_id, *(row[-1] for row in rows)} - {None})
    return AssignmentAndHolders(assessor_id, entrant_id, channel, round_number, body, holders)


def assessors_of(db: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Return who holds each of `ids` now."""
    if not ids:
        return {}
    statement = select(assignments.c.id, assignments.c.assessor_id).where(assignments.c.id.in_(list(ids)))
    return {row.id: row.assessor_id for row in db.execute(statement)}


def holders_of(db: Connection, assignment_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Return every assessor who holds or held each of the assignments; one nobody held is left out."""
    c = assignment_holders.c
    statement = select(c.assignment_id, c.assessor_id).where(c.assignment_id.in_(list(assignment_ids)))
    holders: dict[str, list[str]] = {}
    for row in db.execute(statement):
        holders.setdefault(row.assignment_id, []).append(row.assessor_id)
    return holders


def remember_holders(db: Connection, pairs: Sequence[tuple[str, str]], now: datetime) -> None:
    """Note that assessors hold assignments (assignment, assessor); a repeat changes nothing."""
    rows = [_Holder(assignment_id, assessor_id, now) for assignment_id, assessor_id in pairs]
    insert_rows(db, assignment_holders, rows, key="assignment_id, assessor_id")


class _Holder(NamedTuple):
    assignment_id: str
    assessor_id: str
    since_at: datetime


class Progress(NamedTuple):
    """What came of an assignment: the states of its records, and when the first of them was begun."""

    statuses: frozenset[str]
    started_at: datetime


def progress_of(db: Connection) -> Mapping[str, Progress]:
    """Return what came of each assignment of which a record came."""
    c = assessments.c
    came: dict[str, Progress] = {}
    for row in db.execute(select(c.assignment_id, c.status, c.started_at).order_by(c.started_at, c.id)):
        before = came.get(row.assignment_id)
        statuses = (before.statuses if before else frozenset()) | {row.status}
        came[row.assignment_id] = Progress(statuses, before.started_at if before else row.started_at)
    return came
