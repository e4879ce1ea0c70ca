"""Resumable upload of one file, without a word of any protocol's headers (those are in `routes/api/media`).

UP-1  An offset that was answered is durably kept, and only grows.
UP-2  A file exists only once all its bytes have the SHA-256 they were announced with. Wrong bytes are removed, and the
      upload is gone; another may be begun at once.
UP-3  One request at a time writes to an upload; another one meanwhile is refused and changes nothing.
UP-4  What was read before a connection broke is kept, unless a checksum was to cover it.
UP-5  A file the server holds already needs no upload: its offset is its length from the start.
UP-6  After a crash between the file and its row, the next question finds the file and writes the row.
UP-7  Any process that shares the database and the parts may go on with an upload that another one began.
UP-8  A file that was erased while an upload of it was under way is not kept again. Who sends it is answered as if it
      were, and need not send it any more.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple

from checklists.language import N_, sentence
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries.uploads import UploadRow
from sync_server.database.writer import Writer
from sync_server.errors import RefusedError
from sync_server.evidence.sniff import HEAD_BYTES, sniffed_type
from sync_server.evidence.store import MediaGoneError, MediaStore, OffsetTakenError, Parts
from sync_server.evidence.upload_bytes import Checksum, UploadBytes, check_fit
from sync_server.evidence.upload_rows import Announced, UploadRows


class Progress(NamedTuple):
    """How far an upload is."""

    upload: UploadRow
    offset: int


class Uploads:
    """Uploads of one process. Rows are announced and bytes appended by their own classes; here a file is finished."""

    def __init__(
        self, database: Database, writer: Writer, store: MediaStore, parts: Parts, clock: Clock, *, expiry: timedelta
    ) -> None:
        self._rows = UploadRows(database, writer, clock, expiry=expiry)
        self._bytes = UploadBytes(parts)
        self._store = store
        self._busy: set[str] = set()

    def forget(self) -> None:
        """Look every upload up again: a phone was handed on."""
        self._rows.forget()

    async def create(self, device_id: str, announced: Announced) -> Progress:
        """Announce a file.

        Raises:
            RefusedError: `length-differs` when the file is held with another length; `uploads-open`,
                `upload-bytes-open`: the device has too much under way; `storage-full`: too little room is left.
        """
        row, ended = await self._rows.announce(device_id, announced, check_room=self._bytes.check_room)
        for upload_id in ended:
            await self._bytes.remove(upload_id)
        if row.state == "finished":
            return Progress(row, row.length_bytes)
        if row.length_bytes == 0:
            await asyncio.to_thread(self._store.put, hashlib.sha256().hexdigest(), b"")
            return await self._finish(row, b"")
        self._bytes.begin(row)
        return Progress(row, 0)

    async def progress(self, device_id: str, upload_id: str) -> Progress:
        """Return how far an upload is.

        Raises:
            RefusedError: `upload-unknown`, `upload-gone`.
        """
        row = await self._rows.find(device_id, upload_id, anew=True)
        if row.state == "finished":
            return Progress(row, row.length_bytes)
        offset = await self._bytes.length(row)
        if offset == 0 and row.length_bytes and await asyncio.to_thread(self._store.has, row.sha256):
            return await self._finish(row, await self._head_of_file(row))
        if offset == row.length_bytes and row.length_bytes and upload_id not in self._busy:
            return await self._verify(row)
        return Progress(row, offset)

    async def append(
        self,
        device_id: str,
        upload_id: str,
        offset: int,
        body: AsyncIterator[bytes],
        *,
        size_bytes: int | None,
        checksum: Checksum | None = None,
    ) -> Progress:
        """Keep the bytes of `body` at `offset` and return the new one. `size_bytes` is what the body announces.

        Raises:
            BodyCutError: from `body`; what came before is kept (UP-4).
            RefusedError: those of `progress`, `offset-differs`, `upload-too-large`, `upload-busy`, `checksum-differs`
                (nothing of this body kept) or `hash-differs` (the upload is gone).
        """
        row = await self._rows.find(device_id, upload_id)
        if upload_id in self._busy:
            raise RefusedError("upload-busy")
        self._busy.add(upload_id)
        try:
            if row.state == "finished":
                return await self._compare(row, offset, body)
            await self._bytes.check_offset(row, offset)
            check_fit(row, offset + (size_bytes or 0))
            offset = await self._bytes.take(row, offset, body, checksum)
            return await self._verify(row) if offset == row.length_bytes else Progress(row, offset)
        except OffsetTakenError as error:
            raise RefusedError("offset-differs") from error
        finally:
            self._busy.discard(upload_id)

    async def terminate(self, device_id: str, upload_id: str) -> None:
        """Forget an upload. A file that was finished stays."""
        await self._end(await self._rows.find(device_id, upload_id))

    async def expire(self) -> int:
        """End abandoned uploads and return how many."""
        rows = await self._rows.abandoned()
        for row in rows:
            await self._end(row)
        return len(rows)

    async def _verify(self, row: UploadRow) -> Progress:
        digest, head = await self._bytes.digest(row)
        if digest != row.sha256 and await self._was_adopted(row):
            # Another process was quicker, and has checked the file.
            return await self._finish(row, await self._head_of_file(row))
        if digest != row.sha256:
            await self._end(row)
            raise RefusedError("hash-differs")
        if await self._rows.is_erased(row.sha256):
            await self._bytes.remove(row.id)
            return await self._finish(row, head)
        await asyncio.to_thread(self._store.adopt, row.id, row.sha256)
        progress = await self._finish(row, head)
        if await self._rows.is_erased(row.sha256):  # between the two
            await asyncio.to_thread(self._store.remove, row.sha256)
        return progress

    async def _finish(self, row: UploadRow, head: bytes) -> Progress:
        return Progress(await self._rows.finish(row, sniffed_type(head)), row.length_bytes)

    async def _compare(self, row: UploadRow, offset: int, body: AsyncIterator[bytes]) -> Progress:
        """Drop what a client sends that did not look first; what differs from the held file is refused."""
        if offset not in (0, row.length_bytes):
            raise OffsetTakenError(row.id)
        at = offset
        async for chunk in body:
            check_fit(row, at + len(chunk))
            held = await asyncio.to_thread(self._range, row.sha256, at, at + len(chunk))
            if held != chunk:
                raise RefusedError(
                    "hash-differs", sentence(N_("The server holds this file, and these are not its bytes."))
                )
            at += len(chunk)
        return Progress(row, row.length_bytes)

    async def _end(self, row: UploadRow) -> None:
        await self._rows.end(row)
        await self._bytes.remove(row.id)

    async def _was_adopted(self, row: UploadRow) -> bool:
        return await self._bytes.length(row) != row.length_bytes and await asyncio.to_thread(
            self._store.has, row.sha256
        )

    async def _head_of_file(self, row: UploadRow) -> bytes:
        return await asyncio.to_thread(self._range, row.sha256, 0, HEAD_BYTES)

    def _range(self, sha256: str, start: int, end: int) -> bytes:
        try:
            return b"".join(self._store.read(sha256, start, end))
        except MediaGoneError as error:
            raise RefusedError("upload-gone", sentence(N_("The file was erased; begin another upload."))) from error
