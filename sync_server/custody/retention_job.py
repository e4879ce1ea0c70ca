"""The job that erases what was kept long enough, once a day, by one of the processes."""

from __future__ import annotations

import logging
from datetime import timedelta

from sync_server.clock import Clock
from sync_server.custody.file_retention import Due
from sync_server.custody.retention import Retention
from sync_server.database.queries.jobs import ask_for
from sync_server.database.writer import Writer
from sync_server.jobs.wishes import RETAIN_JOB
from sync_server.season.observed_time import ObservedTime

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)


class RetentionJob:
    """Announces or erases what is due, and asks for itself again."""

    def __init__(self, writer: Writer, clock: Clock, time: ObservedTime, retention: Retention) -> None:
        self._writer = writer
        self._clock = clock
        self._time = time
        self._retention = retention

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks. A repeat, or another process at the same time, does no harm."""
        observed = self._writer.run_from_thread(lambda db: self._time.note(db, self._clock()))
        if self._retention.is_confirmed(observed, self._clock()):
            erased = list(self._retention.erased(self._retention.due(observed), self._clock()))
            files = sum(isinstance(one, Due) for one in erased)
            if erased:
                logger.info(
                    "time was over: %d files and the words of %d assessments were erased", files, len(erased) - files
                )
        due_at = self._clock() + EVERY
        self._writer.run_from_thread(lambda db: ask_for(db, [RETAIN_JOB], due_at))
