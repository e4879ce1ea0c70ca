"""Memory that was let go, given back to the machine: the C library of Linux keeps it, for each thread apart."""

from __future__ import annotations

import ctypes
import os


def give_back() -> None:
    """Give back what was freed and is kept. Takes milliseconds; where the C library has no such call, does nothing."""
    if os.name != "posix":
        return  # there a process cannot be asked for what is loaded in it
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
