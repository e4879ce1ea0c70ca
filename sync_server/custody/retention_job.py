"""The job that erases what was kept long enough, once a day, by one of the processes."""

from __future__ import annotations

import logging
from datetime import timedelta

from sync_server.clock import Clock
from sync_server.custody.file_retention import Periods, due_files, erase
from sync_server.custody.word_retention import WordErasure, due_words
from sync_server.database.engine import Database
from sync_server.database.queries.jobs import ask_for
from sync_server.database.writer import Writer
from sync_server.evidence.store import MediaStore
from sync_server.jobs.wishes import RETAIN_JOB
from sync_server.season.forms import FormBook

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)


class RetentionJob:
    """Erases what is due and asks for itself again."""

    def __init__(
        self, database: Database, writer: Writer, store: MediaStore, clock: Clock, *, periods: Periods, forms: FormBook
    ) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._clock = clock
        self._periods = periods
        self._words = WordErasure(database, forms, by="system")

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks. A repeat, or another process at the same time, does no harm."""
        files = due_files(self._database, self._clock(), self._periods)
        erased = sum(erase(self._database, self._store, due, self._clock(), by="system") for due in files)
        if erased:
            logger.info("%d files were erased: their time was over", erased)
        assessments = due_words(self._database, self._clock(), self._periods)
        bared = sum(self._words.erase(due, self._clock()) for due in assessments)
        if bared:
            logger.info("the words of %d assessments were erased: their time was over", bared)
        due_at = self._clock() + EVERY
        self._writer.run_from_thread(lambda db: ask_for(db, [RETAIN_JOB], due_at))
