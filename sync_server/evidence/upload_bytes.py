"""The bytes of uploads on their way in: kept at their offset, and hashed while the disk is busy with them.

UPB-1  However long a body is, a few megabytes of it are in memory; what a checksum is to cover waits on the disk.
UPB-2  No byte is taken while the disk has less room than its reserve: records come first, and are small.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any, NamedTuple

from sync_server.database.queries.uploads import UploadRow
from sync_server.errors import RefusedError
from sync_server.evidence.sniff import HEAD_BYTES
from sync_server.evidence.store import OffsetTakenError, Parts

WRITE_AT_ONCE = 4 << 20
REMEMBERED = 1_000
RESERVE_BYTES, RESERVE_SHARE = 500_000_000, 20  # so much, or this part of a small disk


class BodyCutError(Exception):
    """The connection broke, or nothing came for too long, before the body was whole."""


class Checksum(NamedTuple):
    """The digest one request's body must have."""

    algorithm: str  # sha1, sha256
    digest: bytes


class _Hashed(NamedTuple):
    """What was hashed of an upload while it came in, so that nothing is read back when it is whole."""

    length_bytes: int
    hasher: Any
    head: bytes


class UploadBytes:
    """The bytes of uploads. What is remembered of their hashes saves reading and decides nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._hashed: OrderedDict[str, _Hashed] = OrderedDict()

    async def length(self, row: UploadRow) -> int:
        """Return how many bytes are durably kept."""
        return await asyncio.to_thread(self._parts.length, row.id)

    def begin(self, row: UploadRow) -> None:
        """Take note that nothing has come of a new upload: its first bytes need not ask."""
        self._remember(row, _Hashed(0, hashlib.sha256(), b""))

    async def check_offset(self, row: UploadRow, offset: int) -> None:
        """Raise OffsetTakenError unless the next byte of an upload is the one at `offset`."""
        hashed = self._hashed.get(row.id)
        if hashed and hashed.length_bytes == offset:
            return
        # Another process may have gone on with it since this one wrote.
        self._hashed.pop(row.id, None)
        if await self.length(row) != offset:
            raise OffsetTakenError(row.id)

    async def take(self, row: UploadRow, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None) -> int:
        """Keep the bytes of `body` at `offset`, which was checked, and return the new one.

        Raises:
            BodyCutError: from `body`; what came before is kept, unless a checksum was to cover it (UP-4).
            OffsetTakenError: another process was quicker.
            RefusedError: `upload-too-large`, `checksum-differs`: nothing of this body is kept.
        """
        self.check_room()
        if checksum is not None:
            return await self._take_checked(row, offset, body, checksum)
        waiting = bytearray()
        try:
            async for chunk in body:
                waiting += chunk
                check_fit(row, offset + len(waiting))
                if len(waiting) >= WRITE_AT_ONCE:
                    offset = await self._write(row, offset, waiting)
                    waiting = bytearray()
        except BodyCutError:
            if waiting:
                await asyncio.shield(self._write(row, offset, waiting))
            raise
        return await self._write(row, offset, waiting) if waiting else offset

    async def _take_checked(self, row: UploadRow, offset: int, body: AsyncIterator[bytes], checksum: Checksum) -> int:
        folder = self._parts.spool_folder
        hasher, length = hashlib.new(checksum.algorithm, usedforsecurity=False), 0
        with tempfile.SpooledTemporaryFile(WRITE_AT_ONCE, dir=None if folder is None else str(folder)) as aside:
            async for chunk in body:
                length += len(chunk)
                check_fit(row, offset + length)
                hasher.update(chunk)
                if length > WRITE_AT_ONCE:
                    await asyncio.to_thread(aside.write, chunk)
                else:
                    aside.write(chunk)
            if hasher.digest() != checksum.digest:
                raise RefusedError("checksum-differs")
            aside.seek(0)
            while block := await asyncio.to_thread(aside.read, WRITE_AT_ONCE):
                offset = await self._write(row, offset, bytearray(block))
        return offset

    def check_room(self) -> None:
        """Refuse with `storage-full` while the disk under the parts has less room than its reserve."""
        folder = self._parts.spool_folder
        if folder is None:
            return
        disk = shutil.disk_usage(folder)
        if disk.free < min(RESERVE_BYTES, disk.total // RESERVE_SHARE):
            raise RefusedError("storage-full")

    async def digest(self, row: UploadRow) -> tuple[str, bytes]:
        """Return the SHA-256 of a whole upload, and its first bytes."""
        hashed = self._hashed.pop(row.id, None)
        if hashed and hashed.length_bytes == row.length_bytes:
            return hashed.hasher.hexdigest(), hashed.head
        return await asyncio.to_thread(self._read_digest, row.id)

    async def remove(self, upload_id: str) -> None:
        """Forget an upload's bytes."""
        self._hashed.pop(upload_id, None)
        await asyncio.to_thread(self._parts.remove, upload_id)

    async def _write(self, row: UploadRow, offset: int, data: bytearray) -> int:
        hashed = self._hashed.pop(row.id, None)
        if hashed is None and offset == 0:
            hashed = _Hashed(0, hashlib.sha256(), b"")
        end = offset + len(data)
        work = [asyncio.to_thread(self._parts.append, row.id, offset, data, last=end == row.length_bytes)]
        if hashed and hashed.length_bytes == offset:
            work.append(asyncio.to_thread(hashed.hasher.update, data))  # while the disk is busy
            await _all_of(work)
            self._remember(row, _Hashed(end, hashed.hasher, hashed.head or bytes(data[:HEAD_BYTES])))
        else:
            await _all_of(work)
        return end

    def _remember(self, row: UploadRow, hashed: _Hashed) -> None:
        self._hashed[row.id] = hashed
        if len(self._hashed) > REMEMBERED:
            self._hashed.popitem(last=False)

    def _read_digest(self, upload_id: str) -> tuple[str, bytes]:
        blocks = self._parts.read(upload_id)
        first = next(blocks, b"")
        hasher = hashlib.sha256(first)
        for block in blocks:
            hasher.update(block)
        return hasher.hexdigest(), first[:HEAD_BYTES]


def check_fit(row: UploadRow, end: int) -> None:
    """Refuse bytes beyond the length that was announced: 413 `upload-too-large`."""
    if end > row.length_bytes:
        raise RefusedError("upload-too-large", length_bytes=row.length_bytes)


async def _all_of(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Wait for all of `work`, also when one fails: nothing may still be writing once this has ended."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for failure in filter(None, results):
        raise failure
