"""Waiting for what happens elsewhere, bounded."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T | None], what: str, timeout_s: float = 20) -> T:
    """Return what `look` finds as soon as it finds something."""
    deadline = time.monotonic() + timeout_s
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"in {timeout_s} s it did not happen that {what}"
        time.sleep(0.02)
    return found
