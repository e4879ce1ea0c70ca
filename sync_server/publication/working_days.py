"""Working days of Hong Kong: Monday to Friday, but for general holidays.

WDY-1  A window of so many working days begins the day after what it counts from, and takes in the whole of its last.
WDY-2  What waits has waited for as many working days as came after the day on which it began.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sync_server.planning.holidays import general_holidays

Holidays = Callable[[date, date], tuple[date, ...]]
SATURDAY = 6
DISPUTE_DAYS = 10  # `dispute.days` of the award's rules, which hold it fixed (privacy E23)


def window(at: datetime, days: int, zone: ZoneInfo, holidays: Holidays = general_holidays) -> tuple[datetime, datetime]:
    """Return when a window of `days` working days after `at` opens, and the moment (exclusive) it ends."""
    first = at.astimezone(zone).date() + timedelta(days=1)
    closed = frozenset(holidays(first, first + timedelta(days=3 * days + 14)))
    day, left = first, days
    while left > 0:
        left -= day.isoweekday() < SATURDAY and day not in closed
        day += timedelta(days=1)
    return _midnight(first, zone), _midnight(day, zone)


def working_days(start: datetime, end: datetime, zone: ZoneInfo, holidays: Holidays = general_holidays) -> int:
    """Return how many working days lie after the day of `start`, up to and with that of `end`."""
    first, last = start.astimezone(zone).date() + timedelta(days=1), end.astimezone(zone).date()
    closed = frozenset(holidays(first, last + timedelta(days=1))) if last >= first else frozenset()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(day.isoweekday() < SATURDAY and day not in closed for day in days)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
