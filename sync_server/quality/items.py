"""What each question did: how hard it was, whether it goes with the rest, how often it applied (4.2, 4.7).

ITM-1  Difficulty is the mean share of its points where it applied; discrimination the correlation of its share with
       that of the visit's other questions. Below LEAST visits nothing is said of it.
ITM-2  A question is looked at again where it runs against the rest (below .10), where more than 30 % are N/A, or where
       from 98 % on everybody or nobody gets it; the first that holds is said.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from checklists.language import N_, Template
from sync_server.quality.tally import ItemSums

LEAST = 20
AGAINST, MOST_NA, ALIKE = 0.10, 0.30, 0.98


class ItemFigures(NamedTuple):
    """One question. `share` None: it never applied; `discrimination` None: too few, or nothing differs."""

    asked: int
    share: float | None
    full: float
    not_applicable: float
    discrimination: float | None
    words: Template
    is_flagged: bool


FINE = N_("works")
FEW = N_("too few visits yet")
READINGS = {
    "against": N_("runs against the rest: read its wording with two assessors"),
    "na": N_("seldom applies: look at when it is asked"),
    "easy": N_("everybody gets it: it tells nobody apart"),
    "hard": N_("nobody gets it: check that it can be met"),
}


def item_figures(sums: ItemSums) -> ItemFigures:
    """Return what the sums of a question say."""
    every = sums.asked + sums.not_applicable
    share = sums.share / sums.asked if sums.asked else None
    na, apart = (sums.not_applicable / every if every else 0.0), discrimination(sums)
    name = "" if every < LEAST else _reading(share, na, apart)
    words = FEW if every < LEAST else READINGS.get(name, FINE)
    return ItemFigures(sums.asked, share, sums.full / sums.asked if sums.asked else 0.0, na, apart, words, bool(name))


def discrimination(sums: ItemSums) -> float | None:
    """Return how a question's share goes with that of the others, -1 to 1 (ITM-1)."""
    if sums.n < LEAST:
        return None
    across, own, rest = (
        sums.n * sums.xy - sums.x * sums.y, sums.n * sums.xx - sums.x**2, sums.n * sums.yy - sums.y**2
    )  # fmt: skip
    return across / sqrt(own * rest) if own > 1e-9 and rest > 1e-9 else None


def _reading(share: float | None, na: float, apart: float | None) -> str:
    if apart is not None and apart < AGAINST:
        return "against"
    if na > MOST_NA:
        return "na"
    if share is not None and share >= ALIKE:
        return "easy"
    return "hard" if share is not None and share <= 1 - ALIKE else ""
