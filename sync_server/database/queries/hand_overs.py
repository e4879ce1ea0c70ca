"""Visits handed on from phone to phone: what came of them, and what the desk decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, or_, select, update

from sync_server.database.queries.driver import insert_rows
from sync_server.database.tables import assessments, assessors, assignments, entrants, hand_overs


class HandOverRow(NamedTuple):
    """What a phone sent. `receiver_id` None: the giver's draft, whose body is among the revisions."""

    record_id: str
    revision: int
    digest: str
    assignment_id: str
    giver_id: str
    receiver_id: str | None
    device_id: str
    device_time: str
    device_monotonic: str
    clock_offset_ms: int | None
    received_at: datetime
    body: bytes


class ListedHandOver(NamedTuple):
    """One hand-over as the desk reads it: the newest that came of its record. `holder_id` has the assignment now."""

    record_id: str
    assignment_id: str
    giver_id: str
    receiver_id: str | None
    received_at: datetime
    state: str
    reason: str
    decided_at: datetime | None
    holder_id: str
    giver: str
    entrant_id: str
    entrant: dict[str, str]
    channel: str
    round: int


def add_hand_overs(db: Connection, rows: Sequence[HandOverRow]) -> None:
    """Note what came; a repeat changes nothing."""
    if rows:
        insert_rows(db, hand_overs, rows, key="record_id, revision, digest")


def state_of(db: Connection, record_id: str) -> str | None:
    """Return how it stands with the newest that came of a record; None: nothing came."""
    c = hand_overs.c
    newest = select(c.state).where(c.record_id == record_id).order_by(c.revision.desc(), c.received_at.desc()).limit(1)
    return db.execute(newest).scalar()


def rows_of(db: Connection, record_id: str) -> Sequence[HandOverRow]:
    """Return what came of a record, the oldest first."""
    columns = [hand_overs.c[name] for name in HandOverRow._fields]
    statement = select(*columns).where(hand_overs.c.record_id == record_id)
    rows = db.execute(statement.order_by(hand_overs.c.revision, hand_overs.c.received_at))
    return [HandOverRow(*row) for row in rows]


def list_hand_overs(db: Connection, limit: int = 200) -> Sequence[ListedHandOver]:
    """Return the hand-overs, the newest first, each record once.

    A draft that was given is left out where its receiver was heard of, and where its own assessor went on with it.
    """
    h, newer, taken = hand_overs.c, hand_overs.alias(), hand_overs.alias()
    is_newer = and_(newer.c.record_id == h.record_id, newer.c.revision > h.revision)
    is_taken = and_(taken.c.assignment_id == h.assignment_id, taken.c.receiver_id.is_not(None))
    went_on = and_(assessments.c.id == h.record_id, assessments.c.revision > h.revision)
    nobody = ~select(taken.c.record_id).where(is_taken).exists(), ~select(assessments.c.id).where(went_on).exists()
    beside = (assignments.c.assessor_id, assessors.c.name, entrants.c.id, entrants.c.name)
    columns = [*(h[name] for name in ListedHandOver._fields[:8]), *beside, assignments.c.channel, assignments.c.round]
    statement = (
        select(*columns)
        .join(assignments, assignments.c.id == h.assignment_id)
        .join(assessors, assessors.c.id == h.giver_id)
        .join(entrants, entrants.c.id == assignments.c.entrant_id)
        .where(~select(newer.c.record_id).where(is_newer).exists(), or_(h.receiver_id.is_not(None), and_(*nobody)))
        .order_by(h.received_at.desc(), h.record_id)
        .limit(limit)
    )
    return [ListedHandOver(*row) for row in db.execute(statement)]


def note_decision(db: Connection, record_id: str, state: str, *, by: str, reason: str, now: datetime) -> None:
    """Note what was decided about everything that came of a record."""
    values = {"state": state, "decided_by": by, "reason": reason, "decided_at": now}
    db.execute(update(hand_overs).where(hand_overs.c.record_id == record_id).values(**values))


def forget_bodies(db: Connection, record_id: str) -> int:
    """Let go of bodies that are kept elsewhere, or whose words' time is over; return how many there were."""
    c = hand_overs.c
    return db.execute(update(hand_overs).where(c.record_id == record_id, c.body != b"").values(body=b"")).rowcount
