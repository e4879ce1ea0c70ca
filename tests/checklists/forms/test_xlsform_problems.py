"""XLS: what is wrong with an XLSForm is told at once, each by its sheet, row and column."""

from __future__ import annotations

import pytest

from checklists.__main__ import main
from checklists.forms.expression import expression
from checklists.forms.xlsform.reading import taken
from checklists.forms.xlsform.report import Taken
from checklists.workbook.writing import workbook_of
from tests.checklists.forms.xlsform_kit import CHOICES, asked, bring


def told(found: Taken) -> list[tuple[str, str]]:
    assert found.form is None
    assert all(str(problem.message).endswith(".") for problem in found.problems), "a sentence with its remedy"
    return [(problem.place, problem.code) for problem in found.problems]


def test_xls_5_every_problem_is_told_at_once_by_sheet_row_and_column():
    found = bring(
        ["itneger", "a", "?"],
        ["text", "", "?"],
        ["select_one gone", "b", "?"],
        ["select_one", "c", "?"],
        ["text", "d", "?", "${lost} = 1"],
        ["text", "d", "?", "1 +"],
        ["", "e", "No type"],
        ["end group"],
        ["begin group", "g", "G"],
        ["begin repeat", "r", "R"],
        ["end group"],
        ["select_one twice", "f", "?"],
        choices=[*CHOICES, ["twice", "x", "One"], ["twice", "x", "Two"], ["twice", "", "Three"]],
    )
    assert told(found) == [
        ("survey, row 2, type", "type-unknown"),
        ("survey, row 3, name", "name-missing"),
        ("survey, row 7, name", "name-repeated"),
        ("survey, row 8, type", "type-missing"),
        ("survey, row 9, type", "group-not-opened"),
        ("survey, row 12, type", "group-crossed"),
        ("survey, row 10, type", "group-not-closed"),
        ("survey, row 4, type", "list-unknown"),
        ("survey, row 5, type", "list-missing"),
        ("choices, row 8, name", "choice-repeated"),
        ("choices, row 9, name", "choice-name-missing"),
        ("survey, row 6, relevant", "name-unknown"),
        ("survey, row 7, relevant", "formula-unreadable"),
    ]


def test_a_quotation_mark_that_a_word_processor_bent_is_read_as_a_straight_one():
    formulas = ("${a} = 'yes’", '${a} = “yes"', "${a} = ‘yes’", "${a} = 'yes'")
    found = bring(["text", "a", "?"], *(["text", f"b{n}", "?", each] for n, each in enumerate(formulas)))
    assert list(found.problems) == []
    assert {asked(found)[f"b{n}"].show_if for n in range(4)} == {expression({"equal": [{"answer": "a"}, "yes"]})}


def test_a_bent_quotation_mark_within_a_word_stays_as_it_is():
    found = bring(["text", "a", "?"], ["text", "b", "?", "${a} = 'don’t'"])
    assert asked(found)["b"].show_if == expression({"equal": [{"answer": "a"}, "don’t"]})


def test_a_formula_that_makes_no_sense_with_straight_ones_either_is_told_where_it_ends():
    (problem,) = bring(["text", "a", "?"], ["text", "b", "?", "${a} = 'don’t' + "]).problems
    assert "cannot be read from character 14 on" in str(problem.message)


def test_values_of_our_own_columns_that_do_not_fit_are_told_at_their_cells():
    heading = [
        "type",
        "name",
        "label",
        "fieldtool::points",
        "fieldtool::bands",
        "fieldtool::kind",
        "fieldtool::critical",
    ]
    found = bring(
        ["integer", "a", "?", "many", "3=1; 2=0"],
        ["select_one yn", "b", "?", "1", "", "yesno", "perhaps"],
        ["select_one col", "c", "?", "1"],
        heading=heading,
    )
    assert [place for place, _ in told(found)] == [
        "survey, row 3, fieldtool::kind",
        "survey, row 2, fieldtool::points",
        "survey, row 2, fieldtool::bands",
        "survey, row 3, fieldtool::critical",
        "choices, row 4, fieldtool_share",
        "choices, row 5, fieldtool_share",
    ]


def test_xls_8_what_the_forms_own_rules_find_is_told_at_its_row():
    heading = ["type", "name", "label", "fieldtool::evidence", "relevant"]
    found = bring(
        ["text", "a", "?", "video"],
        ["select_one yn", "b", "?", "", "${c} = 'yes'"],
        ["select_one yn", "c", "?", "", "${b} = 'yes'"],
        heading=heading,
    )
    assert told(found) == [("survey, row 2", "evidence-unknown"), ("survey, row 3", "condition-circular")]


@pytest.mark.parametrize(
    ("grids", "place", "code"),
    [
        pytest.param({"Sheet1": [["type"]]}, "workbook", "sheet-missing", id="no survey"),
        pytest.param({"survey": [["kind", "name"], ["text", "a"]]}, "survey, type", "column-missing", id="no types"),
        pytest.param({"survey": [["type", "name"]]}, "survey", "nothing-to-ask", id="no rows"),
        pytest.param({"survey": [["type", "name"], ["note", "a"]]}, "survey", "nothing-to-ask", id="nothing to ask"),
    ],
)
def test_a_workbook_that_is_no_form_is_refused_with_a_remedy(grids, place, code):
    assert told(taken(grids, name="x")) == [(place, code)]


@pytest.mark.parametrize(
    ("name", "content", "places"),
    [
        pytest.param(
            "visit.xlsx",
            workbook_of({"survey": [["type", "name"], ["itneger", "a"], ["text", "", "b"]]}),
            ["survey, row 2, type", "survey, row 3, name"],
            id="every problem, one a line",
        ),
        pytest.param("words.xlsx", b"these are words", ["is not a workbook that can be read"], id="no workbook"),
        pytest.param("gone.xlsx", None, ["cannot be read"], id="no file"),
    ],
)
def test_from_xlsform_ends_with_2_and_writes_nothing_where_there_is_a_problem(tmp_path, capsys, name, content, places):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert main(["from-xlsform", str(file), "-o", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert [place in line for place, line in zip(places, said.err.splitlines(), strict=True)] == [True] * len(places)
    assert not (tmp_path / "out").exists()
