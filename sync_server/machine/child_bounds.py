"""What a process that reads a stranger's file may take. Called by the process itself, before it loads what reads."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # a system without such limits; the parent's clock is left
    resource = None  # type: ignore[assignment]


def goes_first() -> None:
    """Where the machine runs out of memory, this process is ended before the server."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def bound(memory_bytes: int, file_bytes: int) -> None:
    """Bound its memory and each file it writes, for good; no core is dumped. `goes_first`, too."""
    goes_first()
    if resource is None:
        return
    for limit, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            hard = resource.getrlimit(limit)[1]
            value = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(limit, (value, value))
