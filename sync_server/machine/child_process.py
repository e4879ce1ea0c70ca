"""A module of the server run in a process of its own: its libraries are large, or what it reads may end it.

CHP-1  The process is given no setting and no secret of the server: it has only what _PASSED_ON names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PASSED_ON = (
    "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LANG", "LC_ALL", "XDG_CACHE_HOME", "IMAGEIO_FFMPEG_EXE",
)  # fmt: skip


def module_path() -> str:
    """Return the PYTHONPATH by which a process finds the modules of this one."""
    return os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])


def environment(**more: str) -> dict[str, str]:
    """Return what a process is told of its surroundings (CHP-1), and `more`."""
    told = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return told | {"PYTHONPATH": module_path()} | more


def run(module: str, sent: bytes, *, longest_s: float, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run `module` with `sent` on its standard input, and return how it ended and what it wrote. Blocks.

    `more` is added to its environment.

    Raises:
        subprocess.TimeoutExpired: it took longer than `longest_s`, and was killed.
        OSError: there was no process to be had.
    """
    return subprocess.run(  # noqa: S603 - a module of ours
        [sys.executable, "-P", "-m", module],
        input=sent,
        capture_output=True,
        env=environment(**more),
        timeout=longest_s,
        check=False,
        start_new_session=True,
    )
