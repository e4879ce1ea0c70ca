"""XLS: an XLSForm becomes a form, question by question; what is not asked is listed."""

from __future__ import annotations

import time
from fractions import Fraction

from checklists.__main__ import main
from checklists.forms.expression import expression
from checklists.forms.file import load_form
from checklists.forms.form import Channel, Kind
from checklists.forms.xlsform.reading import taken
from checklists.workbook.reading import worksheets
from checklists.workbook.writing import workbook_of
from tests.checklists.forms.xlsform_kit import CHOICES, asked, bring, form_of

SHARED = [["col", "a", "A", "1"], ["col", "b", "B", "1/3"]]


def test_each_kind_of_row_becomes_a_question():
    found = asked(
        bring(
            ["select_one yn", "a", "A?"],
            ["select_one col", "b", "B?"],
            ["integer", "c", "C?", "", "yes"],
            ["text", "d", "D?", "", "yes"],
            ["acknowledge", "e", "E", "", "yes"],
            ["select_multiple col", "f", "F"],
            ["select_one yn or_other", "g", "G"],
            ["decimal", "h", "H"],
        )
    )
    kinds = {id_: question.kind for id_, question in found.items()}
    assert kinds == {
        "a": Kind.YES_NO,
        "b": Kind.CHOICE,
        "c": Kind.BANDS,
        "d": Kind.TEXT,
        "e": Kind.YES_NO,
        "f_1": Kind.YES_NO,
        "f_Deep_Blue": Kind.YES_NO,
        "g": Kind.CHOICE,
        "h": Kind.TEXT,
    }
    assert [option.code for option in found["b"].options] == ["c1", "deep_blue"]
    assert found["b"].not_applicable == {"en": "None of it", "zh-Hant": "None of it"}
    assert [option.code for option in found["g"].options] == ["yes", "no", "other"]
    assert found["e"].must_be_yes
    assert found["f_1"].text["en"] == "F: Red"
    assert (found["a"].optional, found["c"].optional) == (True, False)


def test_xls_6_groups_are_sections_and_groups_within_them_are_flattened():
    found = bring(
        ["text", "first", "First"],
        ["begin group", "one", "Part one"],
        ["select_one yn", "a", "A?"],
        ["begin group", "inner", "Inner", "${a} = 'yes'"],
        ["text", "b", "B", "${first} != ''"],
        ["end group"],
        ["end group"],
        ["text", "last", "Last"],
    )
    sections = form_of(found).sections
    assert [(s.id, s.weight, [q.id for q in s.questions]) for s in sections] == [
        ("S", 34, ["first"]),
        ("one", 33, ["a", "b"]),
        ("S_2", 33, ["last"]),
    ]
    both = {"and": [{"equal": [{"answer": "a"}, True]}, {"not": {"equal": [{"answer": "first"}, ""]}}]}
    assert asked(found)["b"].show_if == expression(both)
    assert [(kept.row, str(kept.why)) for kept in found.kept] == [
        (5, "a group within a section; its questions stand in the section")
    ]


def test_points_weights_bands_and_evidence_come_by_our_own_columns():
    """XLS-1."""
    own = ["points", "critical", "evidence", "bands", "not_applicable::English (en)", "min_chars", "weight"]
    found = bring(
        ["begin group", "g", "G", *[""] * 6, "60"],
        ["select_one yn", "a", "?", "3", "yes", "note, screenshot", "", "No hold"],
        ["integer", "n", "?", "2", "", "", "20 = 1; 40 = 3/4; any = 0"],
        ["end group"],
        ["begin group", "h", "H", *[""] * 6, "40"],
        ["select_one col", "c", "?", "1"],
        ["text", "t", "?", "", "", "", "", "", "20"],
        ["end group"],
        heading=["type", "name", "label", *(f"fieldtool::{name}" for name in own)],
        choices=[["list_name", "name", "label", "fieldtool_share"], *SHARED, *CHOICES[1:3]],
    )
    questions = asked(found)
    assert (questions["a"].points, questions["a"].critical, questions["a"].evidence) == (
        3,
        True,
        ("note", "screenshot"),
    )
    assert questions["a"].not_applicable == {"en": "No hold", "zh-Hant": "No hold"}
    assert [band.share for band in questions["n"].bands] == [1, Fraction(3, 4), 0]
    assert questions["n"].source == "n"
    assert [option.share for option in questions["c"].options] == [1, Fraction(1, 3)]
    assert questions["t"].min_chars == 20
    assert [section.weight for section in form_of(found).sections] == [60, 40]


def test_xls_7_words_in_one_language_stand_in_and_both_are_read():
    heading = ["type", "name", "label::English (en)", "label::Chinese (zh)", "label::French (fr)"]
    found = bring(["text", "a", "Place", "地點", "Lieu"], ["text", "b", "", "時間", "Temps"], heading=heading)
    assert [question.text for question in asked(found).values()] == [
        {"en": "Place", "zh-Hant": "地點"},
        {"en": "時間", "zh-Hant": "時間"},
    ]
    named = bring(["text", "a", "Is ${ a } right? ${"], heading=heading)
    assert asked(named)["a"].text["en"] == "Is [a] right? $ {"
    assert any('"en"' in str(remark) for remark in found.remarks)
    assert any("French (fr)" in str(remark) for remark in found.remarks)


def test_xls_5_what_is_not_asked_is_listed_with_its_content_and_reason():
    found = bring(
        ["start", "start"],
        ["note", "n", "Hello"],
        ["begin repeat", "r", "People"],
        ["text", "who", "Who?"],
        ["end repeat"],
        ["image", "photo", "Photo"],
        ["text", "q", "Q", "", "", ""],
        heading=["type", "name", "label", "constraint", "appearance", "disabled"],
    )
    assert [kept.row for kept in found.kept] == [2, 3, 4, 5, 7]
    assert found.kept[1].content == "type: note; name: n; label: Hello"
    assert all(str(kept.why) for kept in found.kept)


def test_cells_of_the_longest_length_are_read_at_once():
    most = 32_767
    long = ["${" + " " * most, "select_one " + " " * most + "x", "(" * most, "not(" * (most // 4), "- " * (most // 2)]
    started = time.process_time()
    for words in long:
        found = bring([words[:most], "a", words, words, "yes"], ["text", "b", "?", words])
        assert found.form is None
    assert time.process_time() - started < 5


def test_names_that_do_not_fit_are_made_to_and_formulas_follow():
    long = "a_very_long_name_that_goes_on_and_on_for_ever"
    found = asked(
        bring(
            ["select_one yn", long, "?"],
            ["select_one yn", long + "2", "?"],
            ["text", "größe-1", "?", "${" + long + "2} = 'no'"],
            ["text", "1st", "?"],
        )
    )
    first, second, third, fourth = found
    assert first == long[:30]
    assert second == long[:28] + "_2"
    assert (third, fourth) == ("groe_1", "q1st")
    assert found[third].show_if == expression({"equal": [{"answer": second}, False]})


def test_settings_and_sheets_of_old_are_read_and_titles_above_the_headings_passed_over():
    grids = {
        " SURVEY ": [["My form", ""], ["Type", "Name", "Label"], ["select one from yn", "a", "?"]],
        "choices and columns": [["list name", "value", "caption"], ["yn", "1", "Yes"], ["yn", "0", "No"]],
        "Settings": [["title", "id string", "version", "fieldtool::channel"], ["Visit", "Visit Form", "3", "onsite"]],
    }
    form = form_of(taken(grids, name="x"))
    assert (form.name, form.version, form.channel) == ("visit_form", 3, Channel.ONSITE)
    assert form.title["en"] == "Visit"
    assert form.sections[0].questions[0].kind is Kind.YES_NO


def test_from_xlsform_writes_a_form_and_what_was_kept_and_writes_over_nothing(tmp_path, capsys):
    survey = [["type", "name", "label"], ["text", "a", "A\n\"quoted\" \\ 'it'"], ["note", "n", "=1+1"]]
    (tmp_path / "visit.xlsx").write_bytes(workbook_of({"survey": survey}))
    command = ["from-xlsform", str(tmp_path / "visit.xlsx"), "-o", str(tmp_path / "out"), "--channel", "onsite"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert "kept as it was, not asked: survey, row 3" in said.out
    assert said.err == ""
    written = tmp_path / "out" / "visit@1.toml"
    form = load_form(written.read_bytes(), "visit@1.toml")
    assert form.channel is Channel.ONSITE
    assert form.sections[0].questions[0].text["en"] == survey[1][2]
    (kept,) = worksheets((tmp_path / "out" / "visit@1.kept.xlsx").read_bytes())
    assert kept.grid[1][:2] == ["survey", "3"]
    before = written.read_bytes()
    assert (main(command), written.read_bytes()) == (2, before)


def test_xls_6_a_rating_table_is_asked_row_by_row_and_a_matrix_is_kept():
    heading = ["type", "name", "label", "kobo--score-choices", "kobo--matrix_list", "kobo--rank-items", "required"]
    found = bring(
        ["begin_score", "rating", "How was it?", "col"],
        ["score__row", "speed", "Speed", "", "", "", "yes"],
        ["score__row", "manner", "Manner"],
        ["end_score"],
        ["begin_kobomatrix", "m", "Assets", "", "col"],
        ["text", "m", "Which?"],
        ["end_kobomatrix"],
        ["begin_rank", "order", "Order", "", "", "col"],
        ["rank__level", "first", "First"],
        ["end_rank"],
        ["cascading_select places", "place", "Place"],
        heading=heading,
    )
    assert [(s.id, s.title["en"], [q.id for q in s.questions]) for s in form_of(found).sections] == [
        ("rating", "How was it?", ["speed", "manner"])
    ]
    speed, manner = asked(found).values()
    assert [option.label["en"] for option in speed.options] == ["Red", "Blue"]
    assert (speed.optional, manner.optional) == (False, True)
    assert [kept.row for kept in found.kept] == [6, 7, 9, 10, 12]
    assert "a matrix or a ranking" in str(found.kept[0].why)


def test_a_row_of_a_rating_table_outside_of_one_is_told():
    (problem,) = bring(["score__row", "speed", "Speed"]).problems
    assert (problem.place, problem.code) == ("survey, row 2, type", "group-not-opened")
