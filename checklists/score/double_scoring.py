"""An assessment scored by two assessors, blind: which base counts (quality control 4.2). It counts once.

R-DBL-1  A gap of at most 5 points: the mean. Over 5 and at most 10: talk and score again.
R-DBL-2  Over 10: a third assessor, and the median of the three.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec

AGREED_WITHIN = Fraction(5)
RESCORED_WITHIN = Fraction(10)


class DoubleScore(StrEnum):
    """What a pair of scores asks for."""

    AGREED = "agreed"
    SCORE_AGAIN = "score_again"
    THIRD_ASSESSOR = "third_assessor"
    MEDIAN = "median"


class DoubleScored(msgspec.Struct, frozen=True, kw_only=True):
    """The base that counts, None while it is still to be settled."""

    base: Fraction | None
    step: DoubleScore


def double_scored(first: Fraction, second: Fraction, third: Fraction | None = None) -> DoubleScored:
    """Settle two bases, or three. A third score is used only where the first two lie over 10 apart."""
    gap = abs(first - second)
    if gap <= AGREED_WITHIN:
        return DoubleScored(base=(first + second) / 2, step=DoubleScore.AGREED)
    if gap <= RESCORED_WITHIN:
        return DoubleScored(base=None, step=DoubleScore.SCORE_AGAIN)
    if third is None:
        return DoubleScored(base=None, step=DoubleScore.THIRD_ASSESSOR)
    return DoubleScored(base=sorted((first, second, third))[1], step=DoubleScore.MEDIAN)
