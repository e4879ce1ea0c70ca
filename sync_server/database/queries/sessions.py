"""Sessions of the dashboard. The cookie holds the secret; the table only its SHA-256."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from checklists.language import Language
from sync_server.database.tables import second_factors, sessions, users


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One signed-in browser."""

    secret_hash: str
    user_id: str
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class SessionWithUser(NamedTuple):
    """A living session and its account."""

    secret_hash: str
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_id: str
    username: str
    name: str
    role: str
    reads_only: bool
    entrant_id: str | None
    language: Language
    kept_words: object | None
    has_second_factor: bool


def add_session(db: Connection, row: SessionRow) -> None:
    """Keep a new session."""
    db.execute(insert(sessions).values(**asdict(row)))


def session_with_user(db: Connection, secret_hash: str, now: datetime) -> SessionWithUser | None:
    """Return the living session with its account, or None: also when it expired or the account was disabled."""
    statement = (
        select(
            sessions.c.secret_hash,
            sessions.c.csrf,
            sessions.c.created_at,
            sessions.c.last_seen_at,
            sessions.c.expires_at,
            users.c.id,
            users.c.username,
            users.c.name,
            users.c.role,
            users.c.reads_only,
            users.c.entrant_id,
            users.c.language,
            sessions.c.kept_words,
            second_factors.c.confirmed_at.is_not(None),
        )
        .join_from(sessions, users, sessions.c.user_id == users.c.id)
        .join(second_factors, second_factors.c.user_id == users.c.id, isouter=True)
        .where(sessions.c.secret_hash == secret_hash, sessions.c.expires_at > now, users.c.disabled_at.is_(None))
    )
    row = db.execute(statement).first()
    return SessionWithUser._make(row) if row else None


def extend_session(db: Connection, secret_hash: str, seen_at: datetime, expires_at: datetime) -> None:
    """Note that the session was used at `seen_at`, and let it live until `expires_at`."""
    statement = update(sessions).where(sessions.c.secret_hash == secret_hash)
    db.execute(statement.values(last_seen_at=seen_at, expires_at=expires_at))


def keep_words(db: Connection, secret_hash: str, words: object | None) -> None:
    """Keep what was typed when the session before this one ended; None forgets it."""
    db.execute(update(sessions).where(sessions.c.secret_hash == secret_hash).values(kept_words=words))


def remove_session(db: Connection, secret_hash: str) -> None:
    """Forget one session. A repeat changes nothing."""
    db.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash))


def remove_sessions_of(db: Connection, user_id: str) -> None:
    """Forget every session of an account: its password changed, or it was disabled."""
    db.execute(delete(sessions).where(sessions.c.user_id == user_id))


def remove_expired_sessions(db: Connection, now: datetime) -> None:
    """Forget the sessions that ended by themselves."""
    db.execute(delete(sessions).where(sessions.c.expires_at <= now))
