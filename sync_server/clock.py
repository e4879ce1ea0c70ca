"""The server's one clock. Rules and queries take `now` as an argument; only this module reads the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this moment, aware, UTC."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Return seconds since some fixed moment, never going back: for durations only."""
    return time.monotonic()
