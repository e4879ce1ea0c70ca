"""How long to wait after a failure. Pure: the caller supplies chance and time."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_S = 4
LONGEST_S = 900


def wait_s(failures: int, *, jitter: int) -> int:
    """Return the seconds to wait after `failures` in a row (from 1): doubling, half of it by `jitter` (0..1000).

    Phones that lost the same server at the same moment do not all come back at the same moment.
    """
    whole = min(LONGEST_S, FIRST_S << min(failures - 1, 20))
    return whole // 2 + (whole - whole // 2) * jitter // 1000


def next_try(now: datetime, failures: int, *, jitter: int, asked_s: int | None = None) -> datetime:
    """Return when to try again; never before the server asked for, and never later than LONGEST_S from now."""
    return now + timedelta(seconds=min(LONGEST_S, max(wait_s(failures, jitter=jitter), asked_s or 0)))
