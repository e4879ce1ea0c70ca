"""Windows of the six-tries rule: which counted tries fall together in three days, and when the open window closes.

R-WIN-1  A window opens at a counted try and takes in those of its days; the first one beyond opens the next window.
R-WIN-2  sliding_calendar: any run of needed tries whose dates lie close enough; a try belongs to one full window only.
R-WIN-3  A closing is exclusive: midnight is the 24:00 of the day before. The very last moment of 72 hours is inside.

R-WIN-4  A suspended day is none of a window's days, and suspended hours are none of its 72: the window closes as much
         later (R-SVC-5).

What a day is follows `attempts.window` and the programme's zone. `counted_at` are aware moments, oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import is_open_on, is_suspended_on, last_day, suspended_between
from checklists.rules.attempt_rules import AttemptRules, Window


def closes_at(first: datetime, rules: AttemptRules, service: ServiceHours | None) -> datetime:
    """Return when the window whose first counted try was at `first` closes: from that moment a try is outside it."""
    if rules.window is Window.ANCHORED_72H:
        # The very last moment is still inside.
        return _after(first.astimezone(UTC), timedelta(hours=24 * rules.days), service) + timedelta(microseconds=1)
    last = last_day(first.astimezone(rules.tz).date(), rules.days, _counts(rules, service))
    return datetime.combine(last + timedelta(days=1), time(), rules.tz).astimezone(UTC)


def full_windows(
    counted_at: Sequence[datetime], rules: AttemptRules, service: ServiceHours | None
) -> list[Sequence[datetime]]:
    """Return the windows that gathered the needed tries."""
    if rules.window is not Window.SLIDING_CALENDAR:
        return [window for window in _grouped(counted_at, rules, service) if len(window) >= rules.needed]
    full: list[Sequence[datetime]] = []
    start = 0
    for end in range(rules.needed, len(counted_at) + 1):
        run = counted_at[end - rules.needed : end]
        # A try belongs to one full window only.
        if end - rules.needed >= start and _is_inside(run[0], run[-1], rules, service):
            full.append(run)
            start = end
    return full


def window_at(
    counted_at: Sequence[datetime], now: datetime, rules: AttemptRules, service: ServiceHours | None
) -> Sequence[datetime]:
    """Return the counted tries of the window that a try at `now` would join; empty when it would open one."""
    if not counted_at:
        return ()
    if rules.window is Window.SLIDING_CALENDAR:
        recent = [at for at in counted_at if _is_inside(at, now, rules, service)]
        return recent[-(rules.needed - 1) :] if rules.needed > 1 else ()
    current = _grouped(counted_at, rules, service)[-1]
    return current if _is_inside(current[0], now, rules, service) else ()


def numbers_in_windows(counted_at: Sequence[datetime], rules: AttemptRules, service: ServiceHours | None) -> list[int]:
    """Return the place of each counted try in its window, from 1."""
    if rules.window is Window.SLIDING_CALENDAR:
        return [
            min(sum(_is_inside(earlier, at, rules, service) for earlier in counted_at[: place + 1]), rules.needed)
            for place, at in enumerate(counted_at)
        ]
    return [place for window in _grouped(counted_at, rules, service) for place in range(1, len(window) + 1)]


def _grouped(counted_at: Sequence[datetime], rules: AttemptRules, service: ServiceHours | None) -> list[list[datetime]]:
    """Group counted tries into windows anchored at their first try."""
    windows: list[list[datetime]] = []
    for at in counted_at:
        if windows and _is_inside(windows[-1][0], at, rules, service):
            windows[-1].append(at)
        else:
            windows.append([at])
    return windows


def _is_inside(first: datetime, at: datetime, rules: AttemptRules, service: ServiceHours | None) -> bool:
    if rules.window is Window.ANCHORED_72H:
        return at - first - suspended_between(service, first, at) <= timedelta(hours=24 * rules.days)
    first_day, day = first.astimezone(rules.tz).date(), at.astimezone(rules.tz).date()
    if service is None or (rules.window is not Window.SERVICE_DAYS and not service.suspended):
        return (day - first_day).days < rules.days
    return _day_number(first_day, day, rules.days, _counts(rules, service)) <= rules.days


def _day_number(first: date, day: date, enough: int, counts: Callable[[date], bool]) -> int:
    """Return which of the days that count `day` is, `first` being 1; stops counting once past `enough`."""
    number = 1
    while first < day and number <= enough:
        first += timedelta(days=1)
        number += counts(first)
    return number


def _counts(rules: AttemptRules, service: ServiceHours | None) -> Callable[[date], bool]:
    """Return whether a day is one of a window's days."""
    if rules.window is Window.SERVICE_DAYS:
        return lambda day: is_open_on(service, day) and not is_suspended_on(service, day, rules.tz)
    return lambda day: not is_suspended_on(service, day, rules.tz)


def _after(first: datetime, lasts: timedelta, service: ServiceHours | None) -> datetime:
    """Return the moment by which `lasts` have passed since `first` without what was suspended."""
    closes = first + lasts
    while (late := first + lasts + suspended_between(service, first, closes)) > closes:
        closes = late
    return closes
