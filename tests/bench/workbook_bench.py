"""How long a workbook of a season takes, and what it needs: `python -m tests.bench.workbook_bench`.

60 entries of 360 visits each, as `standing_bench` stores them, on SQLite; made as the server makes it, by the process
beside it. Meanwhile a page of the list is read again and again: the slowest is what somebody else waits.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from pathlib import Path

import msgspec

from sync_server import clock
from sync_server.award.standings import Standings
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.assessment_lists import Filter, list_page
from sync_server.database.queries.downloads import add_download, download_of
from sync_server.database.writer import Writer
from sync_server.exchange.downloads import DownloadJob, file_of
from sync_server.exchange.visits_wanted import Wanted
from sync_server.people.permissions import Role
from sync_server.season.forms import FormBook
from tests.bench.figures import say
from tests.bench.standing_bench import stored
from tests.builders import NOON
from tests.sync_server.desk import add_account

MADE_S, FIRST_S, READ_MS, PROCESS_MB = 15, 1, 150, 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        database = Database(url)
        upgrade(database)
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
            user_id = add_account(db, Role.COORDINATOR)
            wanted = Wanted(narrowed=Filter(), language="en", words=True)
            add_download(db, "x", user_id, msgspec.to_builtins(wanted), NOON)
        standings = Standings(database, clock.now, FormBook())
        write = standings([f"entrant-{number:02}/phone_in" for number in range(asked.entries)])
        with database.transaction() as db:
            write(db)
        writer = Writer(database)
        writer.start()
        making = threading.Thread(target=DownloadJob(database, url, writer, lambda: NOON, folder), args=("x",))
        began, slowest, dearest = time.perf_counter(), 0.0, 0.0
        making.start()
        while making.is_alive():
            started, busy = time.perf_counter(), time.thread_time()
            with database.reading() as db:
                list_page(db, Filter())
            slowest = max(slowest, time.perf_counter() - started)
            dearest = max(dearest, time.thread_time() - busy)
            time.sleep(0.02)
        taken = time.perf_counter() - began
        with database.reading() as db:
            row = download_of(db, "x")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        say(f"XLSX of {row and row.visits} visits, CPU of its process", used.ru_utime + used.ru_stime, MADE_S, "s")
        say("  until it was there", taken, MADE_S, "s")
        say("  memory of its process", used.ru_maxrss / 1024, PROCESS_MB, "MB")
        say("  another read meanwhile, the slowest", 1000 * slowest, READ_MS, "ms")
        say("  another read meanwhile, CPU, the slowest", 1000 * dearest, READ_MS, "ms")
        begun = time.perf_counter()
        with file_of(folder, "x").open("rb") as file:
            file.read(1)
        say("  its first byte once it is asked for", time.perf_counter() - begun, FIRST_S, "s")
        writer.close(5)
        database.close()


if __name__ == "__main__":
    main()
