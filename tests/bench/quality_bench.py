"""How much processor time the quality pages take with a whole season: `python -m tests.bench.quality_bench`.

60 entries of 360 visits each, as `standing_bench` stores them, on SQLite, added up as the worker does.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sync_server.award.standings import Standings
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.pages.drawing import Reader, render
from sync_server.pages.quality import PARTS
from sync_server.pages.season_map import AssignedBook
from sync_server.review.figures import in_turn
from sync_server.review.tallies import Tallies
from sync_server.routes.dashboard.quality import LOOKS
from sync_server.routes.dashboard.today import ASSIGNED
from sync_server.season.forms import FormBook
from tests.bench.figures import say
from tests.bench.standing_bench import stored
from tests.builders import NOON

PAGE_MS = 300


def most_ms(work: Any, times: int) -> float:
    """Return the processor milliseconds of this process that the slowest of `times` took."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - begun))
    return max(taken)


def cpu_ms(work: Any, times: int) -> str:
    """Processor milliseconds of this process: the median of `times`, and the most."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - begun))
    return f"{statistics.median(taken):.0f} ms CPU (most {max(taken):.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    asked = parser.parse_args()
    zone = ZoneInfo("Asia/Hong_Kong")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        upgrade(database)
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
        book = FormBook()
        work = in_turn(Standings(database, lambda: NOON, book), Tallies(database, book, most=asked.per_entry))
        begun = time.process_time()
        for number in range(asked.entries):
            write = work([f"entrant-{number:02}/phone_in"])
            with database.transaction() as db:
                write(db)
        taken = 1000 * (time.process_time() - begun) / asked.entries / asked.per_entry
        print(f"standing and sums, once: {taken:.1f} ms a visit")
        state: Any = SimpleNamespace(services=SimpleNamespace(forms=book, clock=lambda: NOON))
        request: Any = SimpleNamespace(app=SimpleNamespace(state=_State(state)))
        for part, look in LOOKS.items():
            reader = Reader(session=None, language="en", theme="auto", csrf="x", path=f"/quality/{part}", zone=zone)

            def page(part: str = part, look: Any = look, reader: Reader = reader) -> str:
                with database.reading() as db:
                    view = look(request, db, 1)
                return render(
                    reader, f"quality/{part}.html", view=view, rounds=[1, 2, 3], chosen=1, part=part, parts=PARTS
                )

            say(f"quality page {part}, first look, CPU", most_ms(page, 1), PAGE_MS, "ms")
            say("  then, the slowest of 7", most_ms(page, 7), PAGE_MS, "ms")
        database.close()


class _State:
    """The application's state as far as the pages look into it."""

    def __init__(self, values: Any) -> None:
        self.services = values.services
        self._book = AssignedBook()

    def __getitem__(self, name: str) -> AssignedBook:
        assert name == ASSIGNED
        return self._book


if __name__ == "__main__":
    main()
