"""How much one device may send in a day: a stolen token, or a phone gone mad, must not fill the disk with records.

QUO-1  Within DAY of its first record a device may send `most_bytes` of records; what is more waits until that is over.

Each process counts for itself and begins anew at its start: the bound is against thousands of times too much.
"""

from __future__ import annotations

from datetime import datetime, timedelta

DAY = timedelta(days=1)


class DayQuota:
    """What each device has sent. For one thread."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._sent: dict[str, tuple[datetime, int]] = {}  # since when, and how many bytes

    def wait_s(self, device_id: str, size_bytes: int, now: datetime) -> int:
        """Count a record; return how many seconds it has to wait, in which case it is not counted. 0: none."""
        since, sent = self._sent.get(device_id, (now, 0))
        if not timedelta() <= now - since < DAY:
            since, sent = now, 0
        if sent + size_bytes > self._most_bytes:
            return max(1, round((since + DAY - now).total_seconds()))
        self._sent[device_id] = since, sent + size_bytes
        return 0
