"""One-time codes for a new password. Who was given one has the code; the table only its SHA-256."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import password_resets


def add_reset(db: Connection, code_hash: str, user_id: str, *, created_at: datetime, expires_at: datetime) -> None:
    """Keep a new code, and end the open ones of the account before it."""
    c = password_resets.c
    earlier = update(password_resets).where(c.user_id == user_id, c.used_at.is_(None), c.expires_at > created_at)
    db.execute(earlier.values(expires_at=created_at))
    row = {"code_hash": code_hash, "user_id": user_id, "created_at": created_at, "expires_at": expires_at}
    db.execute(insert(password_resets).values(row))


def user_of_open_reset(db: Connection, code_hash: str, now: datetime) -> str | None:
    """Return whose password an unused code that has not expired is for, else None."""
    c = password_resets.c
    statement = select(c.user_id).where(c.code_hash == code_hash, c.used_at.is_(None), c.expires_at > now)
    return db.execute(statement).scalar()


def use_reset(db: Connection, code_hash: str, now: datetime) -> bool:
    """Mark the code used. True for exactly one caller, however many try at once."""
    c = password_resets.c
    statement = update(password_resets).where(c.code_hash == code_hash, c.used_at.is_(None), c.expires_at > now)
    return db.execute(statement.values(used_at=now)).rowcount == 1
