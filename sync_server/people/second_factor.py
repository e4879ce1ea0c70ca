"""The second factor of an account: six digits from an app (TOTP, RFC 6238) after the password, or a recovery code.

TFA-1  A secret is random (160 bits), shown until a code of it is typed, and kept as it is, for codes are worked out of
       it; it is in no log, no address, no export.
TFA-2  A code holds for its half minute and the one before and after, and works once.
TFA-3  Ten recovery codes are shown once and kept as hashes; each works once, in the place of a code.
TFA-4  Between the password and the code nothing is open but the question for the code, for five minutes. Wrong codes
       are counted and slowed down as wrong passwords are (THR).
TFA-5  An account of a role that must have one opens nothing else before it has.
TFA-6  Whoever has it takes it off with a code; for whoever lost everything an administrator does, or the command.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import Connection

from sync_server.database.queries import second_factors as queries
from sync_server.people.secret import secret_hash

SECRET_BYTES, DIGITS, STEP_S, AROUND = 20, 6, 30, 1
RECOVERY_CODES, RECOVERY_CHARS = 10, 10
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L
PENDING_LASTS = timedelta(minutes=5)


def begin(db: Connection, user_id: str, now: datetime) -> str:
    """Make a secret for an account that has no second factor yet, in place of one that was never confirmed.

    Returns it as an app takes it, in base 32.
    """
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    queries.keep_unconfirmed(db, user_id, secret, now)
    return secret


def address_of(secret: str, username: str, issuer: str) -> str:
    """Return what a QR code holds, for an app to take the secret."""
    name = quote(f"{issuer}:{username}", safe="")
    return f"otpauth://totp/{name}?secret={secret}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={STEP_S}"


def confirm(db: Connection, user_id: str, code: str, now: datetime) -> list[str] | None:
    """Let the second factor count from now on, and return its recovery codes, this once; None: the code is wrong."""
    row = queries.factor_of(db, user_id)
    step = None if row is None or row.confirmed_at is not None else _step_of(row.secret, code, now, row.last_step)
    if step is None:
        return None
    codes = ["".join(secrets.choice(LETTERS) for _ in range(RECOVERY_CHARS)) for _ in range(RECOVERY_CODES)]
    queries.confirm(db, user_id, step, [secret_hash(code) for code in codes], now)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def is_right(db: Connection, user_id: str, code: str, now: datetime) -> bool:
    """Say whether a code, or a recovery code, is right, and use it up. Inside a write transaction."""
    row = queries.factor_of(db, user_id)
    if row is None or row.confirmed_at is None:
        return False
    step = _step_of(row.secret, code, now, row.last_step)
    if step is not None:
        queries.use_step(db, user_id, step)
        return True
    plain = secret_hash("".join(letter for letter in code.upper() if letter in LETTERS))
    if plain not in row.recovery:
        return False
    queries.keep_recovery(db, user_id, [one for one in row.recovery if one != plain])
    return True


def ask_for_code(db: Connection, user_id: str, now: datetime) -> str:
    """Keep that somebody gave the right password, and return the secret with which the code is sent."""
    secret = secrets.token_urlsafe(32)
    queries.add_pending(db, secret_hash(secret), user_id, now, now + PENDING_LASTS)
    return secret


def code_at(secret: str, now: datetime) -> str:
    """Return the code of a moment, as an app shows it."""
    return _code(secret, int(now.timestamp()) // STEP_S)


def _step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return which half minute the code is of, if it is right and later than the last one used (TFA-2)."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    present = int(now.timestamp()) // STEP_S
    steps = range(present - AROUND, present + AROUND + 1)
    right = [step for step in steps if step > last_step and hmac.compare_digest(_code(secret, step), typed)]
    return min(right, default=None)


def _code(secret: str, step: int) -> str:
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415 - large, and not everybody has a second factor
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP  # noqa: PLC0415 - as above

    # SHA-1 is what every app works with; nothing rests on collisions here.
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(step).decode()  # noqa: S303
