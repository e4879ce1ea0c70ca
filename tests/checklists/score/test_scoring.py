"""SC: answers to a base score, exactly. Ids are those in checklists/score/scoring.py and of the worked cases (AS*)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from checklists.forms.form import Channel, Form, Kind
from checklists.record.sheet import SheetError, sheet
from checklists.score import explain
from checklists.score.scoring import Scorer, Scorers
from tests.builders import a_form, a_question, a_section, an_option, bands, both
from tests.sheets import FORMS, PHONE, SHEETS, all_best, base

REASON = both("none", "沒有")


AS08 = a_form(
    a_section(
        a_question("QA1", points=2),
        a_question("QA2", kind=Kind.CHOICE, points=2, options=(an_option("half", "1/2"), an_option("none", 0))),
        weight=40,
    ),
    a_section(*(a_question(f"QB{n}") for n in range(1, 5)), weight=60),
)
AS08_ANSWERS = {"QA1": True, "QA2": "half", "QB1": True, "QB2": True, "QB3": True, "QB4": False}


def test_as08_two_sections_of_40_and_60_are_averaged_by_weight():
    """SC1."""
    assert base(AS08, AS08_ANSWERS) == 75


def test_as12_every_question_not_applicable_gives_no_score():
    form = a_form(a_section(a_question("QA1", not_applicable=REASON)))
    working = Scorer(sheet(form)).working({"QA1": "na"})
    assert base(form, {"QA1": "na"}) is None
    assert working.base is None
    assert str(working.why) == "No question was applicable, so there is no score."


def test_sc2_a_section_with_nothing_applicable_passes_its_weight_on():
    """SC2."""
    form = a_form(
        a_section(a_question("QA1", not_applicable=REASON), weight=90),
        a_section(a_question("QB1"), a_question("QB2"), weight=10),
    )
    assert base(form, {"QA1": "na", "QB1": True, "QB2": False}) == 50


def scored(**question: Any) -> Form:
    """Four points on the question, so that its share shows as a percentage of the base."""
    return a_form(a_section(a_question("QA1", points=4, **question)))


BANDS = bands((20, 1), (40, "3/4"), (None, 0))
CHOICE = (an_option("all", 1), an_option("part", "0.3"), an_option("none", 0))


@pytest.mark.parametrize(
    ("question", "answer", "percent"),
    [
        pytest.param({}, True, 100, id="yes"),
        pytest.param({}, False, 0, id="no"),
        pytest.param({"kind": Kind.SCALE}, 0, 0, id="bottom of the scale"),
        pytest.param({"kind": Kind.SCALE}, 1, 25, id="scale 1"),
        pytest.param({"kind": Kind.SCALE}, 3, 75, id="scale 3 meets the standard"),
        pytest.param({"kind": Kind.SCALE}, 4, 100, id="top of the scale"),
        pytest.param({"kind": Kind.CHOICE, "options": CHOICE}, "part", 30, id="choice by its share"),
        pytest.param({"kind": Kind.FAQ, "options": CHOICE}, "none", 0, id="FAQ by its share"),
        pytest.param({"kind": Kind.BANDS, "bands": BANDS}, 20, 100, id="a limit is not exceeded at exactly it"),
        pytest.param({"kind": Kind.BANDS, "bands": BANDS}, "20.0001", 75, id="just above the limit, decimal text"),
        pytest.param({"kind": Kind.BANDS, "bands": BANDS}, Decimal("40.0"), 75, id="a decimal number"),
        pytest.param({"kind": Kind.BANDS, "bands": BANDS}, Fraction(121, 3), 0, id="a fraction above all limits"),
        pytest.param({"kind": Kind.BANDS, "bands": BANDS}, "1/3", 100, id="a fraction as text"),
    ],
)
def test_sc1_an_answer_earns_its_share(question, answer, percent):
    """SC1."""
    assert base(scored(**question), {"QA1": answer}) == percent


CRITICAL = a_form(
    a_section(a_question("QA1", critical=True), a_question("QA2", points=3), weight=50),
    a_section(a_question("QB1"), weight=50),
)


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        pytest.param("section_zero", 50, id="SC3 section_zero zeroes the section"),
        pytest.param("flag_only", Fraction(175, 2), id="SC3 flag_only changes no base"),
        pytest.param("assessment_cap", Fraction(175, 2), id="SC3 assessment_cap is the award's step"),
    ],
)
def test_a_failed_critical_item_is_named_and_has_its_effect(effect, expected):
    scorer = Scorer(sheet(CRITICAL), critical_effect=effect)
    score = scorer.score({"QA1": False, "QA2": True, "QB1": True})
    assert score.base == expected
    assert score.critical_failed == ("QA1",)


def test_sc3_a_critical_item_that_is_not_applicable_does_not_fail():
    form = a_form(a_section(a_question("QA1", critical=True, not_applicable=REASON), a_question("QA2")))
    assert Scorer(sheet(form)).score({"QA1": "na", "QA2": True}).base == 100


def test_sc4_a_recording_check_blends_its_own_30_with_the_mean_of_the_recordings_70():
    """SC4."""
    layout = SHEETS["recording"]
    answers = all_best(layout)
    answers["OH3"] = "two_or_more"  # 3 of 8 points lost: own 62.5
    answers |= dict.fromkeys(("PB1#2", "PB2#2", "PB3#2"), False)  # 6 of 12 points of a section weighing 12 of 88
    second = 100 - Fraction(100 * 12, 88) * Fraction(6, 12)
    expected = (30 * Fraction(125, 2) + 70 * (100 + second) / 2) / 100
    assert Scorer(layout).base(answers) == expected


def test_sc4_of_a_recording_check_only_the_questions_of_the_check_itself_are_asked():
    own = [key for key in SHEETS["recording"].items if "#" not in key]
    assert own == ["OH1", "OH2", "OH3", "OH7"]
    assert {key[:2] for key in SHEETS["recording"].items if "#" in key} == {"PB", "PC", "PD", "PE", "PF", "PG"}


def test_a_branch_visit_renormalises_the_88_of_100_it_uses():
    layout = SHEETS["branch"]
    answers = all_best(layout) | {"OG1": False}  # critical: its section, 8 of 88, counts 0
    assert sum(section.weight for section in layout.sections) == 88
    assert Scorer(layout).base(answers) == Fraction(80 * 100, 88)


@pytest.mark.parametrize(
    ("subchannel", "seconds", "share"),
    [
        ("chat", 30, "1"),
        ("chat", 31, "0.8"),
        ("social", 900, "1"),
        ("social", 901, "0.8"),
        ("email", 14400, "1"),
        ("form", 86401, "0"),
    ],
)
def test_the_bands_of_the_first_reply_are_those_of_the_sub_channel(subchannel, seconds, share):
    layout = SHEETS[subchannel]
    working = Scorer(layout).working(all_best(layout) | {"WB1": seconds})
    question = next(q for section in working.sections for q in section.questions if q.key == "WB1")
    assert question.earned == 6 * Fraction(share)


@pytest.mark.parametrize("layout", SHEETS.values(), ids=SHEETS.keys())
def test_the_best_answers_score_100_without_a_problem(layout):
    scorer = Scorer(layout)
    assert scorer.problems(all_best(layout)) == ()
    assert scorer.base(all_best(layout)) == 100


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        pytest.param({"PB1": None}, "answers.PB1", "answer-missing", id="null is no answer"),
        pytest.param({"PB1": 1}, "answers.PB1", "answer-wrong", id="1 is not yes"),
        pytest.param({"PB1": "na"}, "answers.PB1", "na-not-allowed", id="N/A where it is not offered"),
        pytest.param({"PA6": True}, "answers.PA6", "answer-wrong", id="yes is not a scale"),
        pytest.param({"PA6": 5}, "answers.PA6", "answer-wrong", id="above the scale"),
        pytest.param({"PA6": "3"}, "answers.PA6", "answer-wrong", id="scale as text"),
        pytest.param({"PA6": Decimal("2.5")}, "answers.PA6", "answer-wrong", id="between two steps"),
        pytest.param({"PB4": "asked"}, "answers.PB4", "answer-wrong", id="a code that is not there"),
        pytest.param({"PB4": ["asked_only"]}, "answers.PB4", "answer-wrong", id="a list"),
        pytest.param({"PA2": -1}, "answers.PA2", "answer-wrong", id="below 0"),
        pytest.param({"PA2": "NaN"}, "answers.PA2", "answer-wrong", id="not a number"),
        pytest.param({"PA2": "1e99999999"}, "answers.PA2", "answer-wrong", id="a hostile exponent"),
        pytest.param({"PA2": {"n": 1}}, "answers.PA2", "answer-wrong", id="a table"),
        pytest.param({"PG5": 5}, "answers.PG5", "answer-wrong", id="a number where words are asked"),
        pytest.param({"ZZ9": True}, "answers.ZZ9", "question-unknown", id="a question the form does not ask"),
    ],
)
def test_sc5_an_answer_that_cannot_be_scored_is_a_problem_with_its_question(changes, place, code):
    """SC5."""
    problems = Scorer(PHONE).problems(all_best(PHONE) | changes)
    assert [(problem.place, problem.code) for problem in problems] == [(place, code)]
    assert str(problems[0].message).endswith(".")


def test_sc5_an_unanswered_question_is_a_problem_and_never_n_a():
    """SC5."""
    answers = all_best(PHONE)
    del answers["PF1"]
    assert [problem.code for problem in Scorer(PHONE).problems(answers, place="rounds[0]")] == ["answer-missing"]


def test_several_problems_are_told_at_once():
    assert len(Scorer(PHONE).problems({})) == 38


@pytest.mark.parametrize(
    ("form_id", "answers", "subchannel", "variant", "recordings"),
    [
        pytest.param("onsite@1", ["OA1", "OG3"], None, "branch", 0, id="branch"),
        pytest.param("onsite@1", ["OH1", "OH3", "PB1#1", "PC1#2"], None, "recording", 2, id="recording"),
        pytest.param("onsite@1", ["OH1", "PB1#1", "PB1#9"], None, "recording", 1, id="a stray recording"),
        pytest.param("onsite@1", ["OA1", "OH1"], None, "both", 0, id="both"),
        pytest.param("onsite@1", [], None, "branch", 0, id="nothing answered"),
        pytest.param("phone_in@1", ["PA1"], None, None, 0, id="a form without variants"),
        pytest.param("online@1", ["WA1"], "chat", None, 0, id="a sub-channel"),
    ],
)
def test_bare_answers_show_the_sheet_they_were_given_on(form_id, answers, subchannel, variant, recordings):
    layout = Scorers(FORMS).for_answers(FORMS[form_id], answers, subchannel).sheet
    assert (layout.variant, layout.recordings, layout.subchannel) == (variant, recordings, subchannel)


def test_one_scorer_is_built_for_each_layout():
    scorers = Scorers(FORMS)
    onsite = FORMS["onsite@1"]
    assert scorers.for_answers(onsite, ["OA1"]) is scorers.for_answers(onsite, ["OB1"])
    assert scorers.for_answers(onsite, ["OA1"]) is not scorers.for_answers(onsite, ["OH1", "PB1#1"])


@pytest.mark.parametrize("subchannel", [None, "fax"])
def test_online_answers_without_a_sub_channel_are_refused_with_the_remedy(subchannel):
    with pytest.raises(SheetError, match="chat, email, form, social"):
        Scorers(FORMS).for_answers(FORMS["online@1"], ["WA1"], subchannel)


@pytest.mark.parametrize(
    ("key", "value", "said", "said_in_chinese"),
    [
        pytest.param("PA2", 4, "4 is not above 5: 60% of the points.", "4 不高於 5：得分數的 60%。", id="a count"),
        pytest.param("PA2", 9, "9 is above 8: 0% of the points.", "9 高於 8：得分數的 0%。", id="a count above all"),
        pytest.param(
            "PA3", 75, "75 s is not above 90 s: 50% of the points.", "75 秒，不超過 90 秒：得分數的 50%。", id="a time"
        ),
        pytest.param(
            "PA3", 181, "181 s is above 180 s: 0% of the points.", "181 秒，超過 180 秒：得分數的 0%。", id="a long one"
        ),
    ],
)
def test_a_reason_gives_times_their_unit(key, value, said, said_in_chinese):
    why = explain.question(PHONE.items[key], value)
    assert (str(why), why.in_language("zh-Hant")) == (said, said_in_chinese)


def test_the_receipt_says_points_of_points_and_why_for_each_question():
    working = Scorer(sheet(AS08)).working(AS08_ANSWERS)
    first, second = working.sections
    assert [(q.key, q.earned, q.possible, str(q.why)) for q in first.questions] == [
        ("QA1", 2, 2, "Yes: 100% of the points."),
        ("QA2", 1, 2, "half: 50% of the points."),
    ]
    assert str(second.why) == "3 of 4 points: 75.00%."
    assert str(working.why) == "(40 × 75.00 + 60 × 75.00) / 100 = 75.00"


def test_the_receipt_is_told_in_chinese_too():
    working = Scorer(PHONE).working(all_best(PHONE) | {"PD4": False, "PA5": "na", "PA3": 41})
    told = [section.why.in_language("zh-Hant") for section in working.sections]
    told += [question.why.in_language("zh-Hant") for section in working.sections for question in section.questions]
    assert "得 23 分（滿分 27 分），但關鍵項目 PD4 不合格：此部分計 0%。" in told
    assert "不適用（等候少於二十秒）；得分及滿分均不計算。" in told
    assert "41 秒，不超過 90 秒：得分數的 50%。" in told


def test_a_section_nobody_answered_yet_says_so():
    first = Scorer(PHONE).working({}).sections[0]
    assert str(first.why) == "Nothing here is answered yet."


def test_a_float_is_never_taken_for_a_measured_number():
    problems = Scorer(PHONE).problems(all_best(PHONE) | {"PA3": 19.5})
    assert [problem.code for problem in problems] == ["answer-wrong"]
    assert Scorer(PHONE).base({"PA3": 19.5}) is None


def test_the_annex_is_scored_by_itself_and_never_counts_in_the_call():
    layout = sheet(FORMS["phone_in@1"], annex=FORMS["ivrs_annex@1"])
    answers = all_best(layout)
    assert layout.annex is not None
    assert layout.form.channel is Channel.PHONE_IN
    assert Scorer(layout).base(answers | {"VB4": False}) == 100
    assert Scorer(layout.annex).base(all_best(layout.annex) | {"VB4": False}) == 70


def test_an_annex_with_nothing_to_assess_has_no_score():
    layout = sheet(FORMS["phone_in@1"], annex=FORMS["ivrs_annex@1"])
    answers = all_best(layout) | {"ivrs_annex": "na"}
    assert layout.annex is not None
    assert Scorer(layout.annex).base(all_best(layout.annex) | answers) is None
    assert Scorer(layout).problems(answers) == ()
