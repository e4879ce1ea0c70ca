"""A server that files are brought in to, on a day of round 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from sync_server.database.engine import Database
from sync_server.database.tables import form_versions
from sync_server.exchange.csv.plan import Checked
from sync_server.exchange.csv.season_import import import_files
from tests.sync_server.databases import migrated
from tests.sync_server.exchange.change_desk import Desk, desk_of

NOW = datetime(2021, 3, 10, 2, 0, tzinfo=UTC)
Files = Mapping[str, bytes]
Import = Callable[[Files], Checked]


@pytest.fixture
def season(database: Database) -> Database:
    """A server that holds the forms and nothing else."""
    with database.transaction() as db:
        for name in ("phone_in", "onsite", "online", "face_to_face", "ivrs_annex"):
            row = {"id": f"{name}@1", "name": name, "version": 1, "body": "{}", "digest": "0" * 64, "created_at": NOW}
            db.execute(insert(form_versions).values(**row))
    return database


@pytest.fixture
def change_desk(tmp_path: Path) -> Iterator[Desk]:
    """Imports on SQLite; the tests of the import page do the same on both engines."""
    database = migrated(f"sqlite:///{tmp_path / 'sync.sqlite3'}")
    yield desk_of(database)
    database.close()


@pytest.fixture
def bring_in(season: Database) -> Import:
    def run(files: Files) -> Checked:
        with season.transaction() as db:
            return import_files(db, files, now=NOW)

    return run
