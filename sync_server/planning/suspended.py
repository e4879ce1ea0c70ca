"""Days on which service is suspended, as a plan sees them: closed.

PLS-5  Nothing new is planned on a day of which any service is suspended. What is planned already is lost only where
       nothing of its days is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import is_open_on, is_suspended_on
from sync_server.database.queries.suspensions import SuspensionRow

ALWAYS = ServiceHours()


def without_suspended(
    service: ServiceHours | None, spans: Sequence[SuspensionRow], zone: ZoneInfo, *, in_part: bool
) -> ServiceHours | None:
    """Return the hours with suspended days closed: those `in_part` too, or only those of which nothing is left."""
    if not spans:
        return service
    filed = service or ALWAYS
    both = msgspec.structs.replace(filed, suspended=tuple((each.begins_at, each.ends_at) for each in spans))
    days = [
        day for day in _touched(spans, zone) if is_open_on(filed, day) and (in_part or is_suspended_on(both, day, zone))
    ]
    return msgspec.structs.replace(filed, closed_on=(*filed.closed_on, *days)) if days else service


def is_closed_throughout(service: ServiceHours | None, first: date, last: date) -> bool:
    """Say whether nobody serves on any day from `first` to `last`: a visit planned for them is lost (PLS-3)."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return not any(is_open_on(service, day) for day in days)


def _touched(spans: Sequence[SuspensionRow], zone: ZoneInfo) -> Iterator[date]:
    for each in spans:
        first = each.begins_at.astimezone(zone).date()
        last = (each.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if datetime.combine(day, time.min, zone) < each.ends_at:
                yield day
