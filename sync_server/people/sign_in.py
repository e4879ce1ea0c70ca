"""Sign-in, sessions and invitations of dashboard accounts. Every function works on the caller's transaction.

AUTH-1  A sign-in is counted as failed before its password is checked and taken back when it was right, so that many at
        once are slowed like many in a row.
AUTH-2  A session is a random secret in a cookie, and its SHA-256 here. It ends when it was not used for the hours that
        are set, and LONGEST after sign-in; signing in always makes a new one; a new password ends all others.
AUTH-3  An invitation makes one account, once, before it expires. The first administrator's works only while there is
        no account at all.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checklists.language import Language
from sync_server.database.queries import invitations, sessions, sign_in_throttles, users
from sync_server.people import passwords, throttle
from sync_server.people.permissions import Role

LONGEST = timedelta(days=7)
# A session's use is noted at most this often: a page view must not cost a write.
NOTE_USE_EVERY = timedelta(minutes=5)
INVITATION_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in. `entrant_id` is set exactly for the role entrant."""

    id: str
    username: str
    name: str
    role: Role
    entrant_id: str | None
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A living session: whose, the token its forms carry, and when its use was last noted."""

    account: Account
    secret_hash: str
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def secret_hash(secret: str) -> str:
    """Return what is kept of a secret: random secrets need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def reserve_try(db: Connection, username: str, address: str, now: datetime) -> timedelta:
    """Count a try of `username` from `address` as failed, unless it must wait; return the wait (0: it may be checked).

    Call `succeed` when the password was right.
    """
    since = now - throttle.WINDOW
    counters = _counters(username, address)
    waits = (
        throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, limit) for name, limit in counters
    )
    wait = max(waits)
    if not wait:
        for name, _ in counters:
            sign_in_throttles.count_failure(db, name, now, since)
    return wait


def password_is_right(user: users.UserRow | None, password: str) -> bool:
    """Check the password in constant effort. False for no account and for a disabled one."""
    kept = user.password_hash if user is not None and user.disabled_at is None else None
    return passwords.matches(password, kept)


def succeed(db: Connection, username: str, address: str) -> None:
    """Take back what `reserve_try` counted (THR-4)."""
    pair, account, for_address = (name for name, _ in _counters(username, address))
    sign_in_throttles.forget_failures(db, pair)
    sign_in_throttles.forget_failures(db, account)
    sign_in_throttles.take_back_failure(db, for_address)


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
        role=Role(row.role),
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
    )


def note_use(db: Connection, session: Session, now: datetime, *, lasts: timedelta) -> None:
    """Let the session live for `lasts` from now, but never LONGEST after sign-in."""
    sessions.extend_session(db, session.secret_hash, now, min(now + lasts, session.created_at + LONGEST))


def close_session(db: Connection, session: Session) -> None:
    """Sign out."""
    sessions.remove_session(db, session.secret_hash)


def change_password(db: Connection, account: Account, password_hash: str, now: datetime, *, lasts: timedelta) -> str:
    """Keep the new hash, end every session of the account, and return the secret of a new one for this browser."""
    users.change_password(db, account.id, password_hash)
    sessions.remove_sessions_of(db, account.id)
    return open_session(db, account.id, now, lasts=lasts)


def invite(db: Connection, role: Role, now: datetime, *, entrant_id: str | None = None) -> str:
    """Make an invitation and return its code, shown once. `role` entrant needs an `entrant_id`."""
    code = secrets.token_urlsafe(24)
    invitations.add_invitation(
        db,
        secret_hash(code),
        role=role.value,
        entrant_id=entrant_id,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    return code


def first_administrator_link(db: Connection, now: datetime, base_url: str) -> str | None:
    """Return the one-time address that makes the first administrator, or None once anybody has an account.

    A repeat ends the link before it.
    """
    if users.has_users(db):
        return None
    invitations.end_open_invitations(db, Role.ADMIN.value, now)
    return invitation_link(base_url, invite(db, Role.ADMIN, now))


def invitation_link(base_url: str, code: str) -> str:
    """Return the address an invited person opens."""
    return f"{base_url.rstrip('/')}/invitation/{code}"


def accept_invitation(
    db: Connection, code: str, *, username: str, name: str, password_hash: str, language: Language, now: datetime
) -> users.UserRow | None:
    """Make the account an invitation promises; None when the invitation is used, expired or unknown."""
    invitation = invitations.open_invitation(db, secret_hash(code), now)
    if invitation is None or not invitations.use_invitation(db, secret_hash(code), now):
        return None
    return add_account(
        db,
        username=username,
        name=name,
        role=Role(invitation.role),
        entrant_id=invitation.entrant_id,
        password_hash=password_hash,
        language=language,
        now=now,
    )


def add_account(
    db: Connection,
    *,
    username: str,
    name: str,
    role: Role,
    password_hash: str,
    now: datetime,
    entrant_id: str | None = None,
    language: Language = "en",
) -> users.UserRow:
    """Make an account. The username is kept in lower case and must be free."""
    row = users.UserRow(
        id=str(uuid.uuid4()),
        username=username.strip().lower(),
        name=name.strip() or username.strip(),
        password_hash=password_hash,
        role=role.value,
        entrant_id=entrant_id,
        language=language,
        created_at=now,
    )
    users.add_user(db, row)
    return row


def _counters(username: str, address: str) -> tuple[tuple[str, throttle.Limit], ...]:
    account, place = username.strip().lower(), throttle.place_of(address)
    return (
        (secret_hash(f"pair {place} {account}"), throttle.PAIR),
        (secret_hash(f"account {account}"), throttle.ACCOUNT),
        (secret_hash(f"address {place}"), throttle.ADDRESS),
    )
