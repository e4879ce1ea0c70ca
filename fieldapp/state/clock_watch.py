"""Notices that the device's clock was moved while something was measured.

CLK-1  Between two stamps of a record the clock and the app's own timer must agree, to a few seconds.
CLK-2  A stamp that was taken back is no stamp to compare with: the next one is compared with the one before.
CLK-3  While a reply is waited for, the phone sleeps, and its timer with it: there only a clock put back is noticed.

The timer begins with the app: across a restart nothing can be compared, and only the order of the stamps tells.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

MOVED_S = 3  # whole seconds of the timer, and a stamp's own fraction, make less


class ClockWatch:
    """The stamps of every record since the app began, each with how far the clock was ahead of the timer."""

    def __init__(self) -> None:
        self._ahead_s: dict[str, dict[str, float]] = {}

    def moved_s(
        self, record: str, key: str, now: datetime, timer_s: int, *, stamped: Collection[str], sleeps: bool
    ) -> int:
        """Note a stamp of `key` and return how far the clock moved since the one before, in seconds; 0: it did not.

        `stamped` are the keys that have a stamp in the record now. Above 0: put forward. Below: put back.
        """
        noted = self._ahead_s.setdefault(record, {})
        ahead_s = now.timestamp() - timer_s
        before = [noted[other] for other in noted if other in stamped]
        moved_s = round(ahead_s - before[-1]) if before else 0
        noted.pop(key, None)  # the last stamp stands last
        noted[key] = ahead_s
        if abs(moved_s) < MOVED_S or (sleeps and moved_s > 0):
            return 0
        return moved_s
