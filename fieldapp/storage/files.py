"""A folder on a real disk: native apps and server mode."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import IO

from fieldapp.errors import NotKept, OpenElsewhere
from fieldapp.ports import Space
from fieldapp.storage.keeper import refused


class FileFolder:
    """Every write below `root` is synced where it is made, so a flush has nothing left to do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock: IO[bytes] | None = None

    async def open(self) -> None:
        """Make the folder, and hold it against a second process. Raises OpenElsewhere or NotKept."""
        if self._lock:
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = (self.root / ".lock").open("ab")
        except OSError as error:
            raise refused() from error
        if not _hold(lock):
            lock.close()
            raise OpenElsewhere
        self._lock = lock

    async def flush(self) -> None:
        """Nothing waits."""

    async def space(self) -> Space:
        """Return what lies below `root`, and what the disk has left."""
        used = sum(_size(path) for path in self.root.rglob("*"))
        return Space(used_bytes=used, free_bytes=shutil.disk_usage(self.root).free, persistent=True)

    def close(self) -> None:
        """Let another process have it."""
        if self._lock:
            self._lock.close()
            self._lock = None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # replaced while we counted
        return 0


def _hold(lock: IO[bytes]) -> bool:
    if os.name != "posix" or sys.platform == "emscripten":
        return True
    import fcntl  # noqa: PLC0415 - not on every platform

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise NotKept("storage-refused", refused().said) from error
    return True
