"""Which figures of others may be shown: none of few, and none that follows from those that are (privacy E9).

CSM-4  A cell of fewer than MIN_CELL organisations is hidden.
CSM-5  So is one that could be worked out from the total: what is hidden together has MIN_CELL organisations at least
       and is more than one cell, or the smallest cell that is left is hidden too; where none is left, the total is.
BMK-1  An entrant sees of its industry what the table of all industries shows, and no more: whoever had both would know
       what the table hides.
BMK-2  One or two organisations that are a whole cell know it: of two hidden cells they would work out the other, which
       is therefore no small one either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

MIN_CELL = 4  # the same four that an Industry Award needs
KNOW_EACH_OTHER = 2  # so many organisations of one industry may have put their figures together


class Cell(NamedTuple):
    """One entry's figure, 0 to 100."""

    organisation: str
    industry: str
    value: float


class Shown(NamedTuple):
    """One row: how many organisations, and their mean. None: hidden."""

    name: str
    n: int | None
    mean: float | None


class Table(NamedTuple):
    """Rows by name, and the row of all."""

    rows: Sequence[Shown]
    total: Shown


class Benchmark(NamedTuple):
    """Means and the best of the industry, and the mean of the channel; None: hidden."""

    industry: float | None
    best: float | None
    channel: float | None


def hidden_cells(members: Mapping[str, Collection[str]], *, min_cell: int = MIN_CELL) -> tuple[frozenset[str], bool]:
    """Return which cells are hidden, and whether the total is. `members`: organisations by cell."""
    hidden = {name for name, each in members.items() if len(set(each)) < min_cell}
    left = sorted((len(set(each)), name) for name, each in members.items() if name not in hidden)
    while hidden and _tells({name: set(members[name]) for name in hidden}, min_cell):
        if not left:
            return frozenset(hidden), True
        hidden.add(left.pop(0)[1])
    return frozenset(hidden), len({one for each in members.values() for one in each}) < min_cell


def _tells(hidden: Mapping[str, Collection[str]], min_cell: int) -> bool:
    """Whether the total of what is hidden tells one of its cells."""
    if len(hidden) == 1 or len({one for each in hidden.values() for one in each}) < min_cell:
        return True
    small, large = sorted(map(len, hidden.values()))[:2]
    return len(hidden) == 2 and small <= KNOW_EACH_OTHER and large < min_cell


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


def benchmark(cells: Iterable[Cell], industry: str, *, min_cell: int = MIN_CELL) -> Benchmark:
    """Return what may be shown to an entrant of `industry` (BMK-1); `cells` are of one channel."""
    every = list(cells)
    table = table_of(every, min_cell=min_cell)
    mean = next((row.mean for row in table.rows if row.name == industry), None)
    best = None if mean is None else max(one.value for one in every if one.industry == industry)
    return Benchmark(mean, best, table.total.mean)


def _organisations(cells: Sequence[Cell]) -> int:
    return len({one.organisation for one in cells})


def _mean(cells: Sequence[Cell]) -> float:
    return fmean(one.value for one in cells)
