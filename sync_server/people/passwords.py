"""Passwords: argon2id hashes, and the one rule of what a password must be.

PASS-1  At least 12 characters and at most 256; nothing else is required, but that it is not the user name.
PASS-2  Checking an unknown user name takes as long as checking a known one.
"""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from checklists.language import N_, Sentence, sentence

MIN_CHARS = 12
MAX_CHARS = 256

# OWASP's second profile: 19 MiB, two passes. Enough to be slow for a thief and quick for a coordinator.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def problem_with(password: str, username: str) -> Sentence | None:
    """Return what is wrong with a new password, or None."""
    if len(password) < MIN_CHARS:
        return sentence(
            N_("Use at least {count} characters. A few unrelated words are easy to remember."), count=MIN_CHARS
        )
    if len(password) > MAX_CHARS:
        return sentence(N_("Use at most {count} characters."), count=MAX_CHARS)
    if password.casefold() == username.casefold():
        return sentence(N_("The password must not be the user name."))
    return None


def hashed(password: str) -> str:
    """Return the argon2id hash to keep. Never the same twice."""
    return _HASHER.hash(password)


def matches(password: str, kept_hash: str | None) -> bool:
    """Say whether `password` is the one `kept_hash` was made of. None (no such account) costs the same time."""
    try:
        return _HASHER.verify(kept_hash or _nobody(), password[: MAX_CHARS + 1]) and kept_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept_hash: str) -> bool:
    """Say whether the hash was made with weaker settings than today's, and is to be replaced at sign-in."""
    return _HASHER.check_needs_rehash(kept_hash)


def generated() -> str:
    """Return a new random password of about 95 bits, easy to type."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))
