"""The rows of uploads: announced by a device, found again by it alone, finished or ended.

UPR-1  A device has at most MOST_OPEN uploads under way, of at most MOST_OPEN_BYTES together, or one larger file.
UPR-2  Before it is refused for that, what it began earlier of the same file ends: a phone that never read the answer
       to its announcement begins again, and is not shut out for days.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries.media import MediaRow, is_erased, media_by_hash
from sync_server.database.queries.uploads import (
    OpenUpload,
    UploadRow,
    abandoned,
    add_upload,
    change_state,
    open_uploads,
    upload_by_id,
)
from sync_server.database.writer import Writer
from sync_server.errors import RefusedError
from sync_server.evidence.arrivals import note_arrival

FINISHED_KEPT = timedelta(hours=24)
ENDED_AT_ONCE = 500
MOST_OPEN, MOST_OPEN_BYTES = 50, 1_000_000_000
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

    async def announce(
        self, device_id: str, announced: Announced, *, check_room: Callable[[], None]
    ) -> tuple[UploadRow, Sequence[str]]:
        """Keep a new upload and return it, and the ids of those that ended for it (UPR-2): their bytes are to go.

        It is finished from the start when the server holds the file (UP-5); else `check_room` may refuse it.

        Raises:
            RefusedError: `length-differs` when the file is held with another length; `uploads-open`,
                `upload-bytes-open` when the device has too much under way.
        """
        now = self._clock()
        held = await asyncio.to_thread(self._held_length, announced.sha256)
        if held is not None and held != announced.length_bytes:
            raise RefusedError("length-differs")
        if held is None:
            check_room()
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

        def add(db: Connection) -> Sequence[str]:
            ended = _make_room(db, row) if held is None else ()
            add_upload(db, row)
            return ended

        ended = await self._writer.run(add)
        for upload_id in ended:
            self._latest.pop(upload_id, None)
        self._remember(row)
        return row, ended

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

    async def is_erased(self, sha256: str) -> bool:
        """Return whether the file was here once and was erased."""
        return await asyncio.to_thread(self._is_erased, sha256)

    def forget(self) -> None:
        """Look every upload up again: a phone was handed on."""
        self._latest.clear()

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

    def _is_erased(self, sha256: str) -> bool:
        with self._database.reading() as db:
            return is_erased(db, sha256)

    def _held_length(self, sha256: str) -> int | None:
        with self._database.reading() as db:
            row = media_by_hash(db, sha256)
        # What retention erased is not taken again: a phone that still has it need not send it.
        return row.size_bytes if row is not None else None

    def _remember(self, row: UploadRow) -> None:
        self._latest[row.id] = row
        if len(self._latest) > REMEMBERED:
            self._latest.popitem(last=False)


def _make_room(db: Connection, row: UploadRow) -> Sequence[str]:
    """End what the device began earlier of the file of `row`, if it must be, and return that."""
    begun = open_uploads(db, row.device_id, row.created_at)
    if _refusal(begun, row) is None:
        return ()
    if refusal := _refusal([one for one in begun if one.sha256 != row.sha256], row):
        raise refusal
    ended = [one.id for one in begun if one.sha256 == row.sha256]
    for upload_id in ended:
        change_state(db, upload_id, "failed", row.created_at)
    return ended


def _refusal(begun: Sequence[OpenUpload], row: UploadRow) -> RefusedError | None:
    if len(begun) >= MOST_OPEN:
        return RefusedError("uploads-open", limit=MOST_OPEN)
    if begun and sum(one.length_bytes for one in begun) + row.length_bytes > MOST_OPEN_BYTES:
        return RefusedError("upload-bytes-open", limit=MOST_OPEN_BYTES)
    return None
