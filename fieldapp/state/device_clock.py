"""The device's clock as records and screens need it: what was known of it, and the time it really is.

CLK-5  A clock more than two minutes from the server's is said on the list and beside the sending, once the server was
       heard; nothing waits for it to be put right.
"""

from __future__ import annotations

from datetime import datetime

from checklists.record.trusted_time import ClockReading, corrected
from fieldapp.ports import Clock, Store

LEAST_OFF_S = 120


def reading(clock: Clock, store: Store) -> ClockReading:
    """Return what is known of the device's clock now."""
    return ClockReading(clock.start, clock.monotonic_s(), store.device().clock_offset_s)


def off_s(store: Store) -> int:
    """Return by how many seconds the server's clock is ahead of the device's where that is worth a word, else 0."""
    offset = store.device().clock_offset_s
    return offset if abs(offset) > LEAST_OFF_S else 0


def trusted_now(clock: Clock, store: Store) -> datetime:
    """Return the server's time, as far as it is known: windows are judged by its clock, not by this device's."""
    return corrected(clock.now(), reading(clock, store))
