"""The two years of the consortium, and the year in which a finding is its members' alone.

CSM-1  Two years are eight quarters from their first day; a finding is due on the last day of each.
CSM-2  A finding is its members' alone until a year after it was issued, to the second, by the clock on the wall of Hong
       Kong. A day that the later month does not have is the first of the month after: 29 February ends on 1 March.
CSM-3  After that the public reads it where somebody marked it, and only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

QUARTERS, MONTHS = 8, 3


def months_later(day: date, months: int) -> date:
    """Return the day with the same number in a later month; where it has none, the first of the month after."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


def due_days(starts_on: date) -> Sequence[date]:
    """Return the days on which the findings of two years are due (CSM-1)."""
    return [months_later(starts_on, MONTHS * number) - timedelta(days=1) for number in range(1, QUARTERS + 1)]


def exclusive_until(issued_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment from which a finding may be public (CSM-2)."""
    local = issued_at.astimezone(zone)
    return datetime.combine(months_later(local.date(), 12), local.timetz())


def is_public(issued_at: datetime | None, *, is_marked: bool, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether anybody may read a finding (CSM-2, CSM-3)."""
    return issued_at is not None and is_marked and now >= exclusive_until(issued_at, zone)
