"""When does an entrant serve? Filed hours against the clock of the programme's zone (R1).

R-SVC-1  A span starts at its first minute and ends just before its last: 09:00-18:00 is open at 09:00, closed at 18:00.
R-SVC-2  A span whose end is not after its start runs past midnight and belongs to the day it starts on.
R-SVC-3  A date in `closed_on` is closed all day; a span of the evening before still runs out.
R-SVC-4  No filed hours (None) means always open.
R-SVC-5  Spans that touch are one: what is open round the clock never shuts.

Used for the six-tries rule, for windows of service days, and for waits counted in service hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from checklists.record.assignment import ServiceHours

_DAY = timedelta(days=1)
_AHEAD = timedelta(days=14)
_DAY_MINUTES = 24 * 60


def minute_of_day(text: str) -> int | None:
    """Return "HH:MM" as minutes from midnight, "24:00" included; None when `text` is no such time."""
    hour, colon, minute = text.partition(":")
    if not (colon and len(hour) == len(minute) == 2 and text.isascii() and hour.isdigit() and minute.isdigit()):
        return None
    minutes = int(hour) * 60 + int(minute)
    return minutes if minutes <= _DAY_MINUTES and int(minute) < 60 else None


@lru_cache(maxsize=1024)
def _spans(hours: tuple[tuple[str, str], ...]) -> tuple[tuple[int, int], ...]:
    spans = []
    for start, end in hours:
        first, last = minute_of_day(start), minute_of_day(end)
        if first is None or last is None:
            raise ValueError(f"{start}-{end} is not a span of service hours; write it as 09:00-18:00")
        spans.append((first, last if last > first else last + _DAY_MINUTES))
    return tuple(spans)


def is_open_on(service: ServiceHours | None, day: date) -> bool:
    """Does the entrant serve at all on `day`? A span left over from the evening before does not make a day."""
    if service is None:
        return True
    return bool(service.hours) and day.isoweekday() in service.days and day not in service.closed_on


def is_open(service: ServiceHours | None, at: datetime, tz: tzinfo) -> bool:
    """Is the entrant open at the aware moment `at`, by the clock of `tz`?"""
    return opening(service, tz)(at)


@lru_cache(maxsize=1024)
def opening(service: ServiceHours | None, tz: tzinfo) -> Callable[[datetime], bool]:
    """Return `is_open` for one service, worked out once: a season asks it a hundred thousand times."""
    if service is None:
        return lambda _: True
    spans = _spans(service.hours)
    days, closed_on = frozenset(service.days), frozenset(service.closed_on)
    late_end = max((end - _DAY_MINUTES for _, end in spans), default=0)

    def is_open_at(at: datetime) -> bool:
        local = at.astimezone(tz)
        minute = local.hour * 60 + local.minute
        for start, end in spans:
            if start <= minute < end:
                if local.isoweekday() in days and (not closed_on or local.date() not in closed_on):
                    return True
                break
        return minute < late_end and is_open_on(service, local.date() - _DAY)

    return is_open_at


def service_seconds(service: ServiceHours | None, since: datetime, until: datetime, tz: tzinfo) -> int:
    """Return how many whole seconds of service lie between two aware moments; 0 when `until` is not after `since`."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if until <= since:
        return 0
    if service is None:
        return (until - since) // timedelta(seconds=1)
    total = timedelta()
    reached = since
    for start, end in _open_spans(service, since, until, tz):
        begins, ends = max(start, reached), min(end, until)
        if ends > begins:
            total += ends - begins
            reached = ends
    return total // timedelta(seconds=1)


def serving(service: ServiceHours | None, at: datetime, tz: tzinfo) -> tuple[datetime, datetime] | None:
    """Return the span of service that holds the aware moment `at`, else the next one within `_AHEAD`.

    None where nothing is filed, where it does not shut within `_AHEAD`, or does not open.
    """
    if service is None:
        return None
    whole: tuple[datetime, datetime] | None = None
    for start, end in _open_spans(service, at - _DAY, at + _AHEAD, tz):
        if end <= at:
            continue
        if whole and start > whole[1]:
            break
        whole = (whole[0], max(whole[1], end)) if whole else (start, end)
    return None if whole is None or whole[1] >= at + _AHEAD else whole


def served_by(service: ServiceHours | None, since: datetime, seconds: int, tz: tzinfo) -> datetime | None:
    """Return when `seconds` of service have passed since the aware moment `since`; None: not within `_AHEAD`."""
    left, reached = timedelta(seconds=seconds), since.astimezone(UTC)
    if service is None:
        return reached + left
    for start, end in _open_spans(service, reached, reached + _AHEAD, tz):
        begins = max(start, reached)
        if end - begins >= left:
            return begins + left
        if end > begins:
            left -= end - begins
            reached = end
    return None


def last_service_day(service: ServiceHours | None, first: date, days: int) -> date:
    """Return the `days`th day of service, `first` being day 1 whether or not it is open itself.

    An entrant that never opens again within two years has no further day: the last date looked at is returned.
    """
    day, seen = first, 1
    for _ in range(2 * 366):
        if seen >= days:
            break
        day += _DAY
        seen += is_open_on(service, day)
    return day


def _open_spans(
    service: ServiceHours, since: datetime, until: datetime, tz: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield open spans that may touch since..until, by their start; spans of one day may overlap."""
    day, last = since.astimezone(tz).date() - _DAY, until.astimezone(tz).date()
    while day <= last:
        if is_open_on(service, day):
            for start, end in sorted(_spans(service.hours)):
                yield _moment(day, start, tz), _moment(day, end, tz)
        day += _DAY


def _moment(day: date, minute: int, tz: tzinfo) -> datetime:
    days, rest = divmod(minute, _DAY_MINUTES)
    return datetime.combine(day + days * _DAY, time(rest // 60, rest % 60), tz).astimezone(UTC)
