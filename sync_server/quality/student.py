"""Student's t: the one quantile that the intervals need, without a library of statistics.

STU-1  The quantile is found by bisection on the distribution, which is an incomplete beta function (continued fraction
       after Lentz); it is right to nine decimals.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log

_TINY = 1e-300


def cumulative(t: float, freedom: float) -> float:
    """Return the probability of at most `t` with `freedom` degrees of freedom."""
    half = _beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2
    return 1 - half if t > 0 else half


@lru_cache(maxsize=1024)
def quantile(probability: float, freedom: float) -> float:
    """Return the t that is exceeded with 1 - `probability`; 0.975 gives a two-sided 95 %."""
    low, high = -1e4, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if cumulative(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function."""
    if x in (0, 1):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    product = d
    for step in range(1, 300):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d = 1 / (1 + even * d or _TINY)
        c = 1 + even / c or _TINY
        product *= d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d = 1 / (1 + odd * d or _TINY)
        c = 1 + odd / c or _TINY
        product *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * product
