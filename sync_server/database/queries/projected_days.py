"""Where each entry was heading, day by day: a row for each day on which its standing was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.queries.driver import insert_rows
from sync_server.database.tables import projected_days


class DayRow(NamedTuple):
    """One entry at the end of one day of the season's zone; `made` is how many visits `shown` rests on."""

    entrant_id: str
    channel: str
    day: str
    shown: str
    grade: str | None
    made: int


def keep_days(db: Connection, rows: Sequence[DayRow]) -> None:
    """Write `rows` over those of the same entry and day."""
    insert_rows(db, projected_days, rows, key="entrant_id, channel, day", changed=DayRow._fields[3:])


def day_rows(db: Connection, key: tuple[str, str] | None = None) -> Sequence[DayRow]:
    """Return every row, or those of one entry, the oldest first."""
    c = projected_days.c
    statement = select(projected_days).order_by(c.day)
    if key is not None:
        statement = statement.where(c.entrant_id == key[0], c.channel == key[1])
    return [DayRow(*row) for row in db.execute(statement)]
