"""The device's clock as records and screens need it: what was known of it, and the time it really is."""

from __future__ import annotations

from datetime import datetime

from checklists.record.trusted_time import ClockReading, corrected
from fieldapp.ports import Clock, Store


def reading(clock: Clock, store: Store) -> ClockReading:
    """Return what is known of the device's clock now."""
    return ClockReading(clock.start, clock.monotonic_s(), store.device().clock_offset_s)


def trusted_now(clock: Clock, store: Store) -> datetime:
    """Return the server's time, as far as it is known: windows are judged by its clock, not by this device's."""
    return corrected(clock.now(), reading(clock, store))
