"""DB-4: SQLite's log is copied beside the writer."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3

import pytest
from sqlalchemy import insert

from sync_server.database.engine import CHECKPOINT_PAGES
from sync_server.database.log_copying import WRITES, LogCopying
from sync_server.database.tables import settings
from sync_server.database.writer import Writer
from tests.builders import NOON
from tests.sync_server.databases import migrated
from tests.sync_server.waiting import until


@pytest.fixture
def database(tmp_path):
    opened = migrated(f"sqlite:///{tmp_path / 'sync.sqlite3'}")
    opened.copy_log()
    yield opened
    opened.close()


@pytest.fixture
def writer(database):
    opened = Writer(database, queue_limit=WRITES)
    opened.start()
    yield opened
    opened.close()


@pytest.fixture
def names_without_log(tmp_path):
    """What the database file holds by itself; `torn` is the answer while the log is just being copied into it."""

    def names(torn=None):
        alone = shutil.copy(tmp_path / "sync.sqlite3", tmp_path / "alone.sqlite3")
        try:
            with contextlib.closing(sqlite3.connect(alone)) as db:
                return {name for (name,) in db.execute("SELECT name FROM settings")}
        except sqlite3.DatabaseError:
            if torn is None:
                raise
            return torn

    return names


def keep(name):
    return lambda db: db.execute(insert(settings).values(name=name, value={}, updated_at=NOON))


def test_what_is_committed_is_copied_while_another_write_is_under_way(database, writer, names_without_log):
    log = LogCopying(database, writer)
    writer.run_from_thread(keep("kept"))
    assert "kept" not in names_without_log()
    with database.reading() as reader, database.transaction() as db:
        reader.exec_driver_sql("SELECT 1")
        keep("not yet")(db)
        log.copy()
        assert "kept" in names_without_log()
        assert "not yet" not in names_without_log()


async def test_many_writes_are_copied_soon(database, writer, names_without_log):
    log = LogCopying(database, writer)
    log.start()
    await asyncio.gather(*(writer.run(keep(f"n{number}")) for number in range(WRITES)))
    await asyncio.to_thread(until, lambda: "n0" in names_without_log(torn=set()) or None, "the log is copied")
    log.close(10)


def test_db_4_the_writer_copies_itself_what_was_left_too_long(database):
    with database.transaction() as db:
        assert db.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == CHECKPOINT_PAGES
