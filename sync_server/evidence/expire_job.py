"""The job that tidies up once an hour, by one process: abandoned uploads end, files without a word get a job."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sync_server.clock import Clock
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.writer import Writer
from sync_server.evidence.arrivals import ask_for_missing_derivatives
from sync_server.evidence.uploads import Uploads

EXPIRE_JOB = Job("expire", "uploads")
EVERY = timedelta(hours=1)


class ExpireJob:
    """Ends what is abandoned and asks for itself again."""

    def __init__(self, uploads: Uploads, writer: Writer, clock: Clock) -> None:
        self._uploads = uploads
        self._writer = writer
        self._clock = clock

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks."""
        asyncio.run(self._uploads.expire())
        due_at = self._clock() + EVERY
        self._writer.run_from_thread(lambda db: ask_for_missing_derivatives(db, self._clock()))
        self._writer.run_from_thread(lambda db: ask_for(db, [EXPIRE_JOB], due_at))
