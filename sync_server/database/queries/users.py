"""Accounts of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, update

from sync_server.database.tables import entrants, users


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """One account. `username` is kept in lower case; `disabled_at` None: it may sign in."""

    id: str
    username: str
    name: str
    password_hash: str
    role: str
    entrant_id: str | None
    language: str
    created_at: datetime
    disabled_at: datetime | None = None
    reads_only: bool = False


class ListedUser(NamedTuple):
    """One account as the list shows it; `entrant_name` (bilingual) where it is an entrant's."""

    id: str
    username: str
    name: str
    role: str
    created_at: datetime
    disabled_at: datetime | None
    entrant_name: Mapping[str, str] | None
    reads_only: bool


def add_user(db: Connection, row: UserRow) -> None:
    """Keep a new account. Fails on a username already taken (unique constraint)."""
    db.execute(insert(users).values(**asdict(row)))


def user_named(db: Connection, username: str) -> UserRow | None:
    """Return the account of `username` in any case, disabled ones too, or None."""
    return _one(db.execute(select(users).where(users.c.username == username.strip().lower())).first())


def user_of_id(db: Connection, user_id: str) -> UserRow | None:
    """Return the account, or None."""
    return _one(db.execute(select(users).where(users.c.id == user_id)).first())


def list_users(db: Connection) -> Sequence[ListedUser]:
    """Return every account by role and name."""
    u = users.c
    statement = (
        select(u.id, u.username, u.name, u.role, u.created_at, u.disabled_at, entrants.c.name, u.reads_only)
        .select_from(users.outerjoin(entrants, users.c.entrant_id == entrants.c.id))
        .order_by(users.c.role, users.c.name)
    )
    return [ListedUser(*row) for row in db.execute(statement)]


def names_of_users(db: Connection) -> Mapping[str, str]:
    """Return the names of all accounts, by id."""
    return {row.id: row.name for row in db.execute(select(users.c.id, users.c.name))}


def office_rows(db: Connection) -> Sequence[UserRow]:
    """Return every account that may sign in and is no entrant's, by username."""
    statement = select(users).where(users.c.entrant_id.is_(None), users.c.disabled_at.is_(None))
    return [UserRow(**row) for row in db.execute(statement.order_by(users.c.username)).mappings()]


def has_users(db: Connection) -> bool:
    """Say whether anybody has an account yet."""
    return db.execute(select(users.c.id).limit(1)).first() is not None


def count_working_admins(db: Connection) -> int:
    """Return how many administrators may sign in: the last one may not be disabled."""
    statement = select(func.count()).where(users.c.role == "admin", users.c.disabled_at.is_(None))
    return db.execute(statement).scalar_one()


def change_password_hash(db: Connection, user_id: str, password_hash: str) -> None:
    """Keep another hash for the account."""
    db.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))


def change_language(db: Connection, user_id: str, language: str) -> None:
    """Keep the language in which the account reads the dashboard."""
    db.execute(update(users).where(users.c.id == user_id).values(language=language))


def change_disabled(db: Connection, user_id: str, disabled_at: datetime | None) -> None:
    """Disable the account from `disabled_at`, or let it sign in again with None."""
    db.execute(update(users).where(users.c.id == user_id).values(disabled_at=disabled_at))


def _one(row: Row[*tuple[Any, ...]] | None) -> UserRow | None:
    return None if row is None else UserRow(**row._mapping)  # noqa: SLF001 - the documented mapping of a row
