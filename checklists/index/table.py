"""A table of industries as it was printed, with what can be computed from its figures.

IDX-3  Printed position is the order of the rows; the computed rank is by satisfaction. Equal figures share the best
       place, and the next place stays empty: 1, 2, 2, 4.
IDX-4  A row stands out of order where its printed position is none of the places that its figure shares.
IDX-5  Means are plain: each row counts once, whatever its size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

import msgspec

from checklists.index.figures import Figure, in_brackets

Column = Literal["satisfaction", "loyalty", "nps"]
COLUMNS: tuple[Column, ...] = ("satisfaction", "loyalty", "nps")


class IndexRow(msgspec.Struct, frozen=True, kw_only=True):
    """One industry, as printed."""

    industry: str
    satisfaction: Figure
    loyalty: Figure
    nps: Figure

    def figure(self, column: Column) -> Figure:
        """Return the figure of `column`."""
        figure: Figure = getattr(self, column)
        return figure


class Rank(NamedTuple):
    """A place from 1, and how many rows share it."""

    place: int
    shared_by: int

    def holds(self, position: int) -> bool:
        """Is `position` one of the places that are shared?"""
        return self.place <= position < self.place + self.shared_by


class IndexTable(msgspec.Struct, frozen=True, kw_only=True):
    """The rows in their printed order, at least one; each industry once."""

    rows: tuple[IndexRow, ...]

    def __post_init__(self) -> None:
        if not self.rows or len({row.industry for row in self.rows}) < len(self.rows):
            raise ValueError("a table has at least one row, and each industry once")

    def values(self, column: Column) -> tuple[Fraction, ...]:
        """Return the figures of `column` in printed order."""
        return tuple(row.figure(column).value for row in self.rows)

    def ranks(self, column: Column = "satisfaction") -> tuple[Rank, ...]:
        """Return each row's rank by `column`, in printed order (IDX-3)."""
        return ranks(self.values(column))

    def in_brackets(self) -> IndexTable:
        """Return the same table with every negative in brackets (IDX-17)."""
        return IndexTable(rows=tuple(_in_brackets(row) for row in self.rows))

    def mean(self, column: Column) -> Fraction:
        """Return the plain mean of `column` (IDX-5)."""
        values = self.values(column)
        return sum(values, Fraction(0)) / len(values)


def _in_brackets(row: IndexRow) -> IndexRow:
    figures = {column: row.figure(column) for column in COLUMNS}
    changed = {
        column: msgspec.structs.replace(figure, printed=in_brackets(figure.printed))
        for column, figure in figures.items()
    }
    return msgspec.structs.replace(row, **changed)


def ranks(values: Sequence[Fraction]) -> tuple[Rank, ...]:
    """Return the rank of each value, the greatest first (IDX-3)."""
    counts = Counter(values)
    places: dict[Fraction, int] = {}
    place = 1
    for value in sorted(counts, reverse=True):
        places[value] = place
        place += counts[value]
    return tuple(Rank(places[value], counts[value]) for value in values)
