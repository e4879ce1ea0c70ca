"""Databases to begin with: what takes long to make is made once in a process, and copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade


def on_postgresql(server_url: str, *statements: str) -> None:
    """Run statements that no transaction may hold."""
    db = _maintenance(make_url(server_url).set(drivername="postgresql", database="postgres"))
    for statement in statements:
        db.execute(statement)


@cache
def _maintenance(server: URL) -> psycopg.Connection[tuple[object, ...]]:
    # One for all tests of this process: each begins and ends with databases, and a connection is a process there.
    db = psycopg.connect(server.render_as_string(hide_password=False), autocommit=True)
    atexit.register(db.close)
    return db


def place_on_postgresql(server_url: str) -> str:
    """Return the URL of a database on the server that is not there yet."""
    url = make_url(server_url).set(drivername="postgresql+psycopg", database=f"test_{uuid.uuid4().hex}")
    return url.render_as_string(hide_password=False)


def fresh_postgresql(server_url: str) -> str:
    """Return the URL of a new, empty database on the server."""
    url = place_on_postgresql(server_url)
    make_empty(url)
    return url


def make_empty(url: str) -> None:
    """Make an empty database at `url`. On SQLite there is none before the first connection."""
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        on_postgresql(url, f'CREATE DATABASE "{target.database}" STRATEGY FILE_COPY')


def is_made(url: str) -> bool:
    """Whether there is a database at `url`."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return Path(str(target.database)).exists()
    server = target.set(drivername="postgresql", database="postgres")
    found = _maintenance(server).execute("SELECT 1 FROM pg_database WHERE datname = %s", [target.database])
    return found.fetchone() is not None


def migrated(url: str) -> Database:
    """Open a database without a season: a copy, thirty times as fast as migrating an empty one."""
    copy_of(upgrade, url)
    return Database(url)


def copy_of(make: Callable[[Database], None], url: str) -> None:
    """Have at `url` what `make` makes of a migrated database, once in each process, instead of what is there."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        file = Path(str(target.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_made_in_a_file(make), file)
        return
    template = _made_on_postgresql(make, target.set(database="postgres"))
    copied = f'CREATE DATABASE "{target.database}" TEMPLATE "{template}" STRATEGY FILE_COPY'
    on_postgresql(url, f'DROP DATABASE IF EXISTS "{target.database}"', copied)


@cache
def _made_in_a_file(make: Callable[[Database], None]) -> Path:
    file = Path(tempfile.mkdtemp(prefix="made-")) / "made.sqlite3"
    atexit.register(shutil.rmtree, file.parent)
    _made_at(f"sqlite:///{file}", make)
    return file


@cache
def _made_on_postgresql(make: Callable[[Database], None], server: URL) -> str:
    url = fresh_postgresql(server.render_as_string(hide_password=False))
    _made_at(url, make)
    return str(make_url(url).database)


def _made_at(url: str, make: Callable[[Database], None]) -> None:
    if make is not upgrade:
        copy_of(upgrade, url)
    database = Database(url)
    make(database)
    database.close()
