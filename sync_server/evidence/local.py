"""Media in a folder, and the parts of uploads beside them, one file each."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from sync_server.evidence.store import BLOCK_BYTES, Buffer, MediaGoneError, OffsetTakenError
from sync_server.machine.files import keep_file, make_folder, place_file, sync_folder


class LocalParts:
    """Uploads under way: the length of an upload's file is its offset."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self._folder = folder

    @property
    def spool_folder(self) -> Path:
        """The folder of the parts."""
        return self._folder

    def path(self, upload_id: str) -> Path:
        """Return where the upload's bytes are."""
        return self._folder / f"{upload_id}.part"

    def length(self, upload_id: str) -> int:
        """Return how many bytes are kept. What a killed server had written is synced before it is counted."""
        try:
            handle = os.open(self.path(upload_id), os.O_RDONLY)
        except FileNotFoundError:
            return 0
        try:
            os.fsync(handle)
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def append(self, upload_id: str, offset: int, data: Buffer, *, last: bool = False) -> None:
        """Keep `data` at `offset`; what a failed write left is cut off again."""
        try:
            # Two processes may share this folder; the system ends the turn of one that is killed.
            with FileLock(self._lock(upload_id), blocking=False):
                self._append(upload_id, offset, data)
        except Timeout as error:
            raise OffsetTakenError(upload_id) from error
        # Nothing is answered before an upload that came whole is adopted, and its new folder is synced.
        if offset == 0 and not last:
            sync_folder(self._folder)

    def read(self, upload_id: str) -> Iterator[bytes]:
        """Give what is kept."""
        try:
            file = self.path(upload_id).open("rb")
        except FileNotFoundError:
            return
        with file:
            while block := file.read(BLOCK_BYTES):
                yield block

    def remove(self, upload_id: str) -> None:
        """Forget the upload."""
        self.path(upload_id).unlink(missing_ok=True)
        self._lock(upload_id).unlink(missing_ok=True)

    def give_up(self, upload_id: str, file: Path) -> None:
        """Move the upload's bytes, all of which are synced, to `file`, durably.

        Raises:
            FileNotFoundError: they are not here any more.
        """
        place_file(self.path(upload_id), file)
        self._lock(upload_id).unlink(missing_ok=True)

    def _lock(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.lock"

    def _append(self, upload_id: str, offset: int, data: Buffer) -> None:
        flags = os.O_WRONLY | (os.O_CREAT if offset == 0 else 0)
        try:
            handle = os.open(self.path(upload_id), flags, 0o600)
        except FileNotFoundError as error:
            raise OffsetTakenError(upload_id) from error
        try:
            if os.fstat(handle).st_size != offset:
                raise OffsetTakenError(upload_id)
            _write_at(handle, offset, data)
        finally:
            os.close(handle)


class LocalMediaStore:
    """Whole files, two folders deep by the first letters of their hash."""

    def __init__(self, folder: Path, parts: LocalParts) -> None:
        make_folder(folder)
        self._folder = folder
        self._parts = parts

    def path(self, sha256: str) -> Path:
        """Return where the file is or would be."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Return whether the file is kept."""
        return self.path(sha256).is_file()

    def size_bytes(self, sha256: str) -> int:
        """Return its length."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError as error:
            raise MediaGoneError(sha256) from error

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes asked for."""
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise MediaGoneError(sha256) from error
        return _blocks(file, start, end)

    def put(self, sha256: str, data: bytes) -> None:
        """Keep `data`."""
        if not self.has(sha256):
            path = self.path(sha256)
            make_folder(path.parent)
            keep_file(path, data, private=True)

    def adopt(self, upload_id: str, sha256: str) -> None:
        """Move the upload's file, whose bytes are synced already, to its place."""
        path = self.path(sha256)
        make_folder(path.parent)
        try:
            self._parts.give_up(upload_id, path)
        except FileNotFoundError:
            if not self.has(sha256):  # else another request, of this process or another, has just done it
                raise

    def remove(self, sha256: str) -> None:
        """Erase the file."""
        path = self.path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def is_empty(self) -> bool:
        """Return whether no folder holds a file."""
        return next(self._folder.glob("[0-9a-f][0-9a-f]/*"), None) is None

    def check(self) -> None:
        """Write, sync and remove a small file."""
        probe = self._folder / f".probe-{secrets.token_hex(4)}"
        keep_file(probe, b"x", private=True)
        probe.unlink(missing_ok=True)


def _write_at(handle: int, offset: int, data: Buffer) -> None:
    try:
        view = memoryview(data)
        while view:
            view = view[os.pwrite(handle, view, offset + len(data) - len(view)) :]
        os.fsync(handle)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(handle, offset)
        raise


def _blocks(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start if end is not None else -1
        while left != 0 and (block := file.read(BLOCK_BYTES if left < 0 else min(BLOCK_BYTES, left))):
            left -= len(block) if left > 0 else 0
            yield block
