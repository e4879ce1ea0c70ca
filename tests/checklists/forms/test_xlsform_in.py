"""XLS: an XLSForm in any dialect becomes a form; what is wrong is told by its row, what is not asked is listed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

import pytest

from checklists.__main__ import main
from checklists.forms.expression import Expression, expression
from checklists.forms.file import load_form
from checklists.forms.form import Channel, Form, Kind, Question
from checklists.forms.xlsform.reading import taken
from checklists.forms.xlsform.report import Taken
from checklists.forms.xlsform.tables import column_of, language_of
from checklists.forms.xlsform.types import Meaning, nearest, type_of
from checklists.workbook.reading import worksheets
from checklists.workbook.writing import workbook_of

CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "yes", "Yes"],
    ["yn", "no", "No"],
    ["col", "1", "Red"],
    ["col", "Deep Blue", "Blue"],
    ["col", "na", "None of it"],
]
SHARED = [["col", "a", "A", "1"], ["col", "b", "B", "1/3"]]
Grid = Sequence[Sequence[str]]


def bring(*survey: Sequence[str], choices: Grid = CHOICES, settings: Grid = (), heading: Sequence[str] = ()) -> Taken:
    """A survey of the usual columns, or of those in `heading`."""
    columns = heading or ["type", "name", "label", "relevant", "required", "calculation"]
    grids = {"survey": [columns, *survey], "choices": choices} | ({"settings": settings} if settings else {})
    return taken(grids, name="brought in")


def form_of(found: Taken) -> Form:
    assert [str(problem) for problem in found.problems] == []
    assert found.form is not None
    return found.form


def asked(found: Taken) -> dict[str, Question]:
    return {question.id: question for section in form_of(found).sections for question in section.questions}


def told(found: Taken) -> list[tuple[str, str]]:
    assert found.form is None
    assert all(str(problem.message).endswith(".") for problem in found.problems), "a sentence with its remedy"
    return [(problem.place, problem.code) for problem in found.problems]


@pytest.mark.parametrize(
    ("heading", "name", "language"),
    [
        ("label::English (en)", "label", "en"),
        ("label:English", "label", "en"),
        ("LABEL", "label", ""),
        ("label::繁體中文", "label", "zh-Hant"),
        ("label : zh-HK", "label", "zh-Hant"),
        ("hint::Français (fr)", "hint", "Français (fr)"),
        ("media::image::English", "image", "en"),
        ("Relevance", "relevant", ""),
        ("bind:relevant", "relevant", ""),
        ("constraint message", "constraint_message", ""),
        ("LIST NAME", "list_name", ""),
        ("caption", "label", ""),
        ("fieldtool::points", "fieldtool::points", ""),
        ("fieldtool_share", "fieldtool::share", ""),
        ("fieldtool::bands::chat", "fieldtool::bands", "chat"),
        ("fieldtool::not_applicable::Chinese (zh)", "fieldtool::not_applicable", "zh-Hant"),
    ],
)
def test_a_heading_is_read_in_every_dialect(heading, name, language):
    """XLS-1, XLS-2."""
    assert column_of(heading)[:2] == (name, language)


def test_a_column_value_is_a_name_among_choices_only():
    assert column_of("value", "choices").name == "name"
    assert column_of("value").name == "value"
    assert language_of("English") == "en"


@pytest.mark.parametrize(
    ("words", "meaning", "list_name"),
    [
        ("select_one yn", Meaning.SELECT, "yn"),
        ("Select One from YN", Meaning.SELECT, "YN"),
        ("select1 yn or specify other", Meaning.SELECT, "yn"),
        ("select_one yn or_other", Meaning.SELECT, "yn"),
        ("add select one prompt using yn", Meaning.SELECT, "yn"),
        ("select all that apply from yn", Meaning.MULTIPLE, "yn"),
        ("select_one_from_file a.csv", Meaning.ELSEWHERE, "a.csv"),
        ("select_one ${names}", Meaning.ELSEWHERE, "${names}"),
        ("rank yn", Meaning.RANKED, "yn"),
        ("begin group", Meaning.BEGIN_GROUP, ""),
        ("BEGIN_GROUP People", Meaning.BEGIN_GROUP, ""),
        ("begin lgroup", Meaning.BEGIN_GROUP, ""),
        ("end repeat", Meaning.END_REPEAT, ""),
        ("photo", Meaning.MEDIA, ""),
        ("imei", Meaning.META, ""),
        ("calculate_here", Meaning.CALCULATED, ""),
        ("text audit p=100", Meaning.META, ""),
        ("hidden string", Meaning.META, ""),
        ("osm tags", Meaning.PLACE, ""),
        ("dateTime", Meaning.MOMENT, ""),
    ],
)
def test_a_type_is_read_in_every_dialect(words, meaning, list_name):
    """XLS-3."""
    read = type_of(words)
    assert read is not None
    assert (read.meaning, read.list_name) == (meaning, list_name)


def test_what_is_no_type_is_told_with_the_nearest():
    assert type_of("itneger") is None
    assert nearest("itneger") == "integer"


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
