"""One file, replaced whole: after a power cut it holds the old bytes or the new ones, never anything else.

Beside, fsync, replace, fsync of the folder. What a cut leaves beside is called "*.part" and swept at the next start.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

PART = ".part"
_SYNCS_FOLDERS = os.name == "posix" and sys.platform != "emscripten"
_MILLISECOND_NS = 1_000_000


def replace_bytes(path: Path, data: bytes) -> None:
    """Make `path` hold `data`. Returns only when it would survive a power cut, as far as the platform can tell.

    Raises:
        OSError: nothing changed; no part is left behind.
    """
    part = path.with_name(path.name + PART)
    before_ns = _modified_ns(path)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        _make_newer(part, before_ns)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove `path` durably. A file that is not there is fine."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def restore(path: Path, before: bytes | None) -> None:
    """Put back what `path` held before a change that could not be made durable."""
    if before is None:
        remove(path)
    else:
        replace_bytes(path, before)


def sync_folder(folder: Path) -> None:
    """Make names in `folder` durable where the platform has a way to."""
    if not _SYNCS_FOLDERS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what cut writes left."""
    for part in folder.glob(f"*{PART}"):
        part.unlink()


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _modified_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _make_newer(part: Path, than_ns: int) -> None:
    # The browser mirror finds changed files by their time in milliseconds, and some browsers coarsen the clock: two
    # changes within one tick would look like one, and the second would be lost.
    now_ns = part.stat().st_mtime_ns
    if now_ns // _MILLISECOND_NS <= than_ns // _MILLISECOND_NS:
        newer_ns = (than_ns // _MILLISECOND_NS + 1) * _MILLISECOND_NS
        os.utime(part, ns=(newer_ns, newer_ns))
