"""Which figures of a table by industry may be shown: none of few, and none that follows from the others.

CSM-4  A cell of fewer than MIN_CELL organisations is hidden.
CSM-5  So is one that could be worked out from the total: what is hidden together has MIN_CELL organisations at least
       and is more than one cell, or the smallest cell that is left is hidden too; where none is left, the total is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from sync_server.reports.benchmark import MIN_CELL, Cell


class Shown(NamedTuple):
    """One row: how many organisations, and their mean. None: hidden."""

    name: str
    n: int | None
    mean: float | None


class Table(NamedTuple):
    """Rows by name, and the row of all."""

    rows: Sequence[Shown]
    total: Shown


def hidden_cells(members: Mapping[str, Collection[str]], *, min_cell: int = MIN_CELL) -> tuple[frozenset[str], bool]:
    """Return which cells are hidden, and whether the total is (CSM-4, CSM-5). `members`: organisations by cell."""
    hidden = {name for name, each in members.items() if len(set(each)) < min_cell}
    left = sorted((len(set(each)), name) for name, each in members.items() if name not in hidden)
    while hidden and (len(hidden) == 1 or len({one for name in hidden for one in members[name]}) < min_cell):
        if not left:
            return frozenset(hidden), True
        hidden.add(left.pop(0)[1])
    return frozenset(hidden), len({one for each in members.values() for one in each}) < min_cell


def table_of(cells: Iterable[Cell], *, min_cell: int = MIN_CELL) -> Table:
    """Return what may be shown of the figures of one channel, by industry."""
    by_industry: dict[str, list[Cell]] = {}
    for cell in cells:
        by_industry.setdefault(cell.industry, []).append(cell)
    members = {name: {one.organisation for one in each} for name, each in sorted(by_industry.items())}
    hidden, is_total_hidden = hidden_cells(members, min_cell=min_cell)
    rows = [
        Shown(name, None, None) if name in hidden else Shown(name, len(each), _mean(by_industry[name]))
        for name, each in members.items()
    ]
    every = [cell for each in by_industry.values() for cell in each]
    total = Shown("", None, None) if is_total_hidden else Shown("", _organisations(every), _mean(every))
    return Table(rows, total)


def _organisations(cells: Sequence[Cell]) -> int:
    return len({one.organisation for one in cells})


def _mean(cells: Sequence[Cell]) -> float:
    return fmean(one.value for one in cells)
