"""Proposals beside what is handed in: drafts, reopened deadlines, points from outside the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from sync_server.database.queries.hand_ins import HandInRow
from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import hand_ins, proposal_drafts, proposal_outside, proposal_reopenings


class DraftRow(NamedTuple):
    """What was typed last."""

    hand_in_id: str
    body: Mapping[str, str]
    saved_at: datetime


class ReopeningRow(NamedTuple):
    """A deadline moved for one proposal, with why."""

    hand_in_id: str
    until: datetime
    reason: str
    decided_by: str
    decided_at: datetime


class OutsideRow(NamedTuple):
    """Points from outside the template, by the organiser's own line."""

    hand_in_id: str
    line: str
    points: str
    entered_by: str
    entered_at: datetime


def keep_draft(db: Connection, row: DraftRow) -> None:
    """Keep a draft in the place of the one before."""
    changed = ["body", "saved_at"]
    values = {**row._asdict(), "body": dict(row.body)}
    db.execute(insert_or_update(db, proposal_drafts, ["hand_in_id"], changed).values(**values))


def draft_of(db: Connection, hand_in_id: str) -> DraftRow | None:
    """Return the draft of a proposal, or None."""
    columns = [proposal_drafts.c[name] for name in DraftRow._fields]
    row = db.execute(select(*columns).where(proposal_drafts.c.hand_in_id == hand_in_id)).first()
    return DraftRow(*row) if row else None


def proposal_rows(db: Connection) -> Sequence[HandInRow]:
    """Return every proposal that was begun, the oldest first."""
    columns = [hand_ins.c[name] for name in HandInRow._fields]
    statement = select(*columns).where(hand_ins.c.kind == "proposal").order_by(hand_ins.c.begun_at, hand_ins.c.id)
    return [HandInRow(*row) for row in db.execute(statement)]


def add_reopening(db: Connection, row: ReopeningRow) -> None:
    """Append a moved deadline."""
    db.execute(insert(proposal_reopenings).values(**row._asdict()))


def reopenings_of(db: Connection, hand_in_id: str) -> Sequence[ReopeningRow]:
    """Return the moved deadlines of a proposal, the newest first."""
    columns = [proposal_reopenings.c[name] for name in ReopeningRow._fields]
    statement = select(*columns).where(proposal_reopenings.c.hand_in_id == hand_in_id)
    return [ReopeningRow(*row) for row in db.execute(statement.order_by(proposal_reopenings.c.id.desc()))]


def keep_outside(db: Connection, row: OutsideRow) -> None:
    """Keep the points of a line in the place of those before."""
    changed = ["points", "entered_by", "entered_at"]
    db.execute(insert_or_update(db, proposal_outside, ["hand_in_id", "line"], changed).values(**row._asdict()))


def outside_of(db: Connection, hand_in_id: str) -> Sequence[OutsideRow]:
    """Return the points of a proposal from outside the template."""
    columns = [proposal_outside.c[name] for name in OutsideRow._fields]
    statement = select(*columns).where(proposal_outside.c.hand_in_id == hand_in_id).order_by(proposal_outside.c.line)
    return [OutsideRow(*row) for row in db.execute(statement)]
