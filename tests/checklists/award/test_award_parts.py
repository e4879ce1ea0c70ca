"""Double scoring, the proposal form and the lines of bands: pure functions, by their case ids."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.award.grades import Grade, threshold
from checklists.rules.programme import load_programme
from checklists.rules.score_rules import ScoreRules
from checklists.score.double_scoring import double_scored
from checklists.score.proposal import check_pages, check_words, proposal_score, word_count

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
    ("text", "count"),
    [
        pytest.param("字" * 101, 101, id="Chinese characters"),
        pytest.param("優質服務，以客為先。", 8, id="punctuation is none"),
        pytest.param("CRM 系統 2021", 4, id="a run of letters or digits is one"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_words_are_counted_as_the_form_means(text: str, count: int) -> None:
    """R-PRO-1."""
    assert word_count(text) == count


def test_wc03_101_words_are_warned_of_and_block_handing_in() -> None:
    """R-PRO-1."""
    finding = check_words("goals", "字" * 101)
    assert finding is not None
    assert (finding.blocks_finish, str(finding.message)) == (True, "101 words; at most 100 are allowed: shorten by 1.")
    assert check_words("goals", "字" * 100) is None


def test_wc04_eleven_pages_are_refused() -> None:
    """R-PRO-2."""
    finding = check_pages(11)
    assert finding is not None
    assert finding.blocks_finish
    assert check_pages(10) is None


def test_wc05_all_five_parts_are_seventy_of_seventy() -> None:
    """R-PRO-3."""
    parts = ("goals", "measures", "innovation", "evaluation", "sustainability")
    told = proposal_score({part: Fraction(1) for part in parts})
    assert (told.points, told.possible, told.percent, told.outside) == (70, 70, 100, 30)


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
