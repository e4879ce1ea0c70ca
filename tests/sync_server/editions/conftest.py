"""A server of two editions: 2021 with the small season, 2022 begun from it, and a folder that nobody can open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from sync_server.app import create_app
from sync_server.commands.graceful_server import listening_socket, server_for
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.editions.beginning import begin_next
from sync_server.editions.folders import Root
from sync_server.editions.front import Front
from sync_server.people.permissions import ACCOUNT_ROLES
from tests.builders import NOON, both
from tests.sync_server.conftest import Running, set_season_up
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import SET_UP_AT
from tests.sync_server.used_apps import give_back
from tests.sync_server.waiting import until


@dataclass(frozen=True)
class Editions:
    """The running server and its root."""

    url: str
    root: Root
    front: Front

    def of(self, name: str) -> Running:
        """One edition, as a server whose address has a path."""
        return Running(f"{self.url}/e/{name}", self.front.services_of(name))


def add_edition(db: Connection, year: int = 2021) -> None:
    milestones = {"launch": [{"on": f"{year}-01-15", "until": None, "language": "yue"}]}
    title = both(f"{year} Award", f"{year}大獎")
    row = {"year": year, "title": title, "organiser": both("The Association"), "contact": {}, "created_at": SET_UP_AT}
    db.execute(insert(tables.editions).values(milestones=milestones, **row))


def season_in(folder: Path) -> None:
    """Have the small season in a data folder, with an account of each role and an edition."""
    config = Config(data_dir=folder)
    set_season_up(config)
    with closing(Database(config.database)) as database, database.transaction() as db:
        add_edition(db)
        for role in ACCOUNT_ROLES:
            add_account(db, role)


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editions]:
    root = Root(tmp_path_factory.mktemp("root"))
    season_in(root.folder("2021"))
    with closing(Database(f"sqlite:///{root.folder('2021') / 'sync.sqlite3'}")) as database:
        begin_next(root, database, "2022", NOON, "command")
    root.folder("spoilt").mkdir()
    (root.folder("spoilt") / "sync.sqlite3").write_text("no database at all, but long enough to be looked at" * 50)
    yield from run_front(root)


def run_front(root: Root) -> Iterator[Editions]:
    made = []

    def make(config: Config):  # type: ignore[no-untyped-def]
        made.append(create_app(config))
        return made[-1]

    front = Front(root, Config(data_dir=root.path), make)
    bound = listening_socket("127.0.0.1", 0)
    server = server_for(front)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    until(lambda: server.started or None, "the server started")
    yield Editions(f"http://127.0.0.1:{bound.getsockname()[1]}", root, front)
    server.stop()
    thread.join(20)
    bound.close()
    assert not thread.is_alive(), "the server did not stop"
    for app in made:
        give_back(app)
