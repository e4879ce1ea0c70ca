"""A second person rates the same visit; where the two are far apart, somebody settles the item with a reason.

MOD-1  The moderator rates every item that the visit asked, without seeing how the assessor rated it.
MOD-2  Where both agree, that counts; where they are less than `apart` steps apart, the moderator's rating counts.
MOD-3  Where they are `apart` steps or more apart, or one says not applicable and the other rates, the item is open
       until it is settled; a visit with an open item cannot be closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from checklists.csqs.level import Ratings
from checklists.csqs.standard import Standard


class Pair(NamedTuple):
    """One item as both rated it (None: not applicable), as it was settled, and what counts; open: nothing does."""

    item: str
    first: int | None
    second: int | None
    is_apart: bool
    is_settled: bool
    counted: int | None

    @property
    def is_open(self) -> bool:
        """Whether it keeps the visit from being closed."""
        return self.is_apart and not self.is_settled


def pairs_of(standard: Standard, first: Ratings, second: Ratings, settled: Ratings) -> tuple[Pair, ...]:
    """Return every item of the visit that both have rated, in the order of the form."""
    return tuple(_pair(standard, key, first[key], second[key], settled) for key in first if key in second)


def _pair(standard: Standard, key: str, first: int | None, second: int | None, settled: Ratings) -> Pair:
    is_one_sided = (first is None) is not (second is None)
    is_apart = is_one_sided or (first is not None and second is not None and abs(first - second) >= standard.apart)
    is_settled = is_apart and key in settled
    return Pair(key, first, second, is_apart, is_settled, settled[key] if is_settled else second)


def missing(first: Ratings, second: Ratings) -> tuple[str, ...]:
    """Return the items that the moderator has not rated yet (MOD-1)."""
    return tuple(key for key in first if key not in second)


def open_items(pairs: tuple[Pair, ...]) -> tuple[str, ...]:
    """Return the items that have to be settled first (MOD-3)."""
    return tuple(pair.item for pair in pairs if pair.is_open)


def counted(pairs: tuple[Pair, ...]) -> Mapping[str, int | None]:
    """Return what counts of each item (MOD-2)."""
    return {pair.item: pair.counted for pair in pairs if not pair.is_open}
