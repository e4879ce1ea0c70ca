"""Do two people who marked the same thing agree? (quality control 4.2)

AGR-1  Answers of a choice: observed and chance agreement, Cohen's kappa = (p_o - p_e) / (1 - p_e), and beside it, for
       answers that are nearly all alike, PABAK = 2 p_o - 1.
AGR-2  A scale of 0 to 4: kappa weighted by (a - b)² / 16.
AGR-3  Totals: ICC(2,1) of two ways, absolute agreement, single marker, with the bias, its 95 % limits and the mean gap.
AGR-4  Kappa from .60 is acceptable, from .80 strong; ICC under .50 poor, under .75 moderate, up to .90 good, above
       excellent. An item under .40 is rewritten, nobody is blamed.
AGR-5  A certified assessor has three gold contacts, each within 5 points of the panel, and answers alike from 85 %.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from statistics import fmean, stdev
from typing import NamedTuple

from checklists.language import N_, Template
from sync_server.quality.intervals import Z

SCALE_TOP = 4
REWRITE_BELOW = 0.40
CERTIFIED_GAP, CERTIFIED_SHARE, GOLD_CONTACTS = 5, 0.85, 3


class Kappa(NamedTuple):
    """Agreement of answers. `kappa` None: chance alone would agree always, so that nothing can be said."""

    observed: float
    chance: float
    kappa: float | None
    pabak: float
    n: int


class Icc(NamedTuple):
    """Agreement of totals: mean squares of rows, columns and error, and the gaps (second less first)."""

    msr: float
    msc: float
    mse: float
    icc: float
    bias: float
    low: float
    high: float
    mean_gap: float


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> Kappa | None:
    """Return the agreement of answers; None of none."""
    if not pairs:
        return None
    n = len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / n
    chance = sum(count * second[answer] for answer, count in first.items()) / (n * n)
    value = None if chance == 1 else (observed - chance) / (1 - chance)
    return Kappa(observed, chance, value, 2 * observed - 1, n)


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Return the quadratic-weighted kappa of a scale; None of none, or where everybody always gave the same."""
    if not pairs:
        return None
    n = len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    seen = sum(_weight(one, other) for one, other in pairs) / n
    expected = sum(
        _weight(one, other) * count * times / (n * n) for one, count in first.items() for other, times in second.items()
    )
    return 1 - seen / expected if expected else None


def _weight(one: int, other: int) -> float:
    return (one - other) ** 2 / SCALE_TOP**2


def icc(pairs: Sequence[tuple[float, float]]) -> Icc | None:
    """Return ICC(2,1) of totals; None of fewer than two pairs, or where nothing differs at all."""
    n, k = len(pairs), 2
    if n < 2:
        return None
    grand = fmean(value for pair in pairs for value in pair)
    rows = [fmean(pair) for pair in pairs]
    columns = [fmean(pair[place] for pair in pairs) for place in range(k)]
    msr = k * sum((row - grand) ** 2 for row in rows) / (n - 1)
    msc = n * sum((column - grand) ** 2 for column in columns) / (k - 1)
    error = sum(
        (pair[place] - rows[number] - columns[place] + grand) ** 2
        for number, pair in enumerate(pairs)
        for place in range(k)
    )
    mse = error / ((n - 1) * (k - 1))
    below = msr + (k - 1) * mse + k * (msc - mse) / n
    if not below:
        return None
    gaps = [second - first for first, second in pairs]
    bias, spread = fmean(gaps), stdev(gaps)
    return Icc(msr, msc, mse, (msr - mse) / below, bias, bias - Z * spread, bias + Z * spread, fmean(map(abs, gaps)))


class Reading(NamedTuple):
    """From where on a figure is read as these words."""

    least: float
    words: Template


KAPPA_READINGS: Sequence[Reading] = (
    Reading(0.80, N_("strong agreement")),
    Reading(0.60, N_("acceptable agreement")),
    Reading(REWRITE_BELOW, N_("weak agreement: talk the item through")),
    Reading(-1.0, N_("no agreement: rewrite the item, blame nobody")),
)
ICC_READINGS: Sequence[Reading] = (
    Reading(0.90, N_("excellent agreement")),
    Reading(0.75, N_("good agreement")),
    Reading(0.50, N_("moderate agreement: calibrate before the next round")),
    Reading(-1e9, N_("poor agreement: calibrate now, and look at the pairs")),
)


def reading(value: float, readings: Sequence[Reading]) -> Template:
    """Return what a figure means. ICC above .90 is excellent, .90 itself still good (Koo and Li)."""
    is_reached: Callable[[float], bool] = (
        (lambda least: value > least) if readings is ICC_READINGS and value == ICC_READINGS[0].least
        else (lambda least: value >= least)
    )  # fmt: skip
    return next(each.words for each in readings if is_reached(each.least))


def is_certified(gold: Sequence[tuple[float, float]], answers_alike: float) -> bool:
    """Return whether an assessor passed: `gold` are (own total, panel's) of the gold contacts of a round."""
    near = [abs(own - panel) <= CERTIFIED_GAP for own, panel in gold]
    return len(near) >= GOLD_CONTACTS and all(near) and answers_alike >= CERTIFIED_SHARE
