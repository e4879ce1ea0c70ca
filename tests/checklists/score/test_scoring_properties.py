"""What holds of any answers on any sheet: better is never worse, the formula by hand, working and score alike."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.forms.form import Kind, Question
from checklists.record.sheet import Item, Part, Sheet
from checklists.score.scoring import Scorer
from tests.builders import a_form, a_section
from tests.sheets import PHONE, SHEETS, base, best


def answer_to(question: Question) -> st.SearchStrategy[Any]:
    values: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.YES_NO: st.booleans(),
        Kind.SCALE: st.integers(0, 4),
        Kind.CHOICE: st.sampled_from([option.code for option in question.options] or [""]),
        Kind.FAQ: st.sampled_from([option.code for option in question.options] or [""]),
        Kind.BANDS: st.integers(0, 100_000),
        Kind.TEXT: st.just("Clear and quick; could say goodbye."),
    }
    return values[question.kind] | st.just("na") if question.not_applicable else values[question.kind]


def answers_on(layout: Sheet) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({key: answer_to(item.question) for key, item in layout.items.items()})


ANY_ANSWERS = st.sampled_from(list(SHEETS.values())).flatmap(
    lambda layout: st.tuples(st.just(layout), answers_on(layout))
)


@settings(max_examples=60, deadline=None)
@given(ANY_ANSWERS, st.data())
def test_a_better_answer_never_lowers_the_base(given_answers, data):
    layout, answers = given_answers
    scorer = Scorer(layout)
    key = data.draw(st.sampled_from([key for key in answers if answers[key] != "na"]))
    better = answers | {key: best(layout.items[key].question)}
    before, after = scorer.base(answers), scorer.base(better)
    assert before is not None
    assert after is not None
    assert 0 <= before <= after <= 100


def share_of(item: Item, value: Any) -> Fraction:
    """By the words of the forms' page, as slowly as it reads."""
    match item.question.kind:
        case Kind.YES_NO:
            return Fraction(bool(value))
        case Kind.SCALE:
            return Fraction(value, 4)
        case Kind.BANDS:
            return next(band.share for band in item.bands if band.limit is None or value <= band.limit)
        case _:
            return next(option.share for option in item.question.options if option.code == value)


def by_hand(part: Part, answers: dict[str, Any]) -> Fraction | None:
    weighted, weights = Fraction(0), 0
    for section in part.sections:
        items = [i for i in section.items if i.question.points and answers[i.key] != "na"]
        possible = sum(i.question.points for i in items)
        if not possible:
            continue
        shares = {i.key: share_of(i, answers[i.key]) for i in items}
        earned = sum(i.question.points * shares[i.key] for i in items)
        zeroed = any(i.question.critical and shares[i.key] == 0 for i in items)
        weighted += section.weight * (0 if zeroed else 100 * earned / possible)
        weights += section.weight
    return weighted / weights if weights else None


@settings(max_examples=100, deadline=None)
@given(ANY_ANSWERS)
def test_the_base_is_what_the_formula_gives_by_hand(given_answers):
    layout, answers = given_answers
    own, *recordings = [by_hand(part, answers) for part in layout.parts]
    assert own is not None
    expected = (30 * own + 70 * sum(recordings) / len(recordings)) / 100 if recordings else own
    assert Scorer(layout).base(answers) == expected


@settings(max_examples=60, deadline=None)
@given(answers_on(PHONE))
def test_a_question_not_applicable_gives_the_base_of_a_form_without_it(answers):
    form = PHONE.form
    left_out = {key for key, value in answers.items() if value == "na"}
    sections = tuple(
        a_section(*kept, id=section.id, weight=section.weight)
        for section in form.sections
        if (kept := tuple(q for q in section.questions if q.id not in left_out))
    )
    shorter = a_form(*sections)
    kept_answers = {key: value for key, value in answers.items() if key not in left_out}
    assert base(shorter, kept_answers) == Scorer(PHONE).base(answers)


@settings(max_examples=40, deadline=None)
@given(ANY_ANSWERS)
def test_receipt_and_score_reach_the_same_base_and_hold_no_float(given_answers):
    layout, answers = given_answers
    scorer = Scorer(layout)
    working = scorer.working(answers)
    assert working.base == scorer.base(answers) == scorer.score(answers).base
    numbers = [working.base, *scorer.score(answers).sections.values()]
    numbers += [value for s in working.sections for value in (s.earned, s.possible, s.percent)]
    numbers += [value for s in working.sections for q in s.questions for value in (q.earned, q.possible)]
    assert {type(number) for number in numbers} <= {Fraction, type(None)}


@settings(max_examples=40, deadline=None)
@given(ANY_ANSWERS)
def test_what_questions_earn_is_what_the_working_says_of_them(given_answers):
    layout, answers = given_answers
    scorer = Scorer(layout)
    questions = {q.key: q for s in scorer.working(answers).sections for q in s.questions}
    units = set()
    for key, earned, possible in scorer.earned(answers):
        said = questions[key]
        if said.earned is None:
            assert earned is None
        else:
            units.add(possible / said.possible)
            assert Fraction(earned, possible) == said.earned / said.possible
    assert len(units) <= 1
    assert {key for key, _, _ in scorer.earned(answers)} >= {q.key for q in questions.values() if q.possible}
