"""Memory that was let go, given back to the machine: the C library of Linux keeps it, for each thread apart."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # as glibc names the settings
LARGE = 64 * 1024


def give_back() -> None:
    """Give back what was freed and is kept. Takes milliseconds; where the C library has no such call, does nothing."""
    trim = _call("malloc_trim")
    if trim is not None:
        trim(0)


def part_with_large_blocks() -> None:
    """Let each block of LARGE bytes go as it is freed. By itself the library keeps larger ones each time one was freed,
    and after a copy of some MB all that is smaller lies scattered among them.

    All threads take from one heap: those of Python take turns anyway, and what each kept in a heap of its own was room
    for nobody else."""
    choose = _call("mallopt")
    if choose is not None:
        choose(_MMAP_THRESHOLD, LARGE)
        choose(_ARENA_MAX, 1)


def _call(name: str) -> Any:
    if os.name != "posix":
        return None  # there a process cannot be asked for what is loaded in it
    return getattr(ctypes.CDLL(None), name, None)
