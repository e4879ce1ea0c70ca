"""How long Today and Season take to be read and drawn, and every page at a server: `python -m tests.bench.desk_bench`.

60 entries of 360 visits each, as `standing_bench` stores them, on SQLite. The first look at Season reads the languages.
Then standings and sums are made as the worker does, and a server in a process of its own is asked for every page there
is: p95 of all, and of each that is slow, beside its target. `--drawn-only` leaves the server out.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from sync_server.award.standings import Standings
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.pages.drawing import Reader, render
from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.pages.today import today_view
from sync_server.people.permissions import Role
from sync_server.review.figures import Figures, in_turn
from sync_server.review.tallies import Tallies
from sync_server.season.forms import FormBook
from tests.bench import every_page
from tests.bench.standing_bench import milliseconds, stored
from tests.builders import NOON

MOST_VISITS = 10_000  # of an entry, measured at once


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    parser.add_argument("--drawn-only", action="store_true")
    parser.add_argument("--times", type=int, default=every_page.TIMES)
    asked = parser.parse_args()
    zone = ZoneInfo("Asia/Hong_Kong")
    reader = Reader(session=None, language="en", theme="auto", csrf="x", path="/today", zone=zone)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Config(data_dir=Path(folder)).database)
        upgrade(database)
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
        book = AssignedBook()

        def today() -> str:
            with database.reading() as db:
                return render(reader, "today.html", view=today_view(db, NOON), zone=zone)

        def season() -> str:
            with database.reading() as db:
                return render(reader, "season.html", view=season_map(db, NOON, book), zone=zone)

        print(f"{asked.entries} entries, {asked.per_entry} visits each ({Role.ADMIN} sees the same)")
        for name, page in (("today", today), ("season", season)):
            print(f"{name}: first {milliseconds(page, 1)}; then {milliseconds(page, 20)}")
        if not asked.drawn_only:
            cookie = kept(database, asked.entries)
            every_page.measure(Path(folder), database, cookie, asked.times)
        database.close()


def kept(database: Database, entries: int) -> str:
    """Make what a worker keeps of visits that came, and the season that of today; return an administrator's cookie."""
    book = FormBook()
    figures, tallies = Figures(database, book, most=MOST_VISITS), Tallies(database, book, most=MOST_VISITS)
    work = in_turn(Standings(database, lambda: NOON, book), figures, tallies)
    for number in range(entries):
        write = work([f"entrant-{number:02}/phone_in"])
        with database.transaction() as db:
            write(db)
    with database.transaction() as db:
        return every_page.make_current(db)


if __name__ == "__main__":
    main()
