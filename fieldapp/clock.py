"""The app's one clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The device's own clock, right or wrong."""

    def now(self) -> datetime:
        """Return the wall clock, aware, UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> int:
        """Return whole seconds that only ever grow while the app runs."""
        return time.monotonic_ns() // 1_000_000_000
