"""XLS-4: formulas of an XLSForm become conditions and calculated values, or are kept as they are."""

from __future__ import annotations

import pytest

from checklists.forms.expression import Expression, expression
from tests.checklists.forms.xlsform_kit import asked, bring, form_of


def is_(name: str, value: object) -> dict[str, object]:
    return {"equal": [{"answer": name}, value]}


N = {"answer": "n"}


COUNT = {"count": [is_("m_1", True), is_("m_Deep_Blue", True)]}


SUM = {"less": [{"sum": [N, N]}, 2]}


@pytest.mark.parametrize(
    ("formula", "condition"),
    [
        ("${yn} = 'yes'", {"equal": [{"answer": "yn"}, True]}),
        ("${yn} != 'yes'", {"not": {"equal": [{"answer": "yn"}, True]}}),
        ("selected(${c}, 'Deep Blue')", {"equal": [{"answer": "c"}, "deep_blue"]}),
        ("${c} = 1", {"equal": [{"answer": "c"}, "c1"]}),
        ("${c} = ''", {"equal": [{"answer": "c"}, ""]}),
        ("${c}='na' or not(${yn}='no')", {"or": [is_("c", "na"), {"not": is_("yn", False)}]}),
        ("${n} > 3", {"less": [3, {"answer": "n"}]}),
        ("${n} <= '2.5'", None),
        ("selected(${m}, '1')", {"equal": [{"answer": "m_1"}, True]}),
        ("count-selected(${m}) = 2", {"equal": [COUNT, 2]}),
        ("/data/yn = 'no'", {"equal": [{"answer": "yn"}, False]}),
        ("${yn} = ’no’", is_("yn", False)),
        ("../yn = 'no'", {"equal": [{"answer": "yn"}, False]}),
        ("${n} + coalesce(${n}, 0) < 2", {"and": [{"not": is_("n", "")}, SUM]}),
        ("if(${yn} = 'yes', 1, 0) = 1", {"equal": [{"if": [{"equal": [{"answer": "yn"}, True]}, 1, 0]}, 1]}),
        ("true()", True),
    ],
)
def test_xls_4_relevance_becomes_a_condition(formula, condition):
    found = asked(
        bring(
            ["select_one yn", "yn", "?"],
            ["select_one col", "c", "?"],
            ["select_multiple col", "m", "?"],
            ["integer", "n", "?"],
            ["text", "q", "Q", formula, "yes"],
        )
    )
    if condition is not None:
        assert found["q"].show_if == expression(condition)
    assert isinstance(found["q"].show_if, Expression)
    assert found["q"].optional is False


@pytest.mark.parametrize(
    ("formula", "part"),
    [
        ("string-length(${a}) > 3", "string-length()"),
        ("${p} = 'x'", "${p}"),
        ("once(today()) = 1", "once()"),
        ("${yn} = 'maybe'", "maybe"),
        ("${n} * 2 = 4", "*"),
        ("../rep[1]/yn = 'yes'", "/"),
        (" or ".join(["${yn} = 'yes'"] * 201), "..."),
        ("not(" * 25 + "${yn} = 'yes'" + ")" * 25, "..."),
    ],
)
def test_xls_4_what_cannot_be_said_is_kept_and_the_question_may_be_left_open(formula, part):
    found = bring(
        ["select_one yn", "yn", "?"],
        ["integer", "n", "?"],
        ["text", "a", "?"],
        ["geopoint", "p", "?"],
        ["text", "q", "Q", formula, "yes"],
    )
    assert asked(found)["q"].show_if is None
    assert asked(found)["q"].optional is True
    (kept,) = (kept for kept in found.kept if kept.column == "relevant")
    assert (kept.row, kept.content) == (6, formula)
    assert f"({part})" in str(kept.why)


def test_a_calculation_becomes_a_calculated_value_that_conditions_read():
    found = bring(
        ["select_one yn", "a", "?"],
        ["calculate", "misses", "", "", "", "if(${a} = 'no', 1, 0) + 2"],
        ["calculate", "other", "", "", "", "pulldata('x', 'y')"],
        ["text", "q", "Q", "${misses} > 2"],
    )
    (value,) = form_of(found).calculated
    assert value.key == "misses"
    assert value.value == expression({"sum": [{"if": [{"equal": [{"answer": "a"}, False]}, 1, 0]}, 2]})
    assert asked(found)["q"].show_if == expression({"less": [2, {"value": "misses"}]})
    assert [kept.row for kept in found.kept] == [4]
