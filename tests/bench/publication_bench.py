"""The most memory the server takes to close and show a season: `python -m tests.bench.publication_bench`.

60 entries of 120 accepted visits a round, as `standing_bench` stores them. A server in a process of its own closes one
round after the other at its page, and each is let out; then reports, disputes and all that the page of a release tells
are read. Each step's peak stands beside the target, as the kernel counted it.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import timedelta
from itertools import product
from pathlib import Path

import httpx
from sqlalchemy import insert, select, update

from sync_server import clock
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import publications
from sync_server.publication import closing
from sync_server.review.outcome import By
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.season.observed_time import confirm_clock
from tests.bench.desk_bench import kept
from tests.bench.figures import say
from tests.bench.running import Process, running
from tests.bench.standing_bench import stored
from tests.builders import NOON
from tests.sync_server.closed_season import add_person

MEMORY_MB = 150
ROUNDS = (1, 2, 3)


class Office:
    """Somebody at the desk, whose every step is measured."""

    def __init__(self, server: Process, cookie: str) -> None:
        self._server = server
        self._client = httpx.Client(base_url=server.url, cookies={SESSION_COOKIE: cookie}, timeout=600)

    def read(self, what: str, path: str) -> None:
        """Read a page."""
        with self._server.watched() as peak:
            answer = self._client.get(path)
        self._say(what, answer, peak())

    def send(self, what: str, path: str, **fields: str) -> None:
        """Send a form."""
        token = self._client.get("/account").text.partition('name="csrf" value="')[2].partition('"')[0]
        with self._server.watched() as peak:
            answer = self._client.post(path, data={"csrf": token, **fields})
        self._say(what, answer, peak())

    def _say(self, what: str, answer: httpx.Response, peak_mb: float) -> None:
        say(f"{what} ({answer.status_code}, {answer.elapsed.total_seconds():.1f} s)", peak_mb, MEMORY_MB, "MB")


def let_out(database: Database, number: int) -> None:
    """Let two people sign the copy of a round, and let it be out."""
    what = publications.what_of(number)
    with database.transaction() as db:
        copy = publications.standing_copy(db, what)
        if copy is None:
            raise RuntimeError(f"{what} was not closed")
        for place in (1, 2):
            signer = add_person(db, f"signer-{number}-{place}")
            publications.sign(db, copy.id, signer, copy.digest, NOON)
        moment = {"release_at": NOON, "released_at": NOON, "released_by": "system"}
        db.execute(insert(tables.releases).values(what=what, round=number, **moment))


def ended(database: Database) -> None:
    """Let every round be over, every visit be accepted, and every quota be explained."""
    now = clock.now()
    with database.transaction() as db:
        db.execute(update(tables.assessments).values(status="accepted"))
        for number in ROUNDS:
            # Every visit began at noon of one day: none of them lies outside its round.
            dates = {"opens_at": NOON - timedelta(days=1), "closes_at": now - timedelta(days=10 * (4 - number))}
            db.execute(update(tables.rounds).where(tables.rounds.c.number == number).values(**dates))
        confirm_clock(db, now)
        people = [By(add_person(db, name), now) for name in ("wong", "cheung")]
        keys = list(db.execute(select(tables.entries.c.entrant_id, tables.entries.c.channel)))
        for number, key, by in product(ROUNDS, keys, people):
            closing.explain_shortfall(db, number, tuple(key), reason="A bench.", by=by)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Config(data_dir=Path(folder)).database)
        upgrade(database)
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
        cookie = kept(database, asked.entries)
        ended(database)
        print(f"{asked.entries} entries, {asked.per_entry} visits each", flush=True)
        with running(Path(folder)) as server:
            office = Office(server, cookie)
            office.read("the page of a round that is over", "/release/round-1")
            for number in ROUNDS:
                office.send(f"round {number} closed", f"/release/round-{number}/close", reason="A bench.")
                office.read("  the page of its copy", f"/release/round-{number}")
                let_out(database, number)
            for number in ROUNDS:
                office.read(f"a report of round {number}", f"/reports/entrant-00/phone_in/{number}")
            office.read("the reports that are out", "/reports")
            office.read("the desk of disputes", "/disputes")
            office.read("what another copy would change", "/release/round-3?since=true")
            office.read("the largest copy taken along", "/release/copies/round-3-1")
        database.close()


if __name__ == "__main__":
    main()
