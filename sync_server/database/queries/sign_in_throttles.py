"""Failed sign-ins, counted per account and per address under a hash of the name: no address is kept as such."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.database.tables import sign_in_throttles


def failures_of(db: Connection, name: str, since: datetime) -> tuple[int, datetime | None]:
    """Return how often `name` failed and when last, or (0, None) when the last failure was before `since`."""
    statement = select(sign_in_throttles.c.failures, sign_in_throttles.c.last_failed_at).where(
        sign_in_throttles.c.name == name, sign_in_throttles.c.last_failed_at >= since
    )
    row = db.execute(statement).first()
    return (0, None) if row is None else (row.failures, row.last_failed_at)


def bring_back_failures(db: Connection, names: Sequence[str], now: datetime) -> None:
    """Let failures that the clock, put back since, has in the future be of `now`; only so do they ever pass."""
    c = sign_in_throttles.c
    db.execute(update(sign_in_throttles).where(c.name.in_(names), c.last_failed_at > now).values(last_failed_at=now))


def count_failure(db: Connection, name: str, at: datetime, since: datetime) -> None:
    """Count one failure of `name`; failures that ended before `since` are forgotten."""
    db.execute(
        delete(sign_in_throttles).where(sign_in_throttles.c.name == name, sign_in_throttles.c.last_failed_at < since)
    )
    statement = update(sign_in_throttles).where(sign_in_throttles.c.name == name)
    counted = db.execute(statement.values(failures=sign_in_throttles.c.failures + 1, last_failed_at=at))
    if counted.rowcount == 0:
        db.execute(insert(sign_in_throttles).values(name=name, failures=1, last_failed_at=at))


def forget_failures(db: Connection, name: str) -> None:
    """Forget the failures of `name`: it signed in."""
    db.execute(delete(sign_in_throttles).where(sign_in_throttles.c.name == name))


def take_back_failure(db: Connection, name: str) -> None:
    """Undo one count of `name`: that try turned out right."""
    statement = update(sign_in_throttles).where(sign_in_throttles.c.name == name, sign_in_throttles.c.failures > 0)
    db.execute(statement.values(failures=sign_in_throttles.c.failures - 1))
