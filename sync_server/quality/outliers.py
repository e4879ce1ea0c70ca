"""Which scores lie far off the others of the same entrant, round and mode (4.4)? They are looked at, and kept.

FAR-1  Modified z = 0.6745 (x - median) / MAD; beyond 3.5 either way it is flagged.
FAR-2  Where the MAD is 0, Tukey's fences decide: 1.5 times the range between the quartiles beyond them.
FAR-3  Where that is 0 too, anything more than 10 points off the median is flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles

BEYOND, FENCE, POINTS = 3.5, 1.5, 10


def modified_z(values: Sequence[float]) -> Sequence[float] | None:
    """Return the modified z of each value; None where the MAD is 0."""
    middle = median(values)
    mad = median(abs(value - middle) for value in values)
    return [0.6745 * (value - middle) / mad for value in values] if mad else None


def outliers(values: Sequence[float]) -> Sequence[int]:
    """Return the places of the values that are flagged."""
    if len(values) < 2:
        return ()
    scores = modified_z(values)
    if scores is not None:
        return [place for place, z in enumerate(scores) if abs(z) > BEYOND]
    low, _, high = quantiles(values, n=4, method="inclusive")
    reach = FENCE * (high - low)
    if reach:
        return [place for place, value in enumerate(values) if value < low - reach or value > high + reach]
    middle = median(values)
    return [place for place, value in enumerate(values) if abs(value - middle) > POINTS]
