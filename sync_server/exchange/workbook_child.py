"""The process that makes one workbook: `python -m sync_server.exchange.workbook_child`, told on its standard input.

It reads the database and writes one file; how many assessments are in it goes to standard output. A workbook of a whole
season is many seconds of work, which a phone or a page would otherwise wait for.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from sync_server.award.desk import SeasonDesk
from sync_server.database.engine import Database
from sync_server.exchange.visits_wanted import Order
from sync_server.exchange.visits_workbook import write_visits
from sync_server.season.forms import FormBook

NICE = 5


def main() -> None:
    """Make it."""
    with suppress(OSError, AttributeError):
        os.nice(NICE)
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    database = Database(order.url)
    try:
        with database.reading() as db:
            count = write_visits(SeasonDesk.of(db, FormBook()), order.wanted, Path(order.path))
    finally:
        database.close()
    sys.stdout.write(str(count))


if __name__ == "__main__":
    main()
