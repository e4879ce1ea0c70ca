"""Sign-in, sessions and invitations of dashboard accounts. Every function works on the caller's transaction.

AUTH-1  A sign-in is counted as failed before its password is checked and taken back when it was right, so that many at
        once are slowed like many in a row.
AUTH-2  A session is a random secret in a cookie, and its SHA-256 here. It ends when it was not used for the hours that
        are set, and LONGEST after sign-in; signing in always makes a new one; a new password ends all others.
AUTH-3  An invitation makes one account, once, before it expires. The first administrator's works only while there is
        no account at all.
AUTH-4  Nothing is said of user names, and no password is hashed, for an invitation that is not open; and for one that
        is, an address is slowed down as it is at signing in (THR-3).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from sync_server.database.queries import sign_in_throttles, users
from sync_server.people import passwords, throttle
from sync_server.people.secret import secret_hash


def reserve_try(db: Connection, username: str, address: str, now: datetime) -> timedelta:
    """Count a try of `username` from `address` as failed, unless it must wait; return the wait (0: it may be checked).

    Call `succeed` when the password was right.
    """
    since = now - throttle.WINDOW
    counters = _counters(username, address)
    sign_in_throttles.bring_back_failures(db, [name for name, _ in counters], now)
    waits = (
        throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, limit) for name, limit in counters
    )
    wait = max(waits)
    if not wait:
        for name, _ in counters:
            sign_in_throttles.count_failure(db, name, now, since)
    return wait


def reserve_acceptance(db: Connection, address: str, now: datetime) -> timedelta:
    """Count a try of `address` to accept an invitation, unless it must wait; return the wait (0: it may go on)."""
    name, since = secret_hash(f"invitation {throttle.place_of(address)}"), now - throttle.WINDOW
    sign_in_throttles.bring_back_failures(db, [name], now)
    wait = throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, throttle.ADDRESS)
    if not wait:
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


def _counters(username: str, address: str) -> tuple[tuple[str, throttle.Limit], ...]:
    account, place = username.strip().lower(), throttle.place_of(address)
    return (
        (secret_hash(f"pair {place} {account}"), throttle.PAIR),
        (secret_hash(f"account {account}"), throttle.ACCOUNT),
        (secret_hash(f"address {place}"), throttle.ADDRESS),
    )
