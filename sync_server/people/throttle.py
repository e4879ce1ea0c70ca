"""How long must the next sign-in or enrolment wait? Longer after each failure; nobody is locked out by somebody else's.

THR-1  Each failure is counted three times: for the account from that address, for the account, for the address.
THR-2  A counter's first `free` failures within WINDOW cost nothing; each further one doubles the wait from one second
       up to `longest`.
THR-3  The pair is strict. The account alone waits seconds at most, so that a stranger who types wrong passwords cannot
       keep its owner out; the address alone a minute at most, so that one person cannot shut out an office.
THR-4  A success forgets the failures of the account, and of the account from that address.
THR-5  Enrolment codes nobody issued are counted for the address alone, within ENROLMENT_WINDOW. A code is long, so that
       guessing is hopeless anyway: whoever holds a right one behind the same address waits seconds at most.
THR-6  A failure that the clock, put back since, has in the future counts as one of now.

Pure: the caller counts failures and gives times.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
ENROLMENT_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How one counter slows sign-in down."""

    free: int
    longest: timedelta


PAIR = Limit(free=3, longest=timedelta(minutes=5))
ACCOUNT = Limit(free=10, longest=timedelta(seconds=4))
ADDRESS = Limit(free=20, longest=timedelta(minutes=1))
ENROLMENT = Limit(free=20, longest=timedelta(seconds=10))


def wait_after(failures: int, last_at: datetime | None, now: datetime, limit: Limit) -> timedelta:
    """Return how long the next try must still wait, given `failures` within WINDOW, the last at `last_at`."""
    if last_at is None or failures < limit.free:
        return timedelta(0)
    wait = min(timedelta(seconds=2 ** min(failures - limit.free, 20)), limit.longest)
    return max(timedelta(0), min(last_at, now) + wait - now)


def place_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 an IPv6 subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
