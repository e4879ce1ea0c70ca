"""The rows of uploads: announced by a device, found again by it alone, finished or ended."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries.media import MediaRow, media_by_hash
from sync_server.database.queries.uploads import UploadRow, abandoned, add_upload, change_state, upload_by_id
from sync_server.database.writer import Writer
from sync_server.errors import RefusedError
from sync_server.evidence.arrivals import note_arrival

FINISHED_KEPT = timedelta(hours=24)
ENDED_AT_ONCE = 500
REMEMBERED = 1_000


class Announced(NamedTuple):
    """What a device says of a file before it sends it."""

    sha256: str
    length_bytes: int
    kind: str
    content_type: str
    assessment_id: str | None
    metadata: str


class UploadRows:
    """The rows, the latest of them remembered: that saves reading and decides nothing."""

    def __init__(self, database: Database, writer: Writer, clock: Clock, *, expiry: timedelta) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._expiry = expiry
        self._latest: OrderedDict[str, UploadRow] = OrderedDict()

    async def announce(self, device_id: str, announced: Announced) -> UploadRow:
        """Keep a new upload and return it; it is finished from the start when the server holds the file (UP-5).

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
        return row

    async def find(self, device_id: str, upload_id: str, *, anew: bool = False) -> UploadRow:
        """Return an upload of a device. `anew`: another process may have ended it, so what the database says counts.

        Raises:
            RefusedError: `upload-unknown`, `upload-gone`.
        """
        row = None if anew else self._latest.get(upload_id)
        if row is None:
            row = await asyncio.to_thread(self._read, upload_id)
        if row is None or row.device_id != device_id:
            raise RefusedError("upload-unknown")
        if row.state == "failed" or row.expires_at <= self._clock():
            self._latest.pop(upload_id, None)
            raise RefusedError("upload-gone")
        self._remember(row)
        return row

    async def finish(self, row: UploadRow, content_type: str) -> UploadRow:
        """Note that the upload's file has arrived and that it is of `content_type`; return its finished row."""
        now = self._clock()
        finished = row._replace(state="finished", expires_at=now + FINISHED_KEPT)

        def note(db: Connection) -> None:
            note_arrival(db, MediaRow(row.sha256, row.length_bytes, content_type, now, row.device_id))
            change_state(db, row.id, finished.state, finished.expires_at)

        await self._writer.run(note)
        self._remember(finished)
        return finished

    async def end(self, row: UploadRow) -> None:
        """Let nobody go on with an upload."""
        now = self._clock()
        await self._writer.run(lambda db: change_state(db, row.id, "failed", now))
        self._latest.pop(row.id, None)

    async def abandoned(self) -> Sequence[UploadRow]:
        """Return uploads whose time is over, at most ENDED_AT_ONCE."""
        now = self._clock()

        def read() -> Sequence[UploadRow]:
            with self._database.reading() as db:
                return [row for name in abandoned(db, now, ENDED_AT_ONCE) if (row := upload_by_id(db, name))]

        return await asyncio.to_thread(read)

    def _read(self, upload_id: str) -> UploadRow | None:
        with self._database.reading() as db:
            return upload_by_id(db, upload_id)

    def _held_length(self, sha256: str) -> int | None:
        with self._database.reading() as db:
            row = media_by_hash(db, sha256)
        # What retention erased is not taken again: a phone that still has it need not send it.
        return row.size_bytes if row is not None else None

    def _remember(self, row: UploadRow) -> None:
        self._latest[row.id] = row
        if len(self._latest) > REMEMBERED:
            self._latest.popitem(last=False)
