"""The one way to the database: engines for SQLite and PostgreSQL, reading, and writing one at a time.

DB-1  Write transactions are serial on both engines, across processes: SQLite by BEGIN IMMEDIATE, PostgreSQL by an
      advisory lock held until commit. So numbers of the change feed appear in the order they were given.
DB-2  A commit that returned survives a power cut (SQLite: WAL with synchronous=FULL).
DB-3  Nothing is read from or committed to a SQLite file that is no longer the one under its name: what was deleted or
      replaced would be gone with the process. It stays away until the process starts anew.
DB-5  Rows that are read one by one (`streamed`) are let go with their block, wherever their reader stopped: a cursor of
      PostgreSQL that is left open is closed while somebody else works on its connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from sync_server.machine.files import make_folder

# Names the lock that makes write transactions serial on PostgreSQL. Any constant does; all processes share it.
WRITE_LOCK = 7_310_022_521
BUSY_TIMEOUT_MS = 10_000
# Pages a connection keeps. A reader's are stale after each commit; the writer's stay good, for nobody else writes.
READER_KB, WRITER_KB = 500, 2_000
# Prepared statements a connection keeps. Lists of every length make ever more of them.
READER_STATEMENTS, WRITER_STATEMENTS = 24, 128
# Pages after which the writer copies the log into the database itself, with a sync of its own, while others wait. In
# a server most have been copied by then (`log_copying`).
CHECKPOINT_PAGES = 16_000
STREAMS = "streams"
SQLITE_FULL = 13
FULL_SQLSTATES = frozenset({"53100"})


class FileReplacedError(Exception):
    """The SQLite file that was opened is not the one under its name any more: it was deleted, moved or replaced."""


class Database:
    """An engine with its two doors. Thread-safe."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.url = url
        self.engine = _sqlite(url, READER_KB, READER_STATEMENTS) if self.is_sqlite else _postgresql(url)
        # SQLite forgets what a connection has read when another one writes, and each prepares its own statements.
        self._writing = _sqlite(url, WRITER_KB, WRITER_STATEMENTS, pool_size=1) if self.is_sqlite else self.engine
        self._file = _file_of(url) if self.is_sqlite else None
        self._opened: tuple[int, int] | None = None  # which file it is, once a connection has been made

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view for reading. Never waits for a writer on SQLite or PostgreSQL; never writes.

        Raises:
            FileReplacedError
        """
        self._check_file()
        with self.engine.connect().execution_options(reading=True) as db, _letting_go(db):
            yield db

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One serial write transaction: durable when the block ends, nothing kept when it raises.

        Inside the server prefer `Writer.run`, which commits many at once.

        Raises:
            FileReplacedError: also at the end; nothing was kept then.
        """
        self._check_file()
        with self._writing.begin() as db, _letting_go(db):
            self.lock(db)
            yield db
            self._check_file()

    def lock(self, db: Connection) -> None:
        """Take the writers' lock for the rest of `db`'s transaction. Repeating it is harmless."""
        if not self.is_sqlite:
            db.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": WRITE_LOCK})

    def copy_log(self) -> None:
        """Copy what SQLite has committed from its log into the database, waiting for nobody and making nobody wait.

        Raises:
            FileReplacedError
            sqlite3.Error: the disk is full, or cannot be written.
        """
        if self.is_sqlite:
            self._check_file()
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()

    def _check_file(self) -> None:
        if self._file is None:
            return
        try:
            status = self._file.stat()
        except OSError:
            now = None
        else:
            now = (status.st_dev, status.st_ino)
        if self._opened is None:
            self._opened = now  # none yet: the first connection makes it
        elif now != self._opened:
            raise FileReplacedError(f"{self._file} is not the file that was opened")

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        self._writing.dispose()


def streamed(db: Connection, statement: Select[Any], at_once: int = 500) -> Iterator[Any]:
    """Yield the rows of `statement` without holding them all in memory. Good until the block ends that `db` is of."""
    # On the statement, not the connection: what opens the transaction must not become a cursor as well.
    rows = db.execute(statement.execution_options(yield_per=at_once))
    db.info.setdefault(STREAMS, []).append(rows)
    yield from rows


@contextmanager
def _letting_go(db: Connection) -> Iterator[None]:
    try:
        yield
    finally:
        if not db.invalidated:  # else they are gone with what they were read on
            for rows in db.info.pop(STREAMS, ()):
                rows.close()


def is_storage_full(error: BaseException) -> bool:
    """Return whether `error` says that the disk under the database is full."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        return code == SQLITE_FULL or (code & 0xFF) == sqlite3.SQLITE_IOERR
    return getattr(cause, "sqlstate", None) in FULL_SQLSTATES


def is_away(error: BaseException) -> bool:
    """Return whether `error` says that the database cannot be reached, or has just been lost."""
    if isinstance(error, FileReplacedError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    # psycopg's errors carry a state, sqlite3's do not. Loading psycopg to ask would slow a SQLite server's start.
    state = getattr(error.orig, "sqlstate", "not PostgreSQL")
    # Without a state the driver never got an answer; 08 is a connection, 57P a server that stops or starts.
    lost = isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P")))
    return error.connection_invalidated or lost


def _file_of(url: str) -> Path | None:
    path = make_url(url).database
    return Path(path) if path and path != ":memory:" else None


def _sqlite(url: str, cache_kb: int, statements: int, **options: Any) -> Engine:
    file = _file_of(url)
    if file is not None:
        make_folder(file.parent)
    # Errors end up in the log; what was being written may be personal.
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={
            "timeout": BUSY_TIMEOUT_MS / 1000,
            "check_same_thread": False,
            "cached_statements": statements,
        },
        **options,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transactions let a savepoint outlive a rollback and leave DDL half done.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"cache_size=-{cache_kb}",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "temp_store=MEMORY",
            "secure_delete=ON",  # what retention erases is overwritten, whatever SQLite was built with
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(db: Connection) -> None:
        # Taking the write lock at once: upgrading a read in the middle would fail with "database is locked".
        db.exec_driver_sql("BEGIN" if db.get_execution_options().get("reading") else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_size=5, max_overflow=10, pool_pre_ping=True, pool_recycle=1800
    )

    @event.listens_for(engine, "begin")
    def _begin(db: Connection) -> None:
        if db.get_execution_options().get("reading"):
            db.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine
