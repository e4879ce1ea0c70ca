"""A new password for whoever forgot the old one: by a one-time code from an administrator, or from the server's owner.

RST-1  A code is random and kept as its hash. It works once, within RESET_LASTS, and a newer one ends it.
RST-2  With it the password changes and every session of the account ends. An account that is disabled stays so,
       unless the server's owner lets it in again by the command.
RST-3  An address that tries many codes that are not good is slowed down like one that tries enrolment codes (THR-5).
RST-4  A code is in no address that a server or a proxy reads: it stands behind the `#`, which browsers keep.
"""

from __future__ import annotations

import math
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sync_server.database.queries import password_resets, sessions, sign_in_throttles, users
from sync_server.people import throttle
from sync_server.people.secret import secret_hash

RESET_LASTS = timedelta(hours=24)


def issue(db: Connection, user_id: str, now: datetime) -> str | None:
    """Make a code for the account and return it, to be shown once; None when there is no such account."""
    if users.user_of_id(db, user_id) is None:
        return None
    code = secrets.token_urlsafe(24)
    password_resets.add_reset(db, secret_hash(code), user_id, created_at=now, expires_at=now + RESET_LASTS)
    return code


def reset_link(base_url: str, code: str) -> str:
    """Return the address to give to whoever forgot the password (RST-4)."""
    return f"{base_url.rstrip('/')}/reset#{code}"


def user_of(db: Connection, code: str, now: datetime) -> users.UserRow | None:
    """Return the account a code is good for: it is neither used nor over, and the account not disabled."""
    user_id = password_resets.user_of_open_reset(db, secret_hash(code), now)
    user = None if user_id is None else users.user_of_id(db, user_id)
    return user if user is not None and user.disabled_at is None else None


def reserve_try(db: Connection, address: str, now: datetime) -> int:
    """Count a code from `address` as not good, unless it must wait; return the seconds (0: it may be tried)."""
    name, since = _counter(address), now - throttle.ENROLMENT_WINDOW
    wait = throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, throttle.ENROLMENT)
    if not wait:
        sign_in_throttles.count_failure(db, name, now, since)
    return math.ceil(wait.total_seconds())


def use(db: Connection, code: str, password_hash: str, now: datetime, *, address: str) -> users.UserRow | None:
    """Keep the new password, end the sessions of the account and return it; None when the code is not good (any more).

    Takes back what `reserve_try` counted.
    """
    user = user_of(db, code, now)
    if user is None or not password_resets.use_reset(db, secret_hash(code), now):
        return None
    sign_in_throttles.take_back_failure(db, _counter(address))
    users.change_password_hash(db, user.id, password_hash)
    sessions.remove_sessions_of(db, user.id)
    return user


def _counter(address: str) -> str:
    return secret_hash(f"password-reset {throttle.place_of(address)}")
