"""The shim of `disk.c`: a disk that is slow, or that forgets what was not synced."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")


def build_shim(folder: Path) -> Path:
    """Compile the shim. Raises FileNotFoundError without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError("a C compiler (cc) is needed for this")
    shim = folder / "disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(shim), str(SOURCE), "-ldl"], check=True)
    return shim


def environment(shim: Path, **settings: str) -> Mapping[str, str]:
    """Return the environment of a server on that disk."""
    return {**os.environ, "LD_PRELOAD": str(shim), **settings}
