"""Every moment of a record is one of this age, with its zone: no other can be compared, ordered or shown.

RMO-1  A moment without a zone, or outside 1970 to 2200, is a problem at its place, wherever in the record it stands.
RMO-2  So is one that the phone's clock was corrected to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from checklists.language import N_, sentence
from checklists.problems import Problem
from checklists.record.assessment import Assessment, Measurement
from checklists.record.trusted_time import Moment

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_ROOM = timedelta(days=2)  # more than any zone is away from UTC, and a clock off by _LITTLE_S with it
_LITTLE_S = 43_200

# Place in parts, put together only where something is wrong: most records have some eighty moments, all of them right.
_Placed = tuple[tuple[object, ...], datetime | None]


def wrong_moments(record: Assessment) -> Iterator[Problem]:
    """Yield a problem for each moment of `record` that cannot be used."""
    for place, at in _moments(record):
        if at is not None and not is_moment(at):
            yield Problem(
                place="".join(str(part) for part in place),
                code="moment-not-valid",
                message=sentence(N_("write a moment with its zone, between 1970 and 2200")),
            )


def is_moment(at: datetime) -> bool:
    """Whether `at` has a zone and is of this age."""
    if at.tzinfo is None:
        return False
    # Years at either end overflow when brought to UTC, so the wall figure is looked at first.
    return EARLIEST.year <= at.year < LATEST.year and EARLIEST <= at < LATEST


def _are_surely_moments(several: Sequence[datetime]) -> bool:
    """Look at many by the first and the last of them: False says only that each must be looked at."""
    try:
        return not several or (min(several) > EARLIEST + _ROOM and max(several) < LATEST - _ROOM)
    except TypeError:  # one without a zone
        return False


def _are_surely_right(measurements: Collection[Measurement]) -> bool:
    """Look at the moments of many, and at what corrects them: False says only that each must be looked at."""
    walls = [at for each in measurements for at in (each.at, each.original_at, each.corrected_at) if at is not None]
    walls += [at for each in measurements if each.spans for span in each.spans for at in span if at is not None]
    clocks = [each.clock for each in measurements if each.clock is not None]
    clocks += [clock for each in measurements for both in each.span_clocks for clock in both if clock is not None]
    return _are_surely_moments(walls) and all(abs(clock.offset_s or 0) < _LITTLE_S for clock in clocks)


def _moments(record: Assessment) -> Iterator[_Placed]:
    yield from _both("started_at", moment=record.start)
    yield from _both("finished_at", moment=record.end)
    yield ("updated_at",), record.updated_at
    if not _are_surely_moments([answer.at for answer in record.answers.values()]):
        for key, answer in record.answers.items():
            yield ("answers.", key, ".at"), answer.at
    for n, attempt in enumerate(record.attempts):
        yield from _both("attempts[", n, "].at", moment=attempt.moment)
        yield ("attempts[", n, "].ended_at"), attempt.ended_at
        yield ("attempts[", n, "].taken_back_at"), attempt.taken_back_at
    yield from _of_measurements(record.measurements)
    for n, file in enumerate(record.evidence):
        yield from _both("evidence[", n, "].taken_at", moment=file.moment)
    for n, draw in enumerate(record.draws):
        yield ("draws[", n, "].at"), draw.at
    for n, step in enumerate(record.menu):
        yield ("menu[", n, "].at"), step.at
    yield ("given_at",), record.given_at
    if record.taken_over is not None:
        yield from _both("taken_over.at", moment=record.taken_over.moment)
        for n, attempt in enumerate(record.taken_over.attempts):
            yield from _both("taken_over.attempts[", n, "].at", moment=attempt.moment)


def _of_measurements(measurements: Mapping[str, Measurement]) -> Iterator[_Placed]:
    if not _are_surely_right(measurements.values()):
        for key, measurement in measurements.items():
            yield from _of_measurement(f"measurements.{key}.", measurement)


def _of_measurement(place: str, measurement: Measurement) -> Iterator[_Placed]:
    yield from _both(place, "at", moment=measurement.moment)
    yield (place, "original_at"), measurement.original_at
    yield (place, "corrected_at"), measurement.corrected_at
    for n, bounds in enumerate(measurement.span_moments):
        for bound in bounds:
            yield from _both(place, "spans[", n, "]", moment=bound)


def _both(*place: object, moment: Moment | None) -> Iterator[_Placed]:
    """The moment by the phone's clock; where that is one, also what it was corrected to."""
    if moment is not None:
        yield place, moment.wall if not is_moment(moment.wall) else moment.corrected
