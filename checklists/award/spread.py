"""Sum, mean and sample variance of exact numbers, over one common denominator: exact, and quick for a whole season."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import msgspec


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How values lie. `mean` is None of none; `variance` is the sample variance, 0 of fewer than two."""

    n: int
    mean: Fraction | None
    variance: Fraction


def _scaled(values: Sequence[Fraction]) -> tuple[list[int], int]:
    ratios = [value.as_integer_ratio() for value in values]
    scale = lcm(*{bottom for _, bottom in ratios})
    return [top * (scale // bottom) for top, bottom in ratios], scale


def total(values: Sequence[Fraction]) -> Fraction:
    """Return the sum; 0 of none."""
    whole, scale = _scaled(values)
    return Fraction(sum(whole), scale)


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the mean; None of none."""
    if not values:
        return None
    whole, scale = _scaled(values)
    return Fraction(sum(whole), scale * len(values))


def spread(values: Sequence[Fraction]) -> Spread:
    """Return count, mean and sample variance."""
    n = len(values)
    if not n:
        return Spread(n=0, mean=None, variance=Fraction(0))
    whole, scale = _scaled(values)
    added = sum(whole)
    middle = Fraction(added, scale * n)
    if n == 1:
        return Spread(n=1, mean=middle, variance=Fraction(0))
    squares = sum(value * value for value in whole)
    return Spread(n=n, mean=middle, variance=Fraction(n * squares - added * added, n * (n - 1) * scale * scale))
