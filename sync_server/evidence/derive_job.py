"""The job that makes derivatives of a file that arrived, or says for good why there are none."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence

from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.derivatives import DerivativeRow, keep_derivatives, keep_waveform
from sync_server.database.queries.media import assessments_naming, media_by_hash
from sync_server.database.writer import StorageFullError, Writer
from sync_server.evidence.derive_child import LOUDNESS
from sync_server.evidence.sniff import HEAD_BYTES, sniffed_type
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.evidence.workshop import Made, Workshop

ROOM_BYTES = 100_000_000  # what is made of a file, while it is made


class DeriveJob:
    """Makes and keeps derivatives. One call a file; a repeat makes the same again."""

    def __init__(
        self, database: Database, writer: Writer, store: MediaStore, clock: Clock, workshop: Workshop | None = None
    ) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._clock = clock
        self._workshop = workshop or Workshop()

    def __call__(self, sha256: str) -> None:
        """Make the derivatives of `sha256`. Blocks; returns when they are durable, and open pages are told.

        Raises:
            ChildLostError: the machine ended the work; there is no word on the file yet.
            StorageFullError: there is no room to work in.
        """
        with self._database.reading() as db:
            file = media_by_hash(db, sha256)
        if file is None or file.erased_at is not None:
            return
        if shutil.disk_usage(tempfile.gettempdir()).free < file.size_bytes + ROOM_BYTES:
            raise StorageFullError
        try:
            # By its own bytes, with what is known of kinds today: when it came, its kind may not have been.
            head = b"".join(self._store.read(sha256, 0, HEAD_BYTES))
            made = self._workshop.make(self._store.read(sha256), sniffed_type(head))
            self._keep(sha256, made)
        except MediaGoneError:
            self._keep(sha256, [Made("shown", b"", "", "missing")])
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFullError from error
            raise

    def give_up(self, sha256: str) -> None:
        """Say of a file that the work on it failed each time. Blocks; returns when that is durable."""
        with self._database.reading() as db:
            file = media_by_hash(db, sha256)
        if file is not None and file.erased_at is None:
            self._keep(sha256, [Made("shown", b"", "", "gave-up")])

    def _keep(self, sha256: str, made: Sequence[Made]) -> None:
        rows: list[DerivativeRow] = []
        bars = next((one.data for one in made if one.purpose == LOUDNESS), b"")
        for one in made:
            if one.purpose == LOUDNESS:
                continue
            name = None if one.problem else hashlib.sha256(one.data).hexdigest()
            if name is not None:
                self._store.put(name, one.data)
            rows.append(
                DerivativeRow(sha256, one.purpose, name, one.content_type, len(one.data), self._clock(), one.problem)
            )

        def keep(db: Connection) -> None:
            keep_derivatives(db, rows)
            if bars:
                keep_waveform(db, sha256, json.loads(bars))
            append_changes(
                db,
                [
                    NewChange(audience="office", kind="media", subject_id=assessment_id, changed_at=self._clock())
                    for assessment_id in assessments_naming(db, sha256)
                ],
            )

        self._writer.run_from_thread(keep)
