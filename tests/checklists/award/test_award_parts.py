"""Sizes, quotas, fees, double scoring and the proposal form: pure functions, by their case ids."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.award.grades import Grade, threshold
from checklists.forms.form import Channel
from checklists.plan.fees import bill
from checklists.plan.quota import Completion, Quota, completion, fee_group, quota, shortfall, size_group
from checklists.rules.programme import load_programme
from checklists.rules.score_rules import ScoreRules
from checklists.score.double_scoring import double_scored
from checklists.score.proposal import check_pages, check_words, proposal_score, word_count

PROGRAMME = load_programme("mystery_caller_2021")
RULES = PROGRAMME.rules


@pytest.mark.parametrize(
    ("seats", "branches", "group"),
    [
        pytest.param(1, None, "A", id="SZ001"),
        pytest.param(10, None, "A", id="SZ010"),
        pytest.param(11, None, "B", id="SZ011"),
        pytest.param(50, None, "B", id="SZ050"),
        pytest.param(51, None, "C", id="SZ051"),
        pytest.param(100, None, "C", id="R23 exactly 100"),
        pytest.param(101, None, "D", id="R23 101"),
        pytest.param(35, 40, "B", id="R6 seats first"),
        pytest.param(None, 6, "B", id="R24 without seats the branch band"),
        pytest.param(0, 31, "D", id="no seats is without seats"),
        pytest.param(None, None, None, id="neither"),
        pytest.param(None, 0, None, id="neither, said as 0"),
    ],
)
def test_a_size_group_is(seats: int | None, branches: int | None, group: str | None) -> None:
    """R-QTA-1."""
    assert size_group(seats, branches, RULES) == group


@pytest.mark.parametrize(
    ("branches", "asked"),
    [
        pytest.param(1, Quota(per_round=6, branches=1), id="BR001 band 1-5, one there is"),
        pytest.param(2, Quota(per_round=6, branches=2), id="BR002 two distinct, still 6 visits"),
        pytest.param(3, Quota(per_round=6, branches=3), id="BR001 3 branches, 6 visits"),
        pytest.param(6, Quota(per_round=10, branches=5), id="BR006"),
        pytest.param(21, Quota(per_round=12, branches=6), id="BR021"),
        pytest.param(30, Quota(per_round=12, branches=6), id="BR030"),
        pytest.param(31, Quota(per_round=14, branches=7), id="R24 31 and more"),
    ],
)
def test_onsite_quota_follows_branches(branches: int, asked: Quota) -> None:
    """R-QTA-2."""
    assert quota(Channel.ONSITE, 5, branches, RULES) == asked


@pytest.mark.parametrize(
    ("seats", "branches", "contacts", "visits"),
    [pytest.param(60, 25, 240, 36, id="QTC"), pytest.param(200, 40, 360, 42, id="QTD")],
)
def test_six_months_are_three_rounds(seats: int, branches: int, contacts: int, visits: int) -> None:
    told = [quota(channel, seats, branches, RULES) for channel in (Channel.PHONE_IN, Channel.ONSITE)]
    assert [3 * asked.per_round for asked in told if asked] == [contacts, visits]


def test_face_to_face_is_contacts_or_visits_as_the_rules_say() -> None:
    """R-QTA-3."""
    visits = RULES.with_overrides({"quota.face_to_face": "visits"})
    assert quota(Channel.FACE_TO_FACE, 60, 25, RULES) == Quota(per_round=80)
    assert quota(Channel.FACE_TO_FACE, 60, 25, visits) == Quota(per_round=12, branches=6)


def test_a_shortfall_is_a_warning_and_closing_below_ninety_percent_takes_two() -> None:
    asked = Quota(per_round=20)
    assert [completion(done, asked, RULES) for done in (20, 18, 17)] == [
        Completion.COMPLETE,
        Completion.NEEDS_REASON,
        Completion.NEEDS_SECOND_PERSON,
    ]
    assert str(shortfall(1, 17, asked)) == "round 1: 17 of 20 assessments"
    assert shortfall(1, 20, asked) is None


def test_fe01_the_waived_fee_is_not_subtracted() -> None:
    told = bill(PROGRAMME.fees, "B", is_member=False, is_new=True, with_certification=True)
    assert (told.total, told.waived) == (41_300, 2_000)


def test_the_fee_group_is_the_higher() -> None:
    assert fee_group(10, 25, RULES) == "C"


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
