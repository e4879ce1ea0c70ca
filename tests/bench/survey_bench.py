"""The survey's page and the index's, with a hundred thousand answers of each industry behind them.

`python -m tests.bench.survey_bench [--answers 100000] [--times 30]`: what a reader waits and what the server works for
the page that customers see (to be at most 150 ms), the office's page of the index, and its table of 18 industries alone
(to be at most 300 ms). `--answers` rows are kept, and the sums of each industry's company say that many, too.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection as Database_
from sqlalchemy import insert

from checklists.index.survey import pulse_survey
from checklists.index.tallies import Tally, tally_of
from sync_server import clock
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import survey as queries
from sync_server.people import sessions
from sync_server.people.permissions import Role
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.survey.measured import industry_lines
from tests.bench.client import Connection
from tests.bench.running import Process, running
from tests.sync_server.desk import LASTS, add_account
from tests.sync_server.season_kit import add_season
from tests.sync_server.survey.survey_kit import ANSWERS, add_survey

A_BATCH = 5_000


def filled(db: Database_, answers: int) -> None:
    """Keep the answers, all about one company, and the sums of as many about each."""
    survey = add_survey(db)
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    row = {
        "edition": survey.edition, "company": "supermarkets-a", "contact": "phone", "origin": "local",
        "came_by": "page", "answers": dict(ANSWERS), "hour": hour,
    }  # fmt: skip
    for start in range(0, answers, A_BATCH):
        numbers = range(start, min(answers, start + A_BATCH))
        db.execute(insert(tables.survey_answers), [{**row, "id": f"{number:024d}"} for number in numbers])
    one = tally_of(ANSWERS, pulse_survey())
    for company in queries.company_rows(db):
        queries.add_to_tally(db, survey.edition, company.id, Tally(*(value * answers for value in one)))


async def asked(server: Process, path: str, times: int, headers: dict[str, str]) -> tuple[float, float]:
    """Return what a page takes its reader, the median, and its server, each in ms."""
    connection = Connection(server.url)
    took: list[float] = []
    for number in range(times + 3):
        if number == 3:
            before_s = server.cpu_s
        begun = time.perf_counter()
        answer = await connection.call("GET", path, headers=headers)
        assert answer.status == 200, answer.body[:300]
        if number >= 3:  # the first have templates to compile
            took.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return statistics.median(took), (server.cpu_s - before_s) * 1000 / times


def median_ms(call: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def main() -> None:
    """Run it and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder))
        database = Database(config.database)
        upgrade(database)
        with database.transaction() as db:
            add_season(db)
            filled(db, options.answers)
            secret = sessions.open_session(db, add_account(db, Role.COORDINATOR), clock.now(), lasts=LASTS)
        with database.reading() as db:
            table_ms = median_ms(lambda: industry_lines(db, 2021), options.times)
        database.close()
        signed_in = {"Cookie": f"{SESSION_COOKIE}={secret}"}
        with running(Path(folder)) as server:
            for name, path, headers in (
                ("survey page", "/survey/supermarkets-a", {}),
                ("index page", "/index", signed_in),
            ):
                waited_ms, cpu_ms = asyncio.run(asked(server, path, options.times, headers))
                print(f"{name} with {options.answers} answers: {waited_ms:.0f} ms, {cpu_ms:.1f} ms of processor time")
    print(f"index table of 18 x {options.answers} from its sums: {table_ms:.1f} ms")


if __name__ == "__main__":
    main()
