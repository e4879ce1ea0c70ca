"""Scenarios 1, 2 and 17: the server (or PostgreSQL itself) killed at random moments while phones push and re-send.

Nothing acknowledged may be lost, nothing kept twice, every kept record has exactly one change, a reader of the feed
sees each once. `python -m tests.soak.kills [--pushes 10000] [--kills 20] [--postgresql | --postmaster]`
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from sync_server.database.engine import Database
from sync_server.database.queries.changes import changes_for_office
from tests.bench.client import Connection
from tests.bench.push import document, filled_in
from tests.bench.running import start
from tests.ports import port_that_stays
from tests.soak.postgresql import Cluster
from tests.sync_server.season_kit import TOKEN

GIVE_UP_S = 60.0
LONGEST_S = 900.0


@dataclass
class Told:
    """What the run found."""

    acknowledged: set[str] = field(default_factory=set)
    sent_again: int = 0
    cut: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    kills: int = 0
    longest_down_s: float = 0


class Phones:
    """Clients that push until `pushes` records are acknowledged, re-sending what was cut and 5 % of the rest."""

    def __init__(self, url: str, pushes: int, clients: int, seed: int) -> None:
        self.url = url
        self.told = Told()
        self._left = iter(range(pushes))
        self._clients = clients
        self._random = random.Random(seed)
        self._body = document()

    async def run(self) -> None:
        await asyncio.gather(*(self._phone() for _ in range(self._clients)))

    async def _phone(self) -> None:
        connection = Connection(self.url, TOKEN, timeout_s=20)
        for _ in self._left:
            ident = str(uuid.uuid4())
            await self._until_acknowledged(connection, ident)
            self.told.acknowledged.add(ident)
            if self._random.random() < 0.05:
                await self._until_acknowledged(connection, ident)
                self.told.sent_again += 1
        connection.close()

    async def _until_acknowledged(self, connection: Connection, ident: str) -> None:
        body = filled_in(self._body, ident)
        give_up = time.monotonic() + GIVE_UP_S
        while time.monotonic() < give_up:
            try:
                answer = await connection.call("PUT", f"/api/v1/assessments/{ident}", body)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.told.cut += 1
            else:
                if answer.status == 200:
                    return
                self.told.refused[answer.status] = self.told.refused.get(answer.status, 0) + 1
                if answer.status < 500:
                    raise AssertionError(answer)
            await asyncio.sleep(0.05)
        raise AssertionError(f"not acknowledged within {GIVE_UP_S} s")


class Restarted:
    """A server process on one port, whoever of them is alive."""

    def __init__(self, data: Path, arguments: list[str]) -> None:
        self._data, self._arguments = data, ["--port", str(port_that_stays()), *arguments]
        self._process = start(data, "--season", *self._arguments)
        self.url = self._process.url

    def kill_and_start(self) -> None:
        """SIGKILL, and another on the same port and data."""
        self.kill()
        self._process = start(self._data, *self._arguments)

    def kill(self) -> None:
        """SIGKILL; harmless when it has ended."""
        if self._process.popen.poll() is None:
            self._process.kill()

    def stop(self) -> None:
        """SIGTERM."""
        self._process.stop()


async def kill_now_and_then(kill_and_start: Callable[[], None], phones: Phones, kills: int) -> None:
    """Kill and restart `kills` times at random moments."""
    chance = random.Random(7)
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.1, 1.0))
        begun = time.monotonic()
        await asyncio.to_thread(kill_and_start)
        phones.told.kills += 1
        phones.told.longest_down_s = max(phones.told.longest_down_s, time.monotonic() - begun)


def check(url: str, told: Told) -> None:
    """Raise AssertionError unless what is stored is exactly what was acknowledged."""
    database = Database(url)
    with database.reading() as db:
        stored = [row[0] for row in db.exec_driver_sql("SELECT assessment_id FROM assessment_revisions")]
        shown = {row[0] for row in db.exec_driver_sql("SELECT id FROM assessments")}
        graded = [row[0] for row in db.exec_driver_sql("SELECT assessment_id FROM grades")]
        fed: list[str] = []
        cursor = 0
        while page := changes_for_office(db, cursor):
            fed.extend(change.subject_id for change in page if change.kind == "assessment")
            cursor = page[-1].seq
    database.close()
    lost = told.acknowledged - set(stored)
    assert not lost, f"{len(lost)} acknowledged records are lost"
    assert len(stored) == len(set(stored)), "a record is stored twice"
    assert set(stored) == shown, "a record has no line in the list"
    assert sorted(fed) == sorted(stored), "the feed does not have each record once"
    assert set(graded) == set(stored), "a record is not graded"
    if url.startswith("sqlite"):
        with sqlite3.connect(make_url(url).database or "") as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _together(phones: Phones, killing: Coroutine[object, object, None]) -> None:
    async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
        group.create_task(phones.run())
        group.create_task(killing)


def run(pushes: int, kills: int, engine: str, clients: int = 32) -> Told:
    """One run; raises AssertionError when anything was lost or doubled."""
    # In memory where the tests are: processes are killed, never the machine.
    memory = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with tempfile.TemporaryDirectory(dir=memory) as folder, contextlib.ExitStack() as stopping:
        data = Path(folder) / "data"
        cluster = Cluster(Path(folder) / "postgresql") if engine != "sqlite" else None
        if cluster:
            stopping.callback(cluster.stop)
        url = cluster.create_database() if cluster else f"sqlite:///{data / 'sync.sqlite3'}"
        server = Restarted(data, ["--database", url] if cluster else [])
        stopping.callback(server.kill)
        phones = Phones(server.url, pushes, clients, seed=pushes)
        postmaster = cluster if engine == "postmaster" else None
        killing = kill_now_and_then(postmaster.kill_and_start if postmaster else server.kill_and_start, phones, kills)
        asyncio.run(_together(phones, killing))
        server.stop()
        check(url, phones.told)
        return phones.told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pushes", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "postmaster"], default="sqlite")
    asked = parser.parse_args()
    begun = time.monotonic()
    told = run(asked.pushes, asked.kills, asked.engine)
    print(
        f"{asked.engine}: {len(told.acknowledged)} acknowledged, {told.sent_again} re-sent, {told.cut} requests cut, "
        f"refused {told.refused or 'none'}, {told.kills} kills, longest down {told.longest_down_s:.1f} s: "
        f"none lost, none doubled ({time.monotonic() - begun:.0f} s)"
    )


if __name__ == "__main__":
    main()
