"""XLS-9: a form that goes out as an XLSForm comes back as the same form, and pyxform takes it without a word."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.__main__ import main
from checklists.forms.checks import check_form
from checklists.forms.expression import Expression, Op, expression, literal
from checklists.forms.file import load_form, shipped_forms
from checklists.forms.form import Calculated, Form, Kind, MeasurementItem, MeasurementKind
from checklists.forms.toml_out import toml_of
from checklists.forms.xlsform.reading import taken
from checklists.forms.xlsform.report import Taken
from checklists.forms.xlsform.writing import sheets
from checklists.problems import Problems
from checklists.workbook.judging import judgement
from checklists.workbook.reading import worksheets
from checklists.workbook.writing import workbook_of
from tests.builders import a_form, a_question, a_section, an_option, bands, both

FORMS = sorted(shipped_forms().values(), key=lambda form: form.id)


def read_back(content: bytes) -> Taken:
    return taken({sheet.name: sheet.grid for sheet in worksheets(content)}, name="another")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_shipped_form_comes_back_as_it_went_and_is_taken_without_a_word(form):
    content = workbook_of(sheets(form))
    back = read_back(content)
    assert (back.form, list(back.problems), list(back.kept), list(back.remarks)) == (form, [], [], [])
    assert list(judgement(content)) == []


RINGS = MeasurementItem(id="RM", key="rings", label=both("Rings"), kind=MeasurementKind.INTEGER)
ASKED = (
    a_question("Y1", not_applicable=both("No hold")),
    a_question("S1", kind=Kind.SCALE),
    a_question("N1", kind=Kind.BANDS, source="rings", bands=bands((2, 1), (None, "1/3")), late_answer=True),
    a_question("C1", kind=Kind.CHOICE, options=(an_option("good", 1), an_option("yes", "1/3"), an_option("no", 0))),
    a_question("T1", kind=Kind.TEXT, points=0, optional=True, text=both('It\'s "so"; = 1?', "「是」嗎？")),
    a_question("Y2", points=0, critical=False, must_be_yes=True),
)
LATE = Calculated(key="y1", label=both("Late"), value=expression({"count": [{"answer": "Y1"}, {"answer": "Y2"}]}))


def a_form_with(condition: Expression) -> Form:
    """The last question has the condition. A value has a question's name in small letters, and a section one's own."""
    sections = (
        a_section(*ASKED, id="Y2", weight=70),
        a_section(a_question("LAST", kind=Kind.TEXT, points=0, show_if=condition), weight=30),
    )
    return a_form(*sections, name="with_conditions", measurements=(RINGS,), calculated=(LATE,))


def answer(name: str) -> Expression:
    return Expression(op=Op.ANSWER, name=name)


NUMBERS = st.recursive(
    st.one_of(
        st.sampled_from([answer("S1"), answer("N1"), Expression(op=Op.VALUE, name="y1")]),
        st.integers(-3, 9).map(literal),
        st.sampled_from([literal(Fraction(5, 2))]),
    ),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda of: Expression(op=Op.SUM, of=tuple(of))),
    max_leaves=4,
)
PLAIN = st.one_of(
    st.sampled_from([answer("Y1"), answer("Y2"), literal(True), literal(False)]),
    st.tuples(st.sampled_from([answer("C1")]), st.sampled_from([literal("good"), literal("yes"), literal("")])).map(
        lambda of: Expression(op=Op.EQUAL, of=of)
    ),
    st.tuples(st.just(answer("Y1")), st.sampled_from([literal("na"), literal(False)])).map(
        lambda of: Expression(op=Op.EQUAL, of=of)
    ),
    st.tuples(NUMBERS, NUMBERS).map(lambda of: Expression(op=Op.LESS, of=of)),
    st.tuples(NUMBERS, NUMBERS).map(lambda of: Expression(op=Op.EQUAL, of=of)),
)
CONDITIONS = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda of: Expression(op=Op.AND, of=tuple(of))),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: Expression(op=Op.OR, of=tuple(of))),
        inner.map(lambda each: Expression(op=Op.NOT, of=(each,))),
        st.tuples(inner, inner, inner).map(lambda of: Expression(op=Op.IF, of=of)),
        st.tuples(inner, inner).map(lambda of: Expression(op=Op.EQUAL, of=of)),
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None)
@given(CONDITIONS)
def test_any_condition_comes_back_as_it_went_and_so_from_its_file(condition):
    form = a_form_with(condition)
    problems = Problems()
    check_form(form, "", problems)
    assert list(problems) == []
    assert taken(sheets(form), name="another").form == form
    assert load_form(toml_of(form).encode(), "written.toml") == form


@pytest.mark.parametrize(
    ("condition", "formula", "is_data"),
    [
        ({"answer": "Y1"}, "${Y1} = 'yes'", True),
        ({"equal": [{"answer": "Y1"}, False]}, "${Y1} = 'no'", False),
        ({"not": {"equal": [{"answer": "C1"}, "good"]}}, "not(${C1} = 'good')", False),
        ({"less": [{"sum": [{"answer": "N1"}, 1]}, Decimal("2.5")]}, "(coalesce(${N1}, 0) + 1) < 2.5", False),
        ({"less": [1, {"value": "y1"}]}, "1 < ${value_y1}", False),
        ({"equal": [{"answer": "Y1"}, {"answer": "Y2"}]}, "${Y1} = ${Y2} and ${Y1} != ''", True),
    ],
)
def test_a_condition_goes_out_as_a_formula_and_as_data_where_that_would_not_read_back(condition, formula, is_data):
    survey = sheets(a_form_with(expression(condition)))["survey"]
    cells = dict(zip(survey[0], next(row for row in survey if row[1] == "LAST"), strict=True))
    assert cells["relevant"] == formula
    assert bool(cells["fieldtool::show_if"]) is is_data


def test_a_form_with_every_kind_and_conditions_is_taken_without_a_word():
    condition = {"and": [{"equal": [{"answer": "Y1"}, True]}, {"less": [{"sum": [{"answer": "N1"}, 1]}, 3]}]}
    content = workbook_of(sheets(a_form_with(expression(condition))))
    assert list(judgement(content)) == []
    assert read_back(content).form == a_form_with(expression(condition))


def test_what_pyxform_refuses_is_said():
    survey = [["type", "name", "label"], ["select_one gone", "a", "?"]]
    (said,) = judgement(workbook_of({"survey": survey}))
    assert "choices" in said


def test_to_xlsform_writes_a_workbook_and_writes_over_nothing(tmp_path, capsys):
    file = tmp_path / "online.xlsx"
    assert main(["to-xlsform", "online", "-o", str(file)]) == 0
    assert capsys.readouterr() == (f"{file}\n", "")
    content = file.read_bytes()
    assert read_back(content).form == shipped_forms()["online@1"]
    assert main(["to-xlsform", "online", "-o", str(file)]) == 2
    assert file.read_bytes() == content
    assert main(["to-xlsform", "no_such_form", "-o", str(tmp_path / "other.xlsx")]) == 2
