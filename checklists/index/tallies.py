"""What answers come to, kept as sums, so that a hundred thousand answers are read as one row.

SVY-2  Satisfaction and loyalty are 100 × (mean - 1) / 9 of the questions that were answered, at least two of three,
       each answer of a customer weighing the same; their interval is 1.96 standard errors.
SVY-3  The NPS is 100 × (share of 9 and 10 - share of 0 to 6); its interval is 1.96 × 100 × √((p + d - (p - d)²) / n).
SVY-4  Figures are published from `min_industry` answers of an industry and `min_company` of a company on; below that
       only the number of answers is.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from checklists.index.survey import Answers, Survey

Z = Fraction(49, 25)  # 1.96
PARTS = 6  # a mean of one, two or three answers is a whole number of sixths
WHOLE = PARTS * 9  # the sixths of the best answers


class Measure(NamedTuple):
    """A figure, exact, and half the width of its 95 % interval."""

    value: Fraction
    half: float


class Tally(NamedTuple):
    """The sums of some answers. Tallies are added by adding their fields."""

    n: int = 0
    satisfaction_n: int = 0
    satisfaction_sum: int = 0  # in sixths of a point above 1
    satisfaction_squares: int = 0
    loyalty_n: int = 0
    loyalty_sum: int = 0
    loyalty_squares: int = 0
    nps_n: int = 0
    promoters: int = 0
    detractors: int = 0

    @property
    def satisfaction(self) -> Measure | None:
        """Satisfaction, 0 to 100; None of no answer."""
        return _mean(self.satisfaction_n, self.satisfaction_sum, self.satisfaction_squares)

    @property
    def loyalty(self) -> Measure | None:
        """Loyalty, 0 to 100; None of no answer."""
        return _mean(self.loyalty_n, self.loyalty_sum, self.loyalty_squares)

    @property
    def nps(self) -> Measure | None:
        """The NPS, -100 to 100; None of no answer."""
        if not self.nps_n:
            return None
        share = Fraction(self.promoters - self.detractors, self.nps_n)
        spread = Fraction(self.promoters + self.detractors, self.nps_n) - share**2
        return Measure(100 * share, 100 * Z * sqrt(spread / self.nps_n))


def tally_of(answers: Answers, survey: Survey) -> Tally:
    """Return the tally of one customer's answers."""
    satisfaction = _sixths(answers, survey, "satisfaction")
    loyalty = _sixths(answers, survey, "loyalty")
    likely = [answers[one.key] for one in survey.questions if one.index == "nps" and one.key in answers]
    return Tally(
        1,
        *((0, 0, 0) if satisfaction is None else (1, satisfaction, satisfaction**2)),
        *((0, 0, 0) if loyalty is None else (1, loyalty, loyalty**2)),
        len(likely),
        sum(int(one) >= 9 for one in likely),
        sum(int(one) <= 6 for one in likely),
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of `tallies`."""
    return Tally(*map(sum, zip(Tally(), *tallies, strict=True)))


def _sixths(answers: Answers, survey: Survey, index: str) -> int | None:
    given = [int(answers[one.key]) - 1 for one in survey.questions if one.index == index and one.key in answers]
    return PARTS * sum(given) // len(given) if len(given) >= survey.scores_need else None


def _mean(n: int, total_sixths: int, squares: int) -> Measure | None:
    if not n:
        return None
    mean = Fraction(total_sixths, n)
    variance = (Fraction(squares) - n * mean**2) / (n - 1) if n > 1 else Fraction(0)
    return Measure(100 * mean / WHOLE, 100 / WHOLE * Z * sqrt(variance / n))
