"""The public survey: answers from many addresses while the server is killed. None is lost, none kept twice.

`python -m tests.soak.survey [--seconds 20] [--addresses 200] [--kills 3]`: each address sends an answer a second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import survey as queries
from tests.bench.client import Connection
from tests.soak.kills import Restarted
from tests.sync_server.survey.survey_kit import TYPED, add_survey

TOKEN = "a" * 43  # of a visit: a page's form has the same as its cookie
COMPANY = "/survey/supermarkets-a"
SHORTEST_S, LONGEST_S = 0.05, 0.5  # before an answer is sent again
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"visit={TOKEN}"}


class Customers:
    """Answers that were acknowledged, and how long each took."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: set[str] = set()
        self.took_s: list[float] = []
        self.cut = 0

    async def answer(self, number: int, seconds: int) -> None:
        """Send an answer a second from an address of its own, each until it is acknowledged."""
        connection = Connection(self.url, timeout_s=20, address=f"127.0.{1 + number // 200}.{1 + number % 200}")
        begins = time.monotonic() + number / 200
        for second in range(seconds):
            await asyncio.sleep(max(0.0, begins + second - time.monotonic()))
            ident = f"{number:012d}{second:012d}"
            await self._until_acknowledged(connection, ident)
            self.acknowledged.add(ident)
        connection.close()

    async def _until_acknowledged(self, connection: Connection, ident: str) -> None:
        body, wait_s = urlencode({**TYPED, "csrf": TOKEN, "answer": ident}).encode(), SHORTEST_S
        for _ in range(1200):
            begun = time.monotonic()
            try:
                answer = await connection.call("POST", f"{COMPANY}/answer", body, HEADERS)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.cut += 1
            else:
                if answer.status == 200:
                    self.took_s.append(time.monotonic() - begun)
                    return
                assert answer.status == 503, (answer.status, answer.body[:500])
            # Two hundred that knock without a pause would take the processor from the server that starts.
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_S, 2 * wait_s)
        raise AssertionError("not acknowledged")


async def _run(server: Restarted, customers: Customers, addresses: int, seconds: int, kills: int) -> None:
    async def killing() -> None:
        for _ in range(kills):
            await asyncio.sleep(seconds / (kills + 1))
            await asyncio.to_thread(server.kill_and_start)

    await asyncio.gather(killing(), *(customers.answer(number, seconds) for number in range(addresses)))


def main() -> None:
    """Run it and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--addresses", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Restarted(Path(folder), [])
        with contextlib.closing(Database(f"sqlite:///{next(Path(folder).rglob('*.sqlite3'))}")) as database:
            with database.transaction() as db:
                add_survey(db)
            customers = Customers(server.url)
            begun = time.monotonic()
            try:
                asyncio.run(_run(server, customers, options.addresses, options.seconds, options.kills))
            finally:
                took_s = time.monotonic() - begun
                server.kill()
            with database.reading() as db:
                kept = set(db.execute(select(tables.survey_answers.c.id)).scalars())
                tallied = queries.tallies_of(db, 2021)["supermarkets-a"].n
    assert kept == customers.acknowledged, "lost, or kept without being sent"
    assert tallied == len(kept), "the sums say another number"
    times = statistics.quantiles(customers.took_s, n=100)
    print(
        f"{len(kept)} answers in {took_s:.1f} s ({len(kept) / took_s:.0f} a second), {customers.cut} cut by "
        f"{options.kills} kills: none lost, none doubled; p50 {1000 * times[49]:.0f} ms, p99 {1000 * times[98]:.0f} ms"
    )


if __name__ == "__main__":
    main()
