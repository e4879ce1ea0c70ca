"""How long a thread's turns on a processor are, where Linux lets it say so (6.12 and later).

Who asks for short turns is let on sooner after it has waited, and has no more of the processor for it: each turn is as
much shorter. So a thread that works a little, waits for a disk and works a little again need not wait out the turn of
another each time.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

AS_EVERYBODY = 0.0

_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}  # Python has no name for this call
_KEEP_POLICY = 0x08
# Length, policy, flags, nice value, priority, turn in nanoseconds, and two of other policies.
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")


def take_turns_of(seconds: float) -> None:
    """Ask for turns of this length for the calling thread, and what it starts. AS_EVERYBODY: as long as others have.

    Where there is no such thing to ask for, and under a policy that knows no turns, all stays as it is.
    """
    call = _SCHED_SETATTR.get(platform.machine()) if sys.platform == "linux" else None
    if call is None:
        return
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    asked = _ATTRIBUTES.pack(_ATTRIBUTES.size, 0, _KEEP_POLICY, nice, 0, round(seconds * 1e9), 0, 0)
    # An older kernel takes the call and leaves turns alone; one that forbids it says so, and nothing is lost.
    ctypes.CDLL(None).syscall(call, 0, asked, 0)
