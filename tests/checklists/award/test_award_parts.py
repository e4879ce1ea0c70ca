"""Double scoring and the lines of bands: pure functions, by their case ids."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.award.grades import Grade, threshold
from checklists.rules.programme import load_programme
from checklists.rules.score_rules import ScoreRules
from checklists.score.double_scoring import double_scored

RULES = load_programme("mystery_caller_2021").rules


@pytest.mark.parametrize(
    ("first", "second", "third", "base", "step"),
    [
        pytest.param(81, 85, None, 83, "agreed", id="RD12 83 counts once"),
        pytest.param(80, 85, None, "82.5", "agreed", id="a gap of exactly 5"),
        pytest.param(80, "85.1", None, None, "score_again", id="over 5"),
        pytest.param(80, 90, None, None, "score_again", id="a gap of exactly 10"),
        pytest.param(80, "90.1", None, None, "third_assessor", id="over 10"),
        pytest.param(80, 91, 83, 83, "median", id="the median of three"),
    ],
)
def test_a_double_scored_assessment_has_one_base(
    first: int | str, second: int | str, third: int | None, base: int | str | None, step: str
) -> None:
    """R-DBL-1, R-DBL-2."""
    told = double_scored(Fraction(first), Fraction(second), None if third is None else Fraction(third))
    assert (told.base, told.step.value) == (None if base is None else Fraction(base), step)


@pytest.mark.parametrize(
    ("rules", "grade", "final", "is_inside"),
    [
        pytest.param({}, Grade.GOLD, "89.95", True, id="half up"),
        pytest.param({"grade.rounding": "floor"}, Grade.GOLD, "90", True, id="floor"),
        pytest.param({"grade.rounding": "none"}, Grade.SILVER, "80", True, id="none"),
        pytest.param({"grade.rounding": "half_even"}, Grade.GOLD, "89.95", True, id="half even, even line"),
        pytest.param(
            {"grade.rounding": "half_even", "grade.bands.gold": "90.1"}, Grade.GOLD, "90.05", False, id="odd line"
        ),
        pytest.param({"grade.bands.gold": "89.97"}, Grade.GOLD, "89.95", True, id="a line between decimals"),
    ],
)
def test_a_band_starts_at(rules: dict[str, str], grade: Grade, final: str, is_inside: bool) -> None:
    """R-GRD-1: a band starts where a final rounds into it."""
    told = threshold(grade, ScoreRules.of(RULES.with_overrides(rules)).grades)
    assert (told.final, told.is_inside) == (Fraction(final), is_inside)
