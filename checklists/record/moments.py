"""Moments put down afterwards, by typing: which day a time of day means, and whether moments stand in their order.

MOM-1  A time of day means the day that brings it nearest to where it belongs: to the stamp it corrects, else to now.
MOM-2  It is never after the latest moment that can be: now, or the last stamp where the clock was put back since.
MOM-3  Of the moments a quantity is worked out from, the one it starts at comes first; a span ends after it begins.
MOM-4  A moment typed in or corrected has a reason, and what was stamped first stays beside it.

It reads no clock; every moment is aware, and corrected (`trusted_time`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Measurement
from checklists.record.sheet import Sheet
from checklists.record.transitions import NotAllowedError
from checklists.record.trusted_time import elapsed

_DAY = timedelta(days=1)
_NO_TIME = timedelta()


def nearest(time_of_day: time, near: datetime, tz: tzinfo | None, *, latest: datetime) -> datetime:
    """Return the moment (UTC) at `time_of_day` by the clock of `tz` that is nearest to `near`, not after `latest`.

    `tz` None is the clock of this device.

    Of two equally near the earlier one; the nearest of all when every one of them is after `latest`.
    """
    day = near.astimezone(tz).date()
    moments = [datetime.combine(day + step * _DAY, time_of_day, tz).astimezone(UTC) for step in (-1, 0, 1)]
    possible = [moment for moment in moments if moment <= latest] or moments
    return min(possible, key=lambda moment: (abs(moment - near), moment))


def latest_possible(measurements: Mapping[str, Measurement], now: datetime) -> datetime:
    """Return the last moment that can have been: now, or a stamp after it where the clock was put back since."""
    stamps = (measurement.moment for measurement in measurements.values() if measurement.stamped)
    return max([now, *(moment.corrected for moment in stamps if moment)])


def put_down(
    before: Measurement | None, moment: datetime, reason: str, *, latest: datetime, at: datetime
) -> Measurement:
    """Return the measurement with its moment typed in or corrected, `at` now. What was stamped first stays beside it.

    Raises:
        NotAllowedError: no reason, or a moment after `latest`.
    """
    if not reason.strip():
        raise NotAllowedError(sentence(N_("Write why this time is typed in: a reviewer reads it.")))
    if moment > latest:
        raise NotAllowedError(sentence(N_("This time has not come yet; write one that has passed.")))
    return Measurement(
        at=moment,
        original_at=first_stamp(before, moment),
        corrected_at=at,
        reason=reason.strip(),
        stamped=False,
        position=before.position if before else None,
        no_position=before.no_position if before else "",
        choice=before.choice if before else None,
    )


def first_stamp(before: Measurement | None, moment: datetime | None) -> datetime | None:
    """Return what was stamped first, to stay beside `moment` which takes its place; None: nothing else was."""
    first = None if before is None else before.original_at or (before.at if before.stamped else None)
    return None if first == moment else first


def out_of_order(sheet: Sheet, measurements: Mapping[str, Measurement]) -> Iterator[tuple[str, str]]:
    """Yield each pair of measurements, the one that should come first before the other, that stands the wrong way.

    A span that ends before it begins is a pair of itself.
    """
    moments = {key: measurement.moment for key, measurement in measurements.items() if measurement.at}
    for first, second in sheet.moments_in_order:
        start, end = moments.get(first), moments.get(second)
        if start and end and elapsed(start, end) < _NO_TIME:
            yield first, second
    for key, measurement in measurements.items():
        for start, end in measurement.span_moments:
            if end and elapsed(start, end) < _NO_TIME:
                yield key, key
                break


def disorder(sheet: Sheet, pair: tuple[str, str]) -> Sentence:
    """Return what stands the wrong way round, and what to do: `pair` is one of `out_of_order`."""
    first, second = (sheet.measurements[key].label for key in pair)
    if pair[0] == pair[1]:
        return sentence(N_('"{mark}" ends before it begins; take it back.'), mark=first)
    return sentence(N_('"{second}" stands before "{first}"; put one of the two right.'), first=first, second=second)
