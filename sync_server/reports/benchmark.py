"""What an entrant may see of the others (privacy E9): means of an industry and of a channel, or nothing.

BMK-1  A cell with fewer than MIN_CELL organisations is hidden.
BMK-2  So is an industry's where what is left of the channel without it is a smaller cell: a difference would tell it.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean
from typing import NamedTuple

MIN_CELL = 4  # the same four that an Industry Award needs


class Cell(NamedTuple):
    """One entry's figure, 0 to 100."""

    organisation: str
    industry: str
    value: float


class Benchmark(NamedTuple):
    """Means and the best of the industry, and the mean of the channel; None: hidden."""

    industry: float | None
    best: float | None
    channel: float | None


def benchmark(cells: Iterable[Cell], industry: str, *, min_cell: int = MIN_CELL) -> Benchmark:
    """Return what may be shown to an entrant of `industry`; `cells` are of one channel."""
    every = list(cells)
    own = [one for one in every if one.industry == industry]
    others = [one for one in every if one.industry != industry]
    shows_channel = _organisations(every) >= min_cell
    shows_industry = _organisations(own) >= min_cell and (not others or _organisations(others) >= min_cell)
    return Benchmark(
        fmean(one.value for one in own) if shows_industry else None,
        max(one.value for one in own) if shows_industry else None,
        fmean(one.value for one in every) if shows_channel else None,
    )


def _organisations(cells: Iterable[Cell]) -> int:
    return len({one.organisation for one in cells})
