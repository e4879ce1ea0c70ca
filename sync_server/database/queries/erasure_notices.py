"""What is announced before the first erasure of a season: one notice, until somebody confirms it or nothing is due."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.database.tables import erasure_notices


class Amount(NamedTuple):
    """How much is due, and when the first of it is: files, and assessments whose words go."""

    due_at: datetime
    files: int
    assessments: int


class NoticeRow(NamedTuple):
    """One notice. `confirmed_at` None: nobody has confirmed it."""

    id: int
    announced_at: datetime
    due_at: datetime
    files: int
    assessments: int
    confirmed_at: datetime | None


def newest_notice(db: Connection) -> NoticeRow | None:
    """Return the notice in force."""
    c = erasure_notices.c
    statement = select(c.id, c.announced_at, c.due_at, c.files, c.assessments, c.confirmed_at)
    row = db.execute(statement.order_by(c.id.desc()).limit(1)).first()
    return None if row is None else NoticeRow(*row)


def add_notice(db: Connection, amount: Amount, announced_at: datetime) -> None:
    """Announce."""
    db.execute(insert(erasure_notices).values(announced_at=announced_at, **amount._asdict()))


def renew_notice(db: Connection, notice_id: int, amount: Amount) -> None:
    """Say how much it is by now, while nobody has confirmed it."""
    c = erasure_notices.c
    statement = update(erasure_notices).where(c.id == notice_id, c.confirmed_at.is_(None))
    db.execute(statement.values(amount._asdict()))


def withdraw_notice(db: Connection, notice_id: int) -> None:
    """Take back a notice that nobody has confirmed: nothing is due any more."""
    c = erasure_notices.c
    db.execute(delete(erasure_notices).where(c.id == notice_id, c.confirmed_at.is_(None)))


def confirm_notice(db: Connection, notice_id: int, user_id: str, now: datetime) -> bool:
    """Keep who confirmed it. True if nobody had."""
    c = erasure_notices.c
    statement = update(erasure_notices).where(c.id == notice_id, c.confirmed_at.is_(None))
    return db.execute(statement.values(confirmed_at=now, confirmed_by=user_id)).rowcount == 1
