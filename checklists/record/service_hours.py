"""When does an entrant serve? Filed hours against the clock of the programme's zone (R1).

R-SVC-1  A span starts at its first minute and ends just before its last: 09:00-18:00 is open at 09:00, closed at 18:00.
R-SVC-2  A span whose end is not after its start runs past midnight and belongs to the day it starts on.
R-SVC-3  A date in `closed_on` is closed all day; a span of the evening before still runs out.
R-SVC-4  No filed hours (None) means always open.
R-SVC-5  A suspension closes the service from its first moment to its end, exclusive, whatever was filed. A day is
         suspended when none of its service is left, and so is a whole day of which nothing is left.

Used for the six-tries rule, for windows of service days, and for waits counted in service hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import msgspec

from checklists.record.assignment import ServiceHours

_DAY = timedelta(days=1)
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


def open_minutes(service: ServiceHours | None, day: date) -> tuple[tuple[int, int], ...]:
    """Return the spans open on `day` in minutes from its midnight, in order and apart; cut at the next midnight."""
    if not is_open_on(service, day):
        return ()
    spans = ((0, _DAY_MINUTES),) if service is None else _spans(service.hours)
    apart: list[tuple[int, int]] = []
    for start, end in sorted((start, min(end, _DAY_MINUTES)) for start, end in spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return tuple(apart)


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
    suspended = service.suspended

    def is_open_at(at: datetime) -> bool:
        if suspended and any(begins <= at < ends for begins, ends in suspended):
            return False
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
    if service.suspended:
        left = _left(since, until, service.suspended)
        plain = msgspec.structs.replace(service, suspended=())
        return sum(service_seconds(plain, begins, ends, tz) for begins, ends in left)
    total = timedelta()
    reached = since
    for start, end in _open_spans(service, since, until, tz):
        begins, ends = max(start, reached), min(end, until)
        if ends > begins:
            total += ends - begins
            reached = ends
    return total // timedelta(seconds=1)


def is_suspended_on(service: ServiceHours | None, day: date, tz: tzinfo) -> bool:
    """Is nothing of `day` left to serve in, for a suspension (R-SVC-5)? Days closed by themselves are not suspended."""
    if service is None or not service.suspended:
        return False
    begins, ends = _moment(day, 0, tz), _moment(day, _DAY_MINUTES, tz)
    left = _left(begins, ends, service.suspended)
    if not left:
        return True
    plain = msgspec.structs.replace(service, suspended=())
    return service_seconds(plain, begins, ends, tz) > 0 and service_seconds(service, begins, ends, tz) == 0


def last_day(first: date, days: int, counts: Callable[[date], bool]) -> date:
    """Return the `days`th day that counts, `first` being day 1 whether or not it counts itself.

    Where no day counts within two years there is no further one: the last date looked at is returned.
    """
    day, seen = first, 1
    for _ in range(2 * 366):
        if seen >= days:
            break
        day += _DAY
        seen += counts(day)
    return day


def suspended_between(service: ServiceHours | None, since: datetime, until: datetime) -> timedelta:
    """Return how much of the time between two aware moments was suspended."""
    if service is None or not service.suspended or until <= since:
        return timedelta()
    left = _left(since, until, service.suspended)
    return (until - since) - sum((ends - begins for begins, ends in left), timedelta())


def _left(
    since: datetime, until: datetime, suspended: tuple[tuple[datetime, datetime], ...]
) -> list[tuple[datetime, datetime]]:
    """Return the spans of since..until that no suspension covers."""
    left = [(since, until)] if since < until else []
    for begins, ends in suspended:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, begins)), (max(start, ends), end))
            if part[0] < part[1]
        ]
    return left


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
