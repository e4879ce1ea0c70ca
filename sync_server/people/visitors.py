"""How often one address may answer without an account: held in memory only, and forgotten after ten minutes.

VIS-1  An address is never kept: a digest of it with a random salt is, and both go every WINDOW.
VIS-2  Within a window an address may answer `most` times; what is more waits until the window is over. A shop's own
       network answers for many customers, so that the bound is against scripts.

Each process counts for itself.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sync_server.people.throttle import place_of

WINDOW = timedelta(minutes=10)
MOST = 60
MOST_ADDRESSES = 500_000


class Visitors:
    """What each address has sent within the window. For one thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._since: datetime | None = None
        self._salt = b""
        self._counts: dict[bytes, int] = {}

    def wait_s(self, address: str, now: datetime) -> int:
        """Count one answer; return how many seconds it has to wait, in which case it is not counted. 0: none."""
        if self._since is None or not timedelta() <= now - self._since < WINDOW:
            self._since, self._salt, self._counts = now, secrets.token_bytes(32), {}
        digest = hashlib.blake2b(place_of(address).encode(), key=self._salt, digest_size=16).digest()
        count = self._counts.get(digest, 0)
        if count >= self._most:
            return max(1, round((self._since + WINDOW - now).total_seconds()))
        if count or len(self._counts) < MOST_ADDRESSES:
            self._counts[digest] = count + 1
        return 0
