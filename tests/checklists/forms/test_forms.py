"""The shipped forms are whole, and a broken one is told all its problems at once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from checklists.forms.file import FormError, load_form, load_forms, shipped_forms
from checklists.forms.form import Form, Kind
from checklists.forms.toml_out import toml_of
from checklists.language import LANGUAGES, Text

BROKEN = Path(__file__).parent / "broken_forms"
SHIPPED = Path(__file__).parents[3] / "checklists" / "forms" / "shipped"

FORMS = sorted(shipped_forms().values(), key=lambda form: form.id)


def questions(form: Form) -> list:
    return [question for section in form.sections for question in section.questions]


@pytest.mark.parametrize(
    ("form_id", "sections", "asked", "critical", "with_evidence"),
    [
        ("phone_in@1", 7, 38, 3, 12),
        ("ivrs_annex@1", 3, 14, 1, 3),
        ("onsite@1", 8, 38, 4, 14),
        ("online@1", 7, 31, 3, 13),
        ("face_to_face@1", 7, 34, 3, 7),
    ],
)
def test_a_shipped_form_has_every_section_question_critical_item_and_evidence(
    form_id, sections, asked, critical, with_evidence
):
    form = shipped_forms()[form_id]
    assert len(form.sections) == sections
    assert len(questions(form)) == asked
    assert sum(question.critical for question in questions(form)) == critical
    assert sum(bool(question.evidence) for question in questions(form)) == with_evidence
    assert sum(section.weight for section in form.sections) == 100


def test_the_five_forms_and_no_others_are_shipped():
    assert sorted(shipped_forms()) == ["face_to_face@1", "ivrs_annex@1", "online@1", "onsite@1", "phone_in@1"]


def texts(form: Form) -> list[Text]:
    found = [form.title, form.unit, *form.subchannels.values(), *(variant.label for variant in form.variants)]
    found += [section.title for section in form.sections]
    found += [mark.label for mark in form.measurements] + [quantity.label for quantity in form.derived]
    found += [option.label for mark in form.measurements for option in mark.options]
    for question in questions(form):
        found += [question.text, *(option.label for option in question.options)]
        found += [question.not_applicable] if question.not_applicable else []
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_sentence_of_a_form_is_in_both_languages_and_its_chinese_is_chinese(form):
    for text in texts(form):
        assert set(text) == set(LANGUAGES)
        assert re.search("[一-鿿]", text["zh-Hant"]), text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_shipped_scored_question_can_earn_all_its_points(form):
    for question in questions(form):
        if question.kind in (Kind.CHOICE, Kind.FAQ):
            assert max(option.share for option in question.options) == 1, question.id
        for bands in (question.bands, *question.bands_by_subchannel.values()):
            assert not bands or bands[0].share == 1, question.id


@pytest.mark.parametrize(
    ("question_id", "codes"),
    [
        ("PB4", ["asked_and_used", "asked_only", "neither"]),
        ("PB5", ["yes", "asked_too_much", "no_reason_given"]),
        (
            "PD1",
            ["correct_complete", "correct_part_missing", "could_not_answer_arranged_reply", "wrong", "not_answered"],
        ),
        ("PF4", ["warm_transfer", "announced_only", "blind"]),
        ("PG4", ["on_time", "late_within_one_working_day", "not_received"]),
    ],
)
def test_option_codes_never_change(question_id, codes):
    question = next(q for q in questions(shipped_forms()["phone_in@1"]) if q.id == question_id)
    assert [option.code for option in question.options] == codes


def test_shares_are_exact_as_written():
    pd2 = next(q for q in questions(shipped_forms()["phone_in@1"]) if q.id == "PD2")
    assert [option.share for option in pd2.options] == [1, Fraction(3, 5), Fraction(2, 5), 0, 0]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_tom_1_a_form_written_is_read_as_the_same_form(form):
    assert load_form(toml_of(form).encode(), "written.toml") == form


def expected(file: Path) -> Counter:
    lines = re.findall(r"^# expected at ([^:]+): (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return Counter((part, code) for part, codes in lines for code in codes.split())


@pytest.mark.parametrize("file", sorted(BROKEN.glob("*.toml")), ids=lambda file: file.stem)
def test_a_broken_form_is_told_every_problem_with_its_place(file):
    """EXPR-2 and EXPR-3 among them: what conditions name, circles, and types."""
    with pytest.raises(FormError) as raised:
        load_forms({file.name: file.read_bytes()})
    told = Counter()
    for problem in raised.value.problems:
        name, _, part = problem.place.partition(": ")
        assert name == file.name
        assert str(problem.message).endswith("."), "a sentence with its remedy"
        told[part or "the file", problem.code] += 1
    assert told == expected(file)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b"\xff\xfe", "not-utf8", id="not UTF-8"),
        pytest.param(b"a = " + b"[" * 5000, "not-toml", id="nested without end"),
        pytest.param(b"#" * 1_000_001, "file-too-big", id="too big"),
        pytest.param(b"", "key-missing", id="empty"),
    ],
)
def test_bytes_that_are_no_form_are_refused_with_a_sentence(raw, code):
    with pytest.raises(FormError) as raised:
        load_form(raw, "broken.toml")
    assert code in {problem.code for problem in raised.value.problems}


def test_bad_toml_is_told_with_its_line():
    with pytest.raises(FormError, match="line 4"):
        load_form((BROKEN / "not_toml.toml").read_bytes(), "not_toml.toml")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "checklists", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=SHIPPED.parents[1], check=False)


def test_check_prints_a_line_for_each_good_form_and_exits_0():
    done = run("check", SHIPPED)
    assert (done.returncode, done.stderr) == (0, "")
    assert "phone_in@1: 7 sections, 38 questions, 3 critical, 12 with evidence" in done.stdout.splitlines()


def test_check_of_one_file_knows_the_shipped_forms_it_refers_to():
    assert run("check", SHIPPED / "onsite.toml").returncode == 0


def test_check_prints_every_problem_of_a_folder_one_a_line_and_exits_2():
    done = run("check", BROKEN, SHIPPED / "no_such.toml")
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    for file in BROKEN.glob("*.toml"):
        assert sum(str(file) in line for line in lines) == expected(file).total(), file.name
    assert any("no_such.toml: cannot be read" in line for line in lines)
    assert "Traceback" not in done.stderr


def test_show_prints_a_form_in_the_language_asked_for():
    assert "電話評審" in run("show", "phone_in", "--language", "zh-Hant").stdout
    assert run("show", "telegraph").returncode == 2
