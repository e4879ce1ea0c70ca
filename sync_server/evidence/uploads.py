"""Resumable upload of one file, without a word of any protocol's headers (those are in `routes/api/media`).

UP-1  An offset that was answered is durably kept, and only grows.
UP-2  A file exists only once all its bytes have the SHA-256 they were announced with. Wrong bytes are removed, and the
      upload is gone; another may be begun at once.
UP-3  One request at a time writes to an upload; another one meanwhile is told so and changes nothing.
UP-4  What was read before a connection broke is kept, unless a checksum was to cover it.
UP-5  A file the server holds already needs no upload: its offset is its length from the start.
UP-6  After a crash between the file and its row, the next question finds the file and writes the row.
UP-7  Any process that shares the database and the parts may go on with an upload that another one began.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from checklists.language import N_, sentence
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries.media import MediaRow, media_by_hash
from sync_server.database.queries.uploads import UploadRow, abandoned, add_upload, change_state, upload_by_id
from sync_server.database.writer import Writer
from sync_server.errors import RefusedError
from sync_server.evidence.arrivals import note_arrival
from sync_server.evidence.sniff import HEAD_BYTES, content_type_of
from sync_server.evidence.store import MediaGoneError, MediaStore, OffsetTakenError, Parts

WRITE_AT_ONCE = 4 << 20
FINISHED_KEPT = timedelta(hours=24)
REMEMBERED = 1_000


class BodyCutError(Exception):
    """The connection broke, or nothing came for too long, before the body was whole."""


class Announced(NamedTuple):
    """What a device says of a file before it sends it."""

    sha256: str
    length_bytes: int
    kind: str
    content_type: str
    assessment_id: str | None
    metadata: str


class Checksum(NamedTuple):
    """The digest one request's body must have."""

    algorithm: str  # sha1, sha256
    digest: bytes


class Progress(NamedTuple):
    """How far an upload is."""

    upload: UploadRow
    offset: int


class _Read(NamedTuple):
    """What was hashed of an upload while it came in, so that nothing is read back when it is whole."""

    length_bytes: int
    hasher: Any
    head: bytes


class Uploads:
    """Uploads of one process. What it remembers between requests saves work and decides nothing."""

    def __init__(
        self, database: Database, writer: Writer, store: MediaStore, parts: Parts, clock: Clock, *, expiry: timedelta
    ) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._parts = parts
        self._clock = clock
        self._expiry = expiry
        self._busy: set[str] = set()
        self._rows: OrderedDict[str, UploadRow] = OrderedDict()
        self._hashed: OrderedDict[str, _Read] = OrderedDict()

    async def create(self, device_id: str, announced: Announced) -> Progress:
        """Announce a file.

        Raises:
            RefusedError: `length-differs` when the file is held with another length.
        """
        now = self._clock()
        held = await asyncio.to_thread(self._held_length, announced.sha256)
        if held is not None and held != announced.length_bytes:
            raise RefusedError("length-differs", size_bytes=held)
        row = UploadRow(
            id=secrets.token_hex(16),
            device_id=device_id,
            sha256=announced.sha256,
            kind=announced.kind,
            content_type=announced.content_type,
            assessment_id=announced.assessment_id,
            length_bytes=announced.length_bytes,
            metadata=announced.metadata,
            state="open" if held is None else "finished",
            created_at=now,
            expires_at=now + (self._expiry if held is None else FINISHED_KEPT),
        )
        await self._writer.run(lambda db: add_upload(db, row))
        self._remember(row)
        if held is None and announced.length_bytes == 0:
            await asyncio.to_thread(self._store.put, hashlib.sha256().hexdigest(), b"")
            return await self._finish(row, b"")
        if held is None:
            self._note_read(row, _Read(0, hashlib.sha256(), b""))
        return Progress(row, held or 0)

    async def progress(self, device_id: str, upload_id: str) -> Progress:
        """Return how far an upload is.

        Raises:
            RefusedError: `upload-unknown`, `upload-gone`.
        """
        self._rows.pop(upload_id, None)  # another process may have ended it: what the database says counts
        row = await self._find(device_id, upload_id)
        if row.state == "finished":
            return Progress(row, row.length_bytes)
        offset = await asyncio.to_thread(self._parts.length, upload_id)
        if offset == 0 and row.length_bytes and await asyncio.to_thread(self._store.has, row.sha256):
            head = await asyncio.to_thread(self._head_of_file, row.sha256)
            return await self._finish(row, head)
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
        row = await self._find(device_id, upload_id)
        if upload_id in self._busy:
            raise RefusedError("upload-busy")
        self._busy.add(upload_id)
        try:
            if row.state == "finished":
                return await self._compare(row, offset, body)
            await self._check_offset(row, offset)
            _check_fit(row, offset + (size_bytes or 0))
            return await self._take(row, offset, body, checksum)
        except OffsetTakenError as error:
            raise RefusedError("offset-differs") from error
        finally:
            self._busy.discard(upload_id)

    async def terminate(self, device_id: str, upload_id: str) -> None:
        """Forget an upload. A file that was finished stays."""
        row = await self._find(device_id, upload_id)
        await self._end(row)

    async def expire(self) -> int:
        """End abandoned uploads and return how many."""
        now = self._clock()

        def find() -> list[UploadRow]:
            with self._database.reading() as db:
                return [row for name in abandoned(db, now, 500) if (row := upload_by_id(db, name))]

        rows = await asyncio.to_thread(find)
        for row in rows:
            await self._end(row)
        return len(rows)

    async def _find(self, device_id: str, upload_id: str) -> UploadRow:
        row = self._rows.get(upload_id)
        if row is None:
            row = await asyncio.to_thread(self._read_row, upload_id)
        if row is None or row.device_id != device_id:
            raise RefusedError("upload-unknown")
        if row.state == "failed" or row.expires_at <= self._clock():
            raise RefusedError("upload-gone")
        self._remember(row)
        return row

    async def _check_offset(self, row: UploadRow, offset: int) -> None:
        known = self._hashed.get(row.id)
        if known and known.length_bytes == offset:
            return
        # Another process may have gone on with it since this one wrote.
        self._hashed.pop(row.id, None)
        if await asyncio.to_thread(self._parts.length, row.id) != offset:
            raise OffsetTakenError(row.id)

    async def _take(
        self, row: UploadRow, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None
    ) -> Progress:
        waiting = bytearray()
        try:
            async for chunk in body:
                waiting += chunk
                _check_fit(row, offset + len(waiting))
                if checksum is None and len(waiting) >= WRITE_AT_ONCE:
                    offset = await self._write(row, offset, waiting)
                    waiting = bytearray()
        except BodyCutError:
            if checksum is None and waiting:
                await asyncio.shield(self._write(row, offset, waiting))
            raise
        if checksum and hashlib.new(checksum.algorithm, waiting, usedforsecurity=False).digest() != checksum.digest:
            raise RefusedError("checksum-differs")
        if waiting:
            offset = await self._write(row, offset, waiting)
        return await self._verify(row) if offset == row.length_bytes else Progress(row, offset)

    async def _write(self, row: UploadRow, offset: int, data: bytearray) -> int:
        known = self._hashed.pop(row.id, None)
        if known is None and offset == 0:
            known = _Read(0, hashlib.sha256(), b"")
        end = offset + len(data)
        work = [asyncio.to_thread(self._parts.append, row.id, offset, data, last=end == row.length_bytes)]
        if known and known.length_bytes == offset:
            work.append(asyncio.to_thread(known.hasher.update, data))  # while the disk is busy
            await _all_of(work)
            self._note_read(row, _Read(end, known.hasher, known.head or bytes(data[:HEAD_BYTES])))
        else:
            await _all_of(work)
        return end

    def _note_read(self, row: UploadRow, read: _Read) -> None:
        self._hashed[row.id] = read
        if len(self._hashed) > REMEMBERED:
            self._hashed.popitem(last=False)

    async def _verify(self, row: UploadRow) -> Progress:
        known = self._hashed.pop(row.id, None)
        if known and known.length_bytes == row.length_bytes:
            digest, head = known.hasher.hexdigest(), known.head
        else:
            digest, head = await asyncio.to_thread(self._digest, row.id)
        if digest != row.sha256 and await asyncio.to_thread(self._was_adopted, row):
            # Another process was quicker, and has checked the file.
            return await self._finish(row, await asyncio.to_thread(self._head_of_file, row.sha256))
        if digest != row.sha256:
            await self._end(row)
            raise RefusedError("hash-differs")
        await asyncio.to_thread(self._store.adopt, row.id, row.sha256)
        return await self._finish(row, head)

    async def _finish(self, row: UploadRow, head: bytes) -> Progress:
        now = self._clock()
        finished = row._replace(state="finished", expires_at=now + FINISHED_KEPT)
        kind = content_type_of(head)

        def note(db: Any) -> None:
            note_arrival(db, MediaRow(row.sha256, row.length_bytes, kind, now, row.device_id))
            change_state(db, row.id, finished.state, finished.expires_at)

        await self._writer.run(note)
        self._remember(finished)
        return Progress(finished, row.length_bytes)

    async def _compare(self, row: UploadRow, offset: int, body: AsyncIterator[bytes]) -> Progress:
        """Drop what a client sends that did not look first; what differs from the held file is refused."""
        if offset not in (0, row.length_bytes):
            raise OffsetTakenError(row.id)
        at = offset
        async for chunk in body:
            _check_fit(row, at + len(chunk))
            held = await asyncio.to_thread(self._range, row.sha256, at, at + len(chunk))
            if held != chunk:
                raise RefusedError(
                    "hash-differs", sentence(N_("The server holds this file, and these are not its bytes."))
                )
            at += len(chunk)
        return Progress(row, row.length_bytes)

    async def _end(self, row: UploadRow) -> None:
        now = self._clock()
        await self._writer.run(lambda db: change_state(db, row.id, "failed", now))
        self._rows.pop(row.id, None)
        self._hashed.pop(row.id, None)
        await asyncio.to_thread(self._parts.remove, row.id)

    def _remember(self, row: UploadRow) -> None:
        self._rows[row.id] = row
        if len(self._rows) > REMEMBERED:
            self._rows.popitem(last=False)

    def _read_row(self, upload_id: str) -> UploadRow | None:
        with self._database.reading() as db:
            return upload_by_id(db, upload_id)

    def _held_length(self, sha256: str) -> int | None:
        with self._database.reading() as db:
            row = media_by_hash(db, sha256)
        # What retention erased is not taken again: a phone that still has it need not send it.
        return row.size_bytes if row is not None else None

    def _digest(self, upload_id: str) -> tuple[str, bytes]:
        blocks = self._parts.read(upload_id)
        first = next(blocks, b"")
        hasher = hashlib.sha256(first)
        for block in blocks:
            hasher.update(block)
        return hasher.hexdigest(), first[:HEAD_BYTES]

    def _was_adopted(self, row: UploadRow) -> bool:
        return self._parts.length(row.id) != row.length_bytes and self._store.has(row.sha256)

    def _head_of_file(self, sha256: str) -> bytes:
        return self._range(sha256, 0, HEAD_BYTES)

    def _range(self, sha256: str, start: int, end: int) -> bytes:
        try:
            return b"".join(self._store.read(sha256, start, end))
        except MediaGoneError as error:
            raise RefusedError("upload-gone", sentence(N_("The file was erased; begin another upload."))) from error


async def _all_of(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Wait for all of `work`, also when one fails: nothing may still be writing once this has ended."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for failure in filter(None, results):
        raise failure


def _check_fit(row: UploadRow, end: int) -> None:
    if end > row.length_bytes:
        raise RefusedError("upload-too-large", length_bytes=row.length_bytes)
