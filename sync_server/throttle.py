"""How long must the next sign-in wait? Longer after each failure, per account and per address; nobody is locked out.

THR-1  The first FREE_FAILURES failures within WINDOW cost nothing.
THR-2  Each further one doubles the wait, from one second up to MAX_WAIT.
THR-3  Failures of one account from elsewhere slow that account to ACCOUNT_MAX_WAIT at most, so that a stranger
       who types wrong passwords cannot keep its owner out; failures of one address slow that address fully.
THR-4  A success forgets the failures of that account from that address.

Pure: the caller counts failures and gives times.
"""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
FREE_FAILURES = 3
MAX_WAIT = timedelta(minutes=5)
ACCOUNT_MAX_WAIT = timedelta(seconds=4)


def wait_after(failures: int, last_at: datetime | None, now: datetime, longest: timedelta) -> timedelta:
    """Return how long the next try must still wait, given `failures` within WINDOW, the last at `last_at`."""
    if last_at is None or failures < FREE_FAILURES:
        return timedelta(0)
    doubled = timedelta(seconds=2 ** min(failures - FREE_FAILURES, 20))
    return max(timedelta(0), last_at + min(doubled, longest) - now)


def next_try_waits(
    by_account: tuple[int, datetime | None], by_address: tuple[int, datetime | None], now: datetime
) -> timedelta:
    """Return the longer of what the account and the address must wait; each is (failures, last failure)."""
    return max(wait_after(*by_account, now, ACCOUNT_MAX_WAIT), wait_after(*by_address, now, MAX_WAIT))
