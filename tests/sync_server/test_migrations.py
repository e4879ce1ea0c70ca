"""The schema that migrations make is the one that `tables` describes, on both engines."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from sync_server.database import Database
from sync_server.migrations import is_current, upgrade
from sync_server.tables import metadata


def test_migrations_from_empty_make_the_tables(database):
    with database.reading() as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata) == []


def test_migrating_twice_changes_nothing(database):
    upgrade(database)
    assert is_current(database)


def test_an_empty_database_is_not_current(database_url):
    empty = Database(database_url)
    assert not is_current(empty)
    empty.close()
