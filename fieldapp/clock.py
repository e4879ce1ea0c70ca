"""The app's one clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import uuid4


class SystemClock:
    """The device's own clock, right or wrong. Make one at each start of the app."""

    def __init__(self) -> None:
        self.start = uuid4().hex[:12]

    def now(self) -> datetime:
        """Return the wall clock, aware, UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> int:
        """Return whole seconds that only ever grow while the app runs."""
        return time.monotonic_ns() // 1_000_000_000

    def monotonic_ms(self) -> int:
        """Return whole milliseconds of the same."""
        return time.monotonic_ns() // 1_000_000
