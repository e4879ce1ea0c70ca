"""Tables of the index that were printed elsewhere: kept as printed, and two of them compared by industry.

SVY-9  A table of an edition takes the place of an earlier one of it; every figure stays as it was printed.
SVY-10  Two tables are compared by the industry's name as printed; an industry that only one of them has is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.index.figures import CENT, NET, read_figure
from checklists.index.flags import Flag, flags
from checklists.index.table import COLUMNS, IndexRow, IndexTable, Rank
from sync_server.database.queries import survey as queries
from sync_server.database.queries.survey import PrintedRow


class Printed(NamedTuple):
    """A printed table with what can be computed of it."""

    edition: str
    source: str
    stated: int | None
    table: IndexTable
    ranks: Sequence[Rank]
    flags: Sequence[Flag]


class Change(NamedTuple):
    """An industry in two tables: its rows, and satisfaction, loyalty and NPS of the later less the earlier."""

    industry: str
    later: IndexRow | None
    earlier: IndexRow | None
    steps: Sequence[Fraction]


class Print(NamedTuple):
    """Where a table was printed: its edition, and how many industries the text beside it says there are."""

    edition: str
    source: str
    stated: int | None


def keep_printed(db: Connection, of: Print, table: IndexTable, now: datetime) -> None:
    """Keep a printed table (SVY-9)."""
    rows = [(row.industry, *(row.figure(column).printed for column in COLUMNS)) for row in table.rows]
    queries.set_printed(db, PrintedRow(*of, rows, now))


def printed_tables(db: Connection) -> list[Printed]:
    """Return every printed table, the newest edition first."""
    return [_read(row) for row in queries.printed_rows(db)]


def _read(row: PrintedRow) -> Printed:
    rows = tuple(
        IndexRow(
            industry=industry,
            satisfaction=read_figure(satisfaction, CENT),
            loyalty=read_figure(loyalty, CENT),
            nps=read_figure(nps, NET),
        )
        for industry, satisfaction, loyalty, nps in row.rows
    )
    table = IndexTable(rows=rows)
    return Printed(row.edition, row.source, row.stated, table, table.ranks(), flags(table, row.stated))


def changes(later: IndexTable, earlier: IndexTable) -> list[Change]:
    """Return each industry of either table, in the later one's order and then the earlier one's (SVY-10)."""
    before = {row.industry: row for row in earlier.rows}
    after = {row.industry: row for row in later.rows}
    listed = []
    for industry in dict.fromkeys((*after, *before)):
        one, other = after.get(industry), before.get(industry)
        steps = [one.figure(column).value - other.figure(column).value for column in COLUMNS] if one and other else []
        listed.append(Change(industry, one, other, steps))
    return listed
