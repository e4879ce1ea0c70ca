"""Puts beside each moment of a record what was known of the clock it was read from.

TIM-4  Each moment that one change puts down has the reading of that change, and keeps it: a moment that stands since
       before keeps its own, and one of an older release stays without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from checklists.record.assessment import Answer, Assessment, Attempt, Draw, Evidence, Measurement
from checklists.record.trusted_time import ClockReading

_Dated = TypeVar("_Dated", Attempt, Evidence, Draw)


def with_readings(before: Assessment, after: Assessment, clock: ClockReading) -> Assessment:
    """Return `after`, one change on from `before`, with `clock` beside every moment that the change put down."""
    changes: dict[str, Any] = {}
    if after.attempts != before.attempts:
        changes["attempts"] = _dated(before.attempts, after.attempts, lambda tried: tried.at, clock)
    if after.evidence != before.evidence:
        changes["evidence"] = _dated(before.evidence, after.evidence, lambda file: file.id, clock)
    if after.draws != before.draws:
        changes["draws"] = _dated(before.draws, after.draws, lambda draw: draw.seed, clock)
    if after.answers != before.answers:
        changes["answers"] = _answers(before.answers, after.answers, clock)
    if after.measurements != before.measurements:
        changes["measurements"] = {
            key: measured
            if measured is before.measurements.get(key)
            else _measured(before.measurements.get(key), measured, clock)
            for key, measured in after.measurements.items()
        }
    if after.finished_at != before.finished_at:
        changes["finished_clock"] = clock if after.finished_at else None
    return replace(after, **changes) if changes else after


def _dated(
    before: Sequence[_Dated], after: Sequence[_Dated], name: Callable[[_Dated], object], clock: ClockReading
) -> tuple[_Dated, ...]:
    stood = {name(each) for each in before}
    return tuple(each if each.clock or name(each) in stood else replace(each, clock=clock) for each in after)


def _answers(before: Mapping[str, Answer], after: Mapping[str, Answer], clock: ClockReading) -> Mapping[str, Answer]:
    return {key: each if each == before.get(key) else replace(each, clock=clock) for key, each in after.items()}


def _measured(before: Measurement | None, after: Measurement, clock: ClockReading) -> Measurement:
    changes: dict[str, Any] = {}
    put_down = after.corrected_at or after.at
    if put_down is not None and (before is None or put_down != (before.corrected_at or before.at)):
        changes["clock"] = clock
    if after.original_at is not None and before is not None and after.original_clock is None:
        changes["original_clock"] = before.original_clock if before.original_at else before.clock
    if after.spans:
        changes["span_clocks"] = _span_clocks(before, after, clock)
    return replace(after, **changes) if changes else after


def _span_clocks(
    before: Measurement | None, after: Measurement, clock: ClockReading
) -> tuple[tuple[ClockReading | None, ClockReading | None], ...]:
    kept: dict[datetime, ClockReading | None] = {}
    for span in before.span_moments if before else ():
        kept |= {bound.wall: bound.clock for bound in span if bound is not None}
    return tuple((kept.get(start, clock), None if end is None else kept.get(end, clock)) for start, end in after.spans)
