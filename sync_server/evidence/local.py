"""Media in a folder: written beside, synced, renamed, and the folder synced. Also parts of uploads, one file each."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sync_server.evidence.store import BLOCK_BYTES, Buffer, MediaGoneError, OffsetTakenError


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make `folder` and what is above it, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


class LocalParts:
    """Uploads under way: the length of an upload's file is its offset."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self._folder = folder

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
        path = self.path(upload_id)
        flags = os.O_WRONLY | (os.O_CREAT if offset == 0 else 0)
        try:
            handle = os.open(path, flags, 0o600)
        except FileNotFoundError as error:
            raise OffsetTakenError(upload_id) from error
        try:
            self._append(handle, upload_id, offset, data)
        finally:
            os.close(handle)
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

    def _append(self, handle: int, upload_id: str, offset: int, data: Buffer) -> None:
        try:
            # Two processes may share this folder; the lock ends with the handle, also when the process is killed.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OffsetTakenError(upload_id) from error
        if os.fstat(handle).st_size != offset:
            raise OffsetTakenError(upload_id)
        try:
            view = memoryview(data)
            while view:
                view = view[os.pwrite(handle, view, offset + len(data) - len(view)) :]
            os.fsync(handle)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, offset)
            raise


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
        if self.has(sha256):
            return
        beside = self._folder / f".{sha256}.{secrets.token_hex(4)}"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._place(beside, sha256)
        except OSError:
            beside.unlink(missing_ok=True)
            raise

    def adopt(self, upload_id: str, sha256: str) -> None:
        """Move the upload's file, whose bytes are synced already, to its place."""
        try:
            self._place(self._parts.path(upload_id), sha256)
        except FileNotFoundError:
            if not self.has(sha256):  # else another request, of this process or another, has just done it
                raise

    def remove(self, sha256: str) -> None:
        """Erase the file."""
        path = self.path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def check(self) -> None:
        """Write, sync and remove a small file."""
        probe = self._folder / f".probe-{secrets.token_hex(4)}"
        try:
            with probe.open("xb") as file:
                file.write(b"x")
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)

    def _place(self, source: Path, sha256: str) -> None:
        target = self.path(sha256)
        make_folder(target.parent)
        source.replace(target)
        sync_folder(target.parent)


def _blocks(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start if end is not None else -1
        while left != 0 and (block := file.read(BLOCK_BYTES if left < 0 else min(BLOCK_BYTES, left))):
            left -= len(block) if left > 0 else 0
            yield block
