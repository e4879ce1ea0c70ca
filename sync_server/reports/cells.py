"""Which figures of others may be shown: none of few, and none that follows from those that are (privacy E9).

CSM-4  A cell of fewer than MIN_CELL organisations is hidden.
CSM-5  So is one that could be worked out from the total: what is hidden together has MIN_CELL organisations at least
       and is more than one cell, or the smallest cell that is left is hidden too; where none is left, the total is.
BMK-1  An entrant sees of its industry what the table of all industries shows, and no more: whoever had both would know
       what the table hides.
BMK-2  One or two organisations that are a whole cell know it: of two hidden cells they would work out the other, which
       is therefore no small one either.
BMK-3  The best of a cell is shown beside its mean (reports 5.1), from MIN_CELL organisations on: whose it is, it does
       not say.
BMK-4  What was out before and comes out again tells by its difference whoever is in one of the two alone: such a cell
       or total is hidden, unless MIN_CELL organisations are. What was hidden before stays so: the others were out.
"""

from __future__ import annotations

from collections import Counter
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


Members = Mapping[str, Collection[str]]  # organisations by cell, each as often as it has entries there


def hidden_cells(
    members: Members, *, before: Sequence[Members] = (), min_cell: int = MIN_CELL
) -> tuple[frozenset[str], bool]:
    """Return which cells are hidden, and whether the total is. `before`: the members of what was out (BMK-4)."""
    hidden = {name for name, each in members.items() if len(set(each)) < min_cell}
    is_total_hidden = False
    for was in before:
        was_hidden, was_total_hidden = hidden_cells(was, min_cell=min_cell)
        hidden |= was_hidden & members.keys()
        hidden |= {name for name, each in members.items() if tells_apart(each, was.get(name, ()), min_cell)}
        is_total_hidden |= was_total_hidden or tells_apart(_all(members), _all(was), min_cell)
    if is_total_hidden:
        return frozenset(hidden), True
    left = sorted((len(set(each)), name) for name, each in members.items() if name not in hidden)
    while hidden and _tells({name: set(members[name]) for name in hidden}, min_cell):
        if not left:
            return frozenset(hidden), True
        hidden.add(left.pop(0)[1])
    return frozenset(hidden), len(set(_all(members))) < min_cell


def tells_apart(now: Collection[str], before: Collection[str], min_cell: int = MIN_CELL) -> bool:
    """Whether the means of two groups of entries, given by their organisations, tell few by their difference."""
    have, had = Counter(now), Counter(before)
    return 0 < sum(have[name] != had[name] for name in have | had) < min_cell


def _all(members: Members) -> list[str]:
    return [one for each in members.values() for one in each]


def _tells(hidden: Mapping[str, Collection[str]], min_cell: int) -> bool:
    """Whether the total of what is hidden tells one of its cells."""
    if len(hidden) == 1 or len({one for each in hidden.values() for one in each}) < min_cell:
        return True
    small, large = sorted(map(len, hidden.values()))[:2]
    return len(hidden) == 2 and small <= KNOW_EACH_OTHER and large < min_cell


def table_of(cells: Iterable[Cell], *, before: Iterable[Iterable[Cell]] = (), min_cell: int = MIN_CELL) -> Table:
    """Return what may be shown of the figures of one channel, by industry. `before`: what was out of it (BMK-4)."""
    by_industry = _by_industry(cells)
    members = _members(by_industry)
    was_out = [_members(_by_industry(each)) for each in before]
    hidden, is_total_hidden = hidden_cells(members, before=was_out, min_cell=min_cell)
    rows = [
        Shown(name, None, None) if name in hidden else Shown(name, len(set(each)), _mean(by_industry[name]))
        for name, each in members.items()
    ]
    every = [cell for each in by_industry.values() for cell in each]
    total = Shown("", None, None) if is_total_hidden else Shown("", len(set(_all(members))), _mean(every))
    return Table(rows, total)


def benchmark(
    cells: Iterable[Cell], industry: str, *, before: Iterable[Iterable[Cell]] = (), min_cell: int = MIN_CELL
) -> Benchmark:
    """Return what may be shown to an entrant of `industry` (BMK-1); `cells` are of one channel."""
    every = list(cells)
    table = table_of(every, before=before, min_cell=min_cell)
    row = next((row for row in table.rows if row.name == industry), Shown(industry, None, None))
    best = None if row.mean is None else max(one.value for one in every if one.industry == industry)
    return Benchmark(row.mean, best, table.total.mean)


def _by_industry(cells: Iterable[Cell]) -> Mapping[str, Sequence[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.industry, []).append(cell)
    return dict(sorted(found.items()))


def _members(by_industry: Mapping[str, Sequence[Cell]]) -> Members:
    return {name: [one.organisation for one in each] for name, each in by_industry.items()}


def _mean(cells: Sequence[Cell]) -> float:
    return fmean(one.value for one in cells)
