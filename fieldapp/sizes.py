"""Sizes as a person reads them; the same in both languages."""

from __future__ import annotations

_UNITS = ("B", "KB", "MB", "GB")


def size_text(size_bytes: int) -> str:
    """Return `size_bytes` with a unit, one decimal below ten: "640 B", "1.4 MB", "32 MB"."""
    power = 0
    while power < len(_UNITS) - 1 and size_bytes >= 1000 ** (power + 1):
        power += 1
    tenths = size_bytes * 10 // 1000**power
    number = f"{tenths // 10}.{tenths % 10}" if power and tenths < 100 else str(tenths // 10)
    return f"{number} {_UNITS[power]}"
