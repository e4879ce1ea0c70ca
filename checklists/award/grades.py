"""From a final to a grade (R13), and back: what a score must reach for a band.

R-GRD-1  The final is rounded from its exact value to `grade.dp` decimals by `grade.rounding`, then put in its band.
R-GRD-2  Pass and bronze are one line by default; below either there is no grade but `below_pass`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.language import N_, Template
from checklists.number import rounded
from checklists.rules.score_rules import GradeRules


class Grade(StrEnum):
    """The bands, best first."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"
    BELOW_PASS = "below_pass"  # noqa: S105 - a grade, not a password


GRADE_WORDS: Mapping[str, Template] = {
    Grade.GOLD: N_("Gold"),
    Grade.SILVER: N_("Silver"),
    Grade.BRONZE: N_("Bronze"),
    Grade.BELOW_PASS: N_("Below pass"),
}
_RANK = {grade: place for place, grade in enumerate(Grade)}


def is_at_least(grade: Grade | None, needed: Grade) -> bool:
    """Is `grade` as good as `needed`? No grade is not."""
    return grade is not None and _RANK[grade] <= _RANK[needed]


def graded_on(final: Fraction, rules: GradeRules) -> Fraction:
    """Return the rounded final that is put in a band."""
    return rounded(final, rules.dp, rules.rounding)


def grade_of(final: Fraction, rules: GradeRules) -> Grade:
    """Return the grade of a final."""
    figure = graded_on(final, rules)
    if figure >= rules.pass_mark:
        for band, line in rules.bands:
            if figure >= line:
                return Grade(band)
    return Grade.BELOW_PASS


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest final of a band before rounding; the figure itself belongs to it when `is_inside`."""

    final: Fraction
    is_inside: bool


def threshold(grade: Grade, rules: GradeRules) -> Threshold:
    """Return from which final on, before rounding, `grade` is given: 89.95 for gold by default."""
    lines = {Grade(band): line for band, line in rules.bands}
    line = max(lines[grade], rules.pass_mark)
    if rules.rounding == "none":
        return Threshold(final=line, is_inside=True)
    step = Fraction(1, 10**rules.dp)
    lowest = (line / step).__ceil__() * step
    if rules.rounding == "floor":
        return Threshold(final=lowest, is_inside=True)
    edge = lowest - step / 2
    return Threshold(final=edge, is_inside=rounded(edge, rules.dp, rules.rounding) >= lowest)
