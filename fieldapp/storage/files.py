"""A folder on a real disk: native apps and server mode. Never imported in the browser, where a Web Lock guards it."""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from fieldapp.errors import OpenElsewhere
from fieldapp.ports import Space
from fieldapp.storage.keeper import storage_refused


class FileFolder:
    """Every write below `root` is synced where it is made, so a flush has nothing left to do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock: FileLock | None = None

    async def open(self) -> None:
        """Make the folder, and hold it against a second process. Raises OpenElsewhere or NotKept."""
        if self._lock:
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FileLock(self.root / ".lock", thread_local=False)
            lock.acquire(blocking=False)
        except Timeout as error:
            raise OpenElsewhere from error
        except (OSError, NotImplementedError) as error:  # the latter: a file system without locks
            raise storage_refused() from error
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
            self._lock.release()
            self._lock = None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # replaced while we counted
        return 0
