"""What time it really was at a moment that a phone kept by its own clock, which may be wrong.

TIM-1  The corrected time is the phone's wall time plus how far the server's clock was ahead of it when the phone last
       heard. Without such an offset it is the wall time: records of an older release have none.
TIM-2  A time typed in is meant as the screens show time, and they show the corrected one: it is not corrected again.
TIM-3  Between two moments of one start of the app, through which the wall clock kept to the app's timer, the wall clock
       tells how long it was: an offset learnt in between only says that both were wrong.

Phone, server and season file take it from here; nothing else adds an offset.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

MOVED_S = 3  # whole seconds of the timer, and a stamp's own fraction, make less


class ClockReading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the phone knew beside the wall time. `start` names the run of the app that `monotonic_s` counts in.

    `offset_s`: the server's clock minus the phone's, in whole seconds, as last heard; None: never heard.
    """

    start: str
    monotonic_s: int
    offset_s: int | None = None


class Moment(NamedTuple):
    """A moment by the phone's wall clock (aware), and what was known of that clock. None: nothing."""

    wall: datetime
    clock: ClockReading | None = None

    @property
    def corrected(self) -> datetime:
        """Return the corrected time."""
        return corrected(self.wall, self.clock)


def corrected(wall: datetime, clock: ClockReading | None) -> datetime:
    """Return the corrected time of the wall time `wall` (TIM-1)."""
    if clock is None or not clock.offset_s:
        return wall
    try:
        return wall + timedelta(seconds=clock.offset_s)
    except OverflowError:  # no phone's clock is off by that much: nothing to correct by
        return wall


def elapsed(start: Moment, end: Moment) -> timedelta:
    """Return the time from `start` to `end` (TIM-3), below zero when they stand the wrong way round."""
    if start.clock is None and end.clock is None:
        return end.wall - start.wall
    moved_s = clock_moved_s(start, end)
    if moved_s is not None and abs(moved_s) < MOVED_S:
        return end.wall - start.wall
    return end.corrected - start.corrected


def clock_moved_s(start: Moment, end: Moment) -> int | None:
    """Return how far the wall clock moved against the timer; None: they are not of one start.

    Above 0: put forward, or the phone slept and its timer with it. Below: put back.
    """
    if start.clock is None or end.clock is None or start.clock.start != end.clock.start:
        return None
    return round((end.wall - start.wall).total_seconds()) - (end.clock.monotonic_s - start.clock.monotonic_s)
