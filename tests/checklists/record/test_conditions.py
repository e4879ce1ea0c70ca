"""COND, EXPR-1, ASK-4, SC6: conditions between questions and calculated values, obeyed wherever a form is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from checklists import wire
from checklists.forms.expression import expression
from checklists.forms.form import Calculated, Form, Kind, Recordings, Variant
from checklists.record.asked import asked_items, asked_sections, hidden_keys
from checklists.record.conditions import Conditions
from checklists.record.derived import Circumstances
from checklists.record.findings import findings
from checklists.record.sheet import Sheet, sheet
from checklists.score.scoring import Scorer
from tests.builders import a_form, a_question, a_section, an_assessment, an_option, bands, both

QUESTIONS = (
    a_question("Y1"),
    a_question("Y2"),
    a_question("S1", kind=Kind.SCALE),
    a_question("N1", kind=Kind.BANDS, source="rings", bands=bands((None, 1))),
    a_question("C1", kind=Kind.CHOICE, options=(an_option("good", 1), an_option("bad", 0)), not_applicable=both("no")),
    a_question("T1", kind=Kind.TEXT, points=0),
)


def answer(name: str) -> dict[str, str]:
    return {"answer": name}


def is_shown(condition: object, answers: dict[str, object], **values: object) -> bool:
    asked = a_question("LAST", show_if=expression(condition))
    calculated = [Calculated(key=key, label=both(key), value=expression(raw)) for key, raw in values.items()]
    return Conditions((*QUESTIONS, asked), calculated).hidden(answers) == []


@pytest.mark.parametrize(
    ("condition", "answers", "shown"),
    [
        pytest.param(answer("Y1"), {"Y1": True}, True, id="yes"),
        pytest.param(answer("Y1"), {"Y1": False}, False, id="no"),
        pytest.param(answer("Y1"), {}, False, id="COND-3 no answer is not yes"),
        pytest.param({"not": answer("Y1")}, {}, True, id="not"),
        pytest.param({"equal": [answer("Y1"), False]}, {}, False, id="COND-3 no answer equals nothing"),
        pytest.param({"equal": [answer("C1"), "good"]}, {"C1": "good"}, True, id="equal, a code"),
        pytest.param({"equal": ["good", answer("C1")]}, {"C1": "bad"}, False, id="equal, another code"),
        pytest.param({"equal": [answer("C1"), "na"]}, {"C1": "na"}, True, id="COND-3 equal to na"),
        pytest.param({"not": {"equal": [answer("C1"), "na"]}}, {}, True, id="no answer is not na"),
        pytest.param({"equal": [answer("T1"), ""]}, {}, True, id="COND-3 equal to nothing: no answer"),
        pytest.param({"equal": [answer("Y2"), ""]}, {"Y2": False}, False, id="equal to nothing: there is an answer"),
        pytest.param({"less": [answer("S1"), 3]}, {"S1": 2}, True, id="less"),
        pytest.param({"less": [answer("S1"), 3]}, {"S1": 3}, False, id="not less: the same"),
        pytest.param({"less": [answer("S1"), 3]}, {}, False, id="COND-3 no answer is not less"),
        pytest.param({"less": [answer("N1"), 3]}, {"N1": "2.5"}, True, id="less, a decimal as text"),
        pytest.param({"less": [answer("N1"), 3]}, {"N1": "na"}, False, id="COND-3 na is no number"),
        pytest.param({"less": [answer("N1"), 3]}, {"N1": "words"}, False, id="what does not fit is no number"),
        pytest.param({"and": [answer("Y1"), answer("Y2")]}, {"Y1": True}, False, id="and"),
        pytest.param({"or": [answer("Y1"), answer("Y2")]}, {"Y2": True}, True, id="or"),
        pytest.param({"less": [{"sum": [answer("S1"), answer("N1")]}, 6]}, {"S1": 2, "N1": 3}, True, id="sum"),
        pytest.param(
            {"equal": [{"sum": [answer("S1"), answer("N1")]}, 2]}, {"S1": 2}, True, id="COND-3 sum leaves out"
        ),
        pytest.param({"equal": [{"count": [answer("Y1"), answer("Y2")]}, 1]}, {"Y2": True}, True, id="count"),
        pytest.param({"if": [answer("Y1"), answer("Y2"), True]}, {"Y1": True, "Y2": False}, False, id="if, met"),
        pytest.param({"if": [answer("Y1"), answer("Y2"), True]}, {"Y1": False}, True, id="if, not met"),
        pytest.param({"equal": [answer("GONE"), "x"]}, {"GONE": "x"}, False, id="COND-2 what is not on the sheet"),
    ],
)
def test_a_condition_is_met_or_not(condition, answers, shown):
    assert is_shown(condition, answers) is shown


def test_a_calculated_value_is_read_by_conditions_and_by_other_values():
    misses = {"count": [{"not": answer("Y1")}, {"less": [answer("S1"), 3]}]}
    twice = {"sum": [{"value": "misses"}, {"value": "misses"}]}
    condition = {"less": [3, {"value": "twice"}]}
    assert is_shown(condition, {"Y1": False, "S1": 1}, twice=twice, misses=misses)
    assert not is_shown(condition, {"Y1": True, "S1": 1}, twice=twice, misses=misses)


def a_chain(**last: Any) -> Form:
    """Q1, then Q2 if it is yes, then Q3 if Q2 is; and a section of its own that only Q3 opens."""
    return a_form(
        a_section(
            a_question("Q1"),
            a_question("Q3", show_if=expression(answer("Q2"))),
            a_question("Q2", show_if=expression(answer("Q1"))),
            weight=60,
        ),
        a_section(a_question("R1", show_if=expression(answer("Q3")), **last), weight=40),
    )


def test_cond_2_the_answer_of_a_hidden_question_counts_as_none_for_those_after_it():
    kept = {"Q1": False, "Q2": True, "Q3": True, "R1": True}
    assert hidden_keys(an_assessment(answers=kept), sheet(a_chain())) == {"Q2", "Q3", "R1"}
    assert hidden_keys(an_assessment(answers=kept | {"Q1": True}), sheet(a_chain())) == set()


def test_ask_3_a_hidden_question_is_not_asked_and_its_section_not_led_to():
    laid_out = sheet(a_chain())
    begun = an_assessment(answers={"Q1": False, "R1": True})
    assert list(asked_items(begun, laid_out)) == ["Q1"]
    assert [section.key for section in asked_sections(begun, laid_out)] == ["Q"]
    done = an_assessment(answers={"Q1": True, "Q2": True, "Q3": True})
    assert [section.key for section in asked_sections(done, laid_out)] == ["Q", "R"]
    assert list(asked_items(done, laid_out)) == ["Q1", "Q3", "Q2", "R1"]


def test_cond_1_a_hidden_question_is_not_required_nor_its_evidence_and_its_answer_is_kept():
    form = a_chain(evidence=("screenshot",), critical=True)
    closed = an_assessment(answers={"Q1": False, "R1": False})
    assert findings(closed, sheet(form), circumstances=Circumstances()) == ()
    assert closed.answers["R1"].value is False
    opened = an_assessment(answers={"Q1": True, "Q2": True, "Q3": True, "R1": False})
    codes = [finding.code for finding in findings(opened, sheet(form), circumstances=Circumstances())]
    assert codes == ["critical-note-missing", "evidence-missing"]


@pytest.mark.parametrize(
    ("answers", "base", "missing"),
    [
        pytest.param({"Q1": True, "Q2": True, "Q3": False}, 67, [], id="all of a section that is asked"),
        pytest.param({"Q1": True, "Q2": False}, 50, [], id="SC6 a hidden one is left out on both sides"),
        pytest.param({"Q1": False, "Q2": True, "R1": True}, 0, [], id="SC6 whatever answer is kept"),
        pytest.param({"Q1": True}, 100, ["Q2"], id="one that is shown is missing"),
    ],
)
def test_a_hidden_question_is_not_scored(answers, base, missing):
    scorer = Scorer(sheet(a_chain(critical=True)))
    assert round(scorer.base(answers)) == base
    assert scorer.score(answers).base == scorer.working(answers).base == scorer.base(answers)
    assert [problem.place.removeprefix("answers.") for problem in scorer.problems(answers)] == missing
    assert scorer.critical_failed(answers) == ()


def test_the_working_says_that_a_question_was_not_asked():
    (section, other) = Scorer(sheet(a_chain())).working({"Q1": False, "R1": True}).sections
    assert "Not asked" in str(section.questions[1].why)
    assert "Not asked" in str(other.questions[0].why)
    assert other.percent is None


def test_an_optional_question_may_be_left_and_carries_no_points():
    form = a_form(a_section(a_question("Q1"), a_question("T1", kind=Kind.TEXT, points=0, optional=True)))
    assert findings(an_assessment(answers={"Q1": True}), sheet(form), circumstances=Circumstances()) == ()
    assert Scorer(sheet(form)).problems({"Q1": True}) == ()


def test_cond_4_a_condition_of_a_recording_reads_the_answers_about_it():
    judged = a_form(a_section(a_question("J1"), a_question("J2", show_if=expression(answer("J1")))), name="judged")
    blend = Recordings(form=judged.id, sections=("J",), own_weight=50, recordings_weight=50)
    held = Variant(code="drawn", label=both("drawn"), sections=("Q",), recordings=blend)
    laid_out = sheet(a_form(variants=(held,)), variant="drawn", recordings=2, recording_form=judged)
    answers = {"J1": True, "J1#1": True, "J1#2": False}
    assert hidden_keys(an_assessment(answers=answers), laid_out) == {"J2#2"}


def test_a_form_with_conditions_travels_as_it_is():
    value = Calculated(key="late", label=both("late"), value=expression({"less": [answer("Q1"), Decimal("2.5")]}))
    form = a_form(a_section(a_question("Q1"), a_question("Q2", show_if=expression(answer("Q1")))), calculated=(value,))
    assert wire.decode(wire.encode(form), Form) == form


def test_a_form_without_conditions_costs_nothing():
    laid_out: Sheet = sheet(a_form())
    assert laid_out.conditions == ()
    assert hidden_keys(an_assessment(), laid_out) == frozenset()
