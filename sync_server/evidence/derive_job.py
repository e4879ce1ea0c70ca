"""The job that makes derivatives of a file that arrived."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.derivatives import DerivativeRow, keep_derivatives
from sync_server.database.queries.media import assessments_naming, media_by_hash
from sync_server.database.writer import Writer
from sync_server.evidence.store import MediaGoneError, MediaStore


class DeriveJob:
    """Makes and keeps derivatives. One call a file; a repeat makes the same again."""

    def __init__(self, database: Database, writer: Writer, store: MediaStore, clock: Clock) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._clock = clock

    def __call__(self, sha256: str) -> None:
        """Make the derivatives of `sha256`. Blocks; returns when they are durable, and open pages are told."""
        # Loading the codecs takes a while; a server that got no file yet need not spend it.
        from sync_server.evidence.derive import derivatives_of  # noqa: PLC0415

        with self._database.reading() as db:
            file = media_by_hash(db, sha256)
        if file is None or file.erased_at is not None:
            return
        try:
            data = b"".join(self._store.read(sha256))
        except MediaGoneError:
            return
        rows: list[DerivativeRow] = []
        for derivative in derivatives_of(data, file.content_type):
            name = hashlib.sha256(derivative.data).hexdigest() if derivative.data else None
            if name is not None:
                self._store.put(name, derivative.data)
            row = DerivativeRow(
                sha256,
                derivative.purpose,
                name,
                derivative.content_type,
                len(derivative.data),
                self._clock(),
                derivative.problem,
            )
            rows.append(row)

        def keep(db: Connection) -> None:
            keep_derivatives(db, rows)
            append_changes(
                db,
                [
                    NewChange(audience="office", kind="media", subject_id=assessment_id, changed_at=self._clock())
                    for assessment_id in assessments_naming(db, sha256)
                ],
            )

        self._writer.run_from_thread(keep)
