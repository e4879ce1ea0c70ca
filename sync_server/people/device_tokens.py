"""Which device holds this token? Tokens are random, kept as SHA-256, and end when the device is revoked.

An answer is remembered for STALE_S seconds, so a revocation in another process counts after at most that long, and one
in this process at once (`forget`).
"""

from __future__ import annotations

import hashlib
import secrets

from sync_server.clock import monotonic_s
from sync_server.database.engine import Database
from sync_server.database.queries.devices import DeviceRow, device_by_token

STALE_S = 2.0
MOST = 10_000
SCHEME = "bearer "


def new_token() -> str:
    """Return a fresh token: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token: random secrets need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class DeviceKeys:
    """Devices by token."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: dict[str, tuple[float, DeviceRow | None]] = {}

    def device_of(self, authorization: str) -> DeviceRow | None:
        """Return the device an Authorization header speaks for, or None."""
        if authorization[: len(SCHEME)].lower() != SCHEME:
            return None
        name = token_hash(authorization[len(SCHEME) :])
        now = monotonic_s()
        remembered = self._remembered.get(name)
        if remembered is not None and now - remembered[0] < STALE_S:
            return remembered[1]
        if len(self._remembered) >= MOST:
            self._remembered.clear()
        with self._database.reading() as db:
            device = device_by_token(db, name)
        self._remembered[name] = now, device
        return device

    def forget(self) -> None:
        """Look every token up again: one was issued or revoked."""
        self._remembered.clear()
