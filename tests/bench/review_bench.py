"""How much processor time the review bench's queue takes with a whole season: `python -m tests.bench.review_bench`.

60 entries of 360 visits each, as `standing_bench` stores them, with made-up figures; then single visits arrive.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from checklists import wire
from sync_server.commands.graceful_server import spare_the_collector
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import bench as queries
from sync_server.database.queries.bench import NewFigures
from sync_server.pages.drawing import Reader, render
from sync_server.quality.visits import Visit
from sync_server.review.queue import Bench, keep_seed
from sync_server.routes.dashboard.bench_pages import bench_values
from sync_server.season.forms import FormBook
from tests.bench.figures import say
from tests.bench.quality_bench import cpu_ms
from tests.bench.standing_bench import arrive, stored
from tests.builders import NOON

NEXT_MS = 200
READER = Reader(
    session=None, language="en", theme="auto", csrf="x", path="/bench", zone=ZoneInfo("Asia/Hong_Kong")
)  # fmt: skip


def figures(row: Any, chance: random.Random) -> NewFigures:
    """Figures as a usual visit has them."""
    began = NOON.timestamp() + chance.randrange(60 * 24 * 3600)
    visit = Visit(
        id=row.id, assessor=f"assessor-{chance.randrange(60)}", entrant=row.entrant_id, channel=row.channel,
        round=row.round, form=row.form, began_s=began, ended_s=began + 300, fill_s=chance.uniform(200, 900),
        recall_s=chance.uniform(0, 3600), talk_s=chance.uniform(60, 400), answered=38, faqs=3, scales=9,
        alike=chance.randint(2, 9), na=chance.randint(0, 6), base=chance.uniform(60, 100),
    )  # fmt: skip
    return NewFigures(row.id, row.digest, 0, wire.encode(visit).decode())


class _State:
    """The application's state as far as the bench looks into it."""

    def __init__(self, services: Any, bench: Bench) -> None:
        self.services = services
        self._bench = bench

    def __getitem__(self, name: str) -> Bench:
        return self._bench


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    parser.add_argument("--waiting", type=int, default=600)
    asked = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        upgrade(database)
        a = tables.assessments
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
            keep_seed(db, NOON)
            rows = db.execute(select(a.c.id, a.c.entrant_id, a.c.channel, a.c.round, a.c.form, a.c.digest)).all()
            queries.keep_figures(db, [figures(row, chance) for row in rows])
            done = [row.id for row in rows[asked.waiting :]]
            for start in range(0, len(done), 500):
                db.execute(update(a).where(a.c.id.in_(done[start : start + 500])).values(status="accepted"))
        spare_the_collector()  # as the server does; what was stored here would be looked through besides
        bench, seq = Bench(), [0]
        services = SimpleNamespace(database=database, forms=FormBook())
        request: Any = SimpleNamespace(
            app=SimpleNamespace(state=_State(services, bench)), user=SimpleNamespace(account=SimpleNamespace(id="wong"))
        )

        def queue() -> None:
            with database.reading() as db:
                bench.queue(db, seq[0])

        print(f"{len(rows)} visits, {asked.waiting} wait")
        print(f"first: {cpu_ms(queue, 1)}; then as it is: {cpu_ms(queue, 9)}")

        def decided() -> None:
            seq[0] += 1
            queue()

        print(f"after a decision: {cpu_ms(decided, 9)}")
        with database.reading() as db:
            waits = [one.row.id for one in bench.queue(db, seq[0])]

        def page() -> None:
            values = bench_values(request, waits.pop(0))
            render(READER, "bench/page.html", done="", done_of="", **values)

        print(f"a page of it, first: {cpu_ms(page, 1)}; then {cpu_ms(page, 9)}")
        taken = []
        for number in range(9):
            with database.transaction() as db:
                arrive(db, "entrant-00", 1, f"new-{number}")
                named = a.c.assignment_id == f"assignment-new-{number}"
                row = db.execute(
                    select(a.c.id, a.c.entrant_id, a.c.channel, a.c.round, a.c.form, a.c.digest).where(named)
                ).one()
                queries.keep_figures(db, [figures(row, chance)])
            begun = time.process_time()
            decided()
            page()
            taken.append(1000 * (time.process_time() - begun))
        say("the bench's next visit after an arrival, median, CPU", sorted(taken)[4], NEXT_MS, "ms")
        say("  the slowest of 9", max(taken), NEXT_MS, "ms")
        database.close()


if __name__ == "__main__":
    main()
