"""The pulse survey: its answers and what they come to. Ids are those in checklists/index/survey.py and tallies.py."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.index.survey import Answers, pulse_survey, read_answers
from checklists.index.tallies import Tally, tally_of, total
from checklists.rules.programme import load_programme

SURVEY = pulse_survey()
FULL = {
    "sat_overall": "8", "sat_expect": "7", "sat_ideal": "7", "loy_stay": "9", "loy_first": "8", "loy_more": "7",
    "nps": "9", "ces": "6", "solved": "first_time",
}  # fmt: skip


def answers(**changed: int) -> Answers:
    read, wrong = read_answers(SURVEY, FULL)
    assert wrong == {}
    return {**read, **changed}


def test_the_survey_has_ten_questions_and_the_18_industries_in_the_eight_groups() -> None:
    groups = {industry.code for industry in load_programme("mystery_caller_2021").industries}
    assert (len(SURVEY.questions), len(SURVEY.industries)) == (10, 18)
    assert {industry.group for industry in SURVEY.industries} <= groups
    assert [industry.name["zh-Hant"] for industry in SURVEY.industries][:3] == ["超市", "藥房", "網購平台"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, {}, id="SVY-1 all answered"),
        pytest.param({"loy_more": ""}, {}, id="SVY-1 what may be left"),
        pytest.param({"nps": ""}, {"nps": "Choose an answer."}, id="SVY-1 left out"),
        pytest.param({"nps": "0"}, {}, id="SVY-1 the end of its own scale"),
        pytest.param({"sat_overall": "0"}, {"sat_overall": "from 1 to 10"}, id="SVY-1 off the scale"),
        pytest.param({"sat_overall": "７"}, {"sat_overall": "from 1 to 10"}, id="SVY-1 digits of another kind"),
        pytest.param({"solved": "perhaps"}, {"solved": "one of the answers"}, id="SVY-1 no such answer"),
        pytest.param({"comment": "快啲接電話 please, спасибо"}, {}, id="SVY-1 words in mixed scripts"),
        pytest.param({"comment": "字" * 300}, {}, id="SVY-1 300 characters"),
        pytest.param({"comment": "字" * 301}, {"comment": "301 characters; 300 fit"}, id="SVY-1 301 characters"),
        pytest.param({"comment": "call me at 9123 4567"}, {"comment": "telephone number"}, id="SVY-1 personal data"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_question(changed: dict[str, str], expected: dict[str, str]) -> None:
    _, wrong = read_answers(SURVEY, {**FULL, **changed})
    assert wrong.keys() == expected.keys()
    assert [words for key, words in expected.items() if words not in str(wrong[key])] == []


def test_seed_000_means_of_7_8_and_7_2_and_6_9_are_70() -> None:
    """SVY-2: ten customers whose means are those."""
    one, two, three = [8] * 8 + [7] * 2, [7] * 8 + [8] * 2, [7] * 9 + [6]
    rows = zip(one, two, three, strict=True)
    tally = total(tally_of(answers(sat_overall=a, sat_expect=b, sat_ideal=c), SURVEY) for a, b, c in rows)
    assert tally.satisfaction is not None
    assert tally.satisfaction.value == 70


def test_seed_000_forty_promoters_and_25_detractors_of_a_hundred_are_15_give_or_take_15_5() -> None:
    """SVY-3."""
    marks = [9] * 20 + [10] * 20 + [0] * 10 + [6] * 15 + [7] * 20 + [8] * 15
    tally = total(tally_of(answers(nps=mark), SURVEY) for mark in marks)
    assert tally.nps is not None
    assert (tally.nps.value, round(tally.nps.half, 1)) == (15, 15.5)


def test_svy_2_two_of_three_answers_count_and_one_does_not() -> None:
    given = {key: value for key, value in answers().items() if key not in ("loy_more", "sat_expect", "sat_ideal")}
    tally = tally_of(given, SURVEY)
    assert (tally.n, tally.satisfaction_n, tally.loyalty_n) == (1, 0, 1)
    assert tally.loyalty is not None
    assert tally.loyalty.value == Fraction(100 * (8 + 7), 18)


def test_svy_2_the_interval_is_1_96_standard_errors() -> None:
    tally = total(tally_of(answers(sat_overall=m, sat_expect=m, sat_ideal=m), SURVEY) for m in (1, 10))
    assert tally.satisfaction is not None
    # Two customers, at 0 and at 100: a standard deviation of 70.71, and of their mean 50.
    assert (tally.satisfaction.value, round(tally.satisfaction.half, 2)) == (50, 98.0)


def test_nothing_has_no_figure() -> None:
    assert (Tally().satisfaction, Tally().loyalty, Tally().nps) == (None, None, None)
