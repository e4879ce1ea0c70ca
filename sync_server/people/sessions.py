"""Sessions: opened by a sign-in, found by their secret, closed one by one or all at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from sync_server.database.queries import sessions, users
from sync_server.people.accounts import Account, role_of
from sync_server.people.kept_words import KeptWords
from sync_server.people.secret import secret_hash

LONGEST = timedelta(days=7)


# A session's use is noted at most this often: a page view must not cost a write.
NOTE_USE_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A living session: whose, the token its forms carry, and when its use was last noted."""

    account: Account
    secret_hash: str
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    kept_words: KeptWords | None = None
    has_second_factor: bool = False


def open_session(db: Connection, user_id: str, now: datetime, *, lasts: timedelta, replacing: str | None = None) -> str:
    """Start a session and return its secret, for the cookie. The session of secret `replacing` ends.

    It ends `lasts` after its last use.
    """
    sessions.remove_expired_sessions(db, now)
    if replacing:
        sessions.remove_session(db, secret_hash(replacing))
    secret = secrets.token_urlsafe(32)
    sessions.add_session(
        db,
        sessions.SessionRow(
            secret_hash=secret_hash(secret),
            user_id=user_id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            last_seen_at=now,
            expires_at=now + lasts,
        ),
    )
    return secret


def find_session(db: Connection, secret: str, now: datetime) -> Session | None:
    """Return the living session of a cookie's secret, or None."""
    row = sessions.session_with_user(db, secret_hash(secret), now)
    if row is None:
        return None
    account = Account(
        id=row.user_id,
        username=row.username,
        name=row.name,
        role=role_of(row.role, reads_only=row.reads_only),
        entrant_id=row.entrant_id,
        language=row.language,
    )
    return Session(
        account=account,
        secret_hash=row.secret_hash,
        csrf=row.csrf,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        kept_words=None if row.kept_words is None else msgspec.convert(row.kept_words, KeptWords),
        has_second_factor=bool(row.has_second_factor),
    )


def keep_words(db: Connection, secret: str, words: KeptWords) -> None:
    """Keep words in the session with this secret."""
    sessions.keep_words(db, secret_hash(secret), words)


def keep_words_in(db: Connection, session: Session, words: KeptWords) -> None:
    """Keep words in a living session, in place of those before."""
    sessions.keep_words(db, session.secret_hash, words)


def forget_words(db: Connection, session: Session) -> None:
    """Forget them: a form of their page was sent. A repeat changes nothing."""
    sessions.keep_words(db, session.secret_hash, None)


def note_use(db: Connection, session: Session, now: datetime, *, lasts: timedelta) -> None:
    """Let the session live for `lasts` from now, but never LONGEST after sign-in."""
    sessions.extend_session(db, session.secret_hash, now, min(now + lasts, session.created_at + LONGEST))


def close_session(db: Connection, session: Session) -> None:
    """Sign out."""
    sessions.remove_session(db, session.secret_hash)


def change_password(db: Connection, account: Account, password_hash: str, now: datetime, *, lasts: timedelta) -> str:
    """Keep the new hash, end every session of the account, and return the secret of a new one for this browser."""
    users.change_password_hash(db, account.id, password_hash)
    sessions.remove_sessions_of(db, account.id)
    return open_session(db, account.id, now, lasts=lasts)
