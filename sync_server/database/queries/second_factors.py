"""Second factors of accounts, and sign-ins that wait for a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import pending_sign_ins, second_factors, users


class FactorRow(NamedTuple):
    """One second factor. `confirmed_at` None: it does not count yet. `recovery` holds hashes."""

    secret: str
    confirmed_at: datetime | None
    last_step: int
    recovery: Sequence[str]


def factor_of(db: Connection, user_id: str) -> FactorRow | None:
    """Return the second factor of an account, or None."""
    c = second_factors.c
    row = db.execute(select(c.secret, c.confirmed_at, c.last_step, c.recovery).where(c.user_id == user_id)).first()
    return FactorRow(*row) if row else None


def has_factor(db: Connection, user_id: str) -> bool:
    """Say whether a second factor of the account counts."""
    row = factor_of(db, user_id)
    return row is not None and row.confirmed_at is not None


def with_factor(db: Connection) -> frozenset[str]:
    """Return the accounts that have one."""
    c = second_factors.c
    return frozenset(db.execute(select(c.user_id).where(c.confirmed_at.is_not(None))).scalars())


def keep_unconfirmed(db: Connection, user_id: str, secret: str, now: datetime) -> None:
    """Keep a secret that does not count yet, over another such; one that counts stays."""
    c = second_factors.c
    db.execute(delete(second_factors).where(c.user_id == user_id, c.confirmed_at.is_(None)))
    statement = insert_or_update(db, second_factors, ["user_id"], ["user_id"])
    db.execute(statement.values(user_id=user_id, secret=secret, last_step=0, recovery=[], created_at=now))


def confirm(db: Connection, user_id: str, step: int, recovery: Sequence[str], now: datetime) -> None:
    """Let it count."""
    values = {"confirmed_at": now, "last_step": step, "recovery": list(recovery)}
    db.execute(update(second_factors).where(second_factors.c.user_id == user_id).values(**values))


def use_step(db: Connection, user_id: str, step: int) -> None:
    """Note the half minute whose code was used."""
    db.execute(update(second_factors).where(second_factors.c.user_id == user_id).values(last_step=step))


def keep_recovery(db: Connection, user_id: str, recovery: Sequence[str]) -> None:
    """Keep the recovery codes that are left."""
    db.execute(update(second_factors).where(second_factors.c.user_id == user_id).values(recovery=list(recovery)))


def remove(db: Connection, user_id: str) -> bool:
    """Take the second factor off. True if there was one."""
    return db.execute(delete(second_factors).where(second_factors.c.user_id == user_id)).rowcount > 0


def add_pending(db: Connection, secret: str, user_id: str, now: datetime, expires_at: datetime) -> None:
    """Keep a sign-in that waits for its code; those whose time is over go."""
    db.execute(delete(pending_sign_ins).where(pending_sign_ins.c.expires_at <= now))
    db.execute(insert(pending_sign_ins).values(secret_hash=secret, user_id=user_id, expires_at=expires_at))


def pending_user(db: Connection, secret: str, now: datetime) -> str | None:
    """Return the user name of whose sign-in waits for its code under a secret; None once its time is over."""
    c = pending_sign_ins.c
    statement = select(users.c.username).join(pending_sign_ins, c.user_id == users.c.id)
    return db.execute(
        statement.where(c.secret_hash == secret, c.expires_at > now, users.c.disabled_at.is_(None))
    ).scalar()


def end_pending(db: Connection, secret: str) -> None:
    """End it: the code was right. A repeat changes nothing."""
    db.execute(delete(pending_sign_ins).where(pending_sign_ins.c.secret_hash == secret))
