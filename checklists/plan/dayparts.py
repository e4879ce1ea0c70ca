"""Parts of the week that a plan is spread over (quality control 4.6), by the clock of the season's zone.

R-DPT-1  Monday to Friday has 09-12, 12-14, 14-18, 18-22 and night; Saturday is one part; Sundays and general holidays
         are one, whatever weekday they fall on.
R-DPT-2  A day's open spans are cut at the bounds of its parts; what a part holds is what is open within it.
R-DPT-3  The wanted share of a part is its open minutes in the round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum

Span = tuple[int, int]  # minutes from midnight; the end is exclusive
SATURDAY, SUNDAY = 6, 7
WHOLE_DAY: Span = (0, 24 * 60)


class Daypart(StrEnum):
    """A part of the week."""

    MORNING = "09-12"
    MIDDAY = "12-14"
    AFTERNOON = "14-18"
    EVENING = "18-22"
    NIGHT = "night"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_WEEKDAY: Sequence[tuple[Daypart, Span]] = (
    (Daypart.NIGHT, (0, 9 * 60)),
    (Daypart.MORNING, (9 * 60, 12 * 60)),
    (Daypart.MIDDAY, (12 * 60, 14 * 60)),
    (Daypart.AFTERNOON, (14 * 60, 18 * 60)),
    (Daypart.EVENING, (18 * 60, 22 * 60)),
    (Daypart.NIGHT, (22 * 60, 24 * 60)),
)


def open_parts(day: date, spans: Sequence[Span], holidays: Collection[date]) -> dict[Daypart, tuple[Span, ...]]:
    """Return what of the open `spans` of a day falls into which part; parts without any are left out."""
    parts: dict[Daypart, tuple[Span, ...]] = {}
    for part, (begin, end) in _parts_of(day, holidays):
        inside = [(max(begin, first), min(end, last)) for first, last in spans if max(begin, first) < min(end, last)]
        if inside:
            parts[part] = (*parts.get(part, ()), *inside)
    return parts


def daypart_of(day: date, minute: int, holidays: Collection[date]) -> Daypart:
    """Return the part in which a minute of a day lies."""
    return next(part for part, (begin, end) in _parts_of(day, holidays) if begin <= minute < end)


def _parts_of(day: date, holidays: Collection[date]) -> Iterator[tuple[Daypart, Span]]:
    if day in holidays or day.isoweekday() == SUNDAY:
        yield Daypart.SUNDAY, WHOLE_DAY
    elif day.isoweekday() == SATURDAY:
        yield Daypart.SATURDAY, WHOLE_DAY
    else:
        yield from _WEEKDAY
