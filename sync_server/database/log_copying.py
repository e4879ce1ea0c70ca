"""SQLite's log copied into its database beside the writer, so that no write waits while pages are copied and synced.

DB-4  The writer itself copies only when this falls behind by CHECKPOINT_PAGES: the log never grows for good.
"""

from __future__ import annotations

import logging
import sqlite3
import threading

from sync_server.database.engine import Database, FileReplacedError
from sync_server.database.writer import Writer

logger = logging.getLogger(__name__)

WRITES = 1_000  # some 9,000 pages of records of 10 KB: a page that many of them change is copied once
SELDOM_S = 60.0  # what few writes left in the log; erased words are overwritten in the database only by copying


class LogCopying:
    """One thread. For a server on SQLite; PostgreSQL sees to its log itself."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        self._copied = 0  # writes
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._writer.after_commit(self._note)
        self._thread.start()

    def close(self, timeout_s: float) -> None:
        """Stop. What is still in the log is durable, and copied when the database is closed."""
        self._stopping.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def copy(self) -> None:
        """Copy what was written since the last time."""
        written = self._writer.written
        if written != self._copied:
            self._database.copy_log()
            self._copied = written

    def _note(self) -> None:
        if self._writer.written - self._copied >= WRITES:
            self._due.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._due.wait(SELDOM_S)
            self._due.clear()
            try:
                self.copy()
            except (sqlite3.Error, FileReplacedError) as error:
                # The writer meets a full disk, or another file, itself and says so to whoever waits.
                logger.warning("the log could not be copied (%s)", type(error).__name__)
                self._stopping.wait(SELDOM_S)
