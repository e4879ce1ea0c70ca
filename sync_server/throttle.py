"""How long must the next sign-in wait? Longer after each failure; nobody is locked out by somebody else's failures.

THR-1  Each failure is counted three times: for the account from that address, for the account, for the address.
THR-2  A counter's first `free` failures within WINDOW cost nothing; each further one doubles the wait from one second
       up to `longest`.
THR-3  The pair is strict. The account alone waits seconds at most, so that a stranger who types wrong passwords cannot
       keep its owner out; the address alone a minute at most, so that one person cannot shut out an office.
THR-4  A success forgets the failures of the account, and of the account from that address.

Pure: the caller counts failures and gives times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How one counter slows sign-in down."""

    free: int
    longest: timedelta


PAIR = Limit(free=3, longest=timedelta(minutes=5))
ACCOUNT = Limit(free=10, longest=timedelta(seconds=4))
ADDRESS = Limit(free=20, longest=timedelta(minutes=1))


def wait_after(failures: int, last_at: datetime | None, now: datetime, limit: Limit) -> timedelta:
    """Return how long the next try must still wait, given `failures` within WINDOW, the last at `last_at`."""
    if last_at is None or failures < limit.free:
        return timedelta(0)
    doubled = timedelta(seconds=2 ** min(failures - limit.free, 20))
    return max(timedelta(0), last_at + min(doubled, limit.longest) - now)
