"""DRF, DIF: a form edited on a page. Ids are those in checklists/forms/drafting.py and differences.py."""

from __future__ import annotations

import pytest

from checklists.forms.differences import differences
from checklists.forms.drafting import (
    fields_of_question,
    moved,
    read_draft,
    with_question,
    with_section,
    without_question,
)
from checklists.forms.file import FormError, shipped_forms
from checklists.forms.toml_out import toml_of

FORMS = shipped_forms()
CALL = FORMS["phone_in@1"]
TEXT = toml_of(CALL)


@pytest.mark.parametrize("form", [pytest.param(form, id=f"DRF-2 {name}") for name, form in FORMS.items()])
def test_a_question_put_back_as_its_fields_show_it_is_the_same(form):
    text = toml_of(form)
    for section in form.sections:
        for question in section.questions[:3]:
            text = with_question(text, section.id, question.id, fields_of_question(question))
    assert read_draft(text, FORMS) == (form, ())


def test_a_question_is_changed_added_moved_and_removed():
    """DRF-1, DIF-1, DIF-2"""
    fields = fields_of_question(CALL.sections[0].questions[0])
    text = with_question(TEXT, "PA", "PA1", fields | {"text_en": "Was the number easy to find?"})
    text = with_question(text, "PB", "", fields | {"id": "PB9", "evidence": "", "points": "2"})
    text = without_question(moved(text, "PA2", -1), "PA6")
    draft = read_draft(text, FORMS)
    assert draft.form is not None
    told = {one.place: one for one in differences(CALL, draft.form)}
    assert list(told) == ["PA1", "PB9", "PA6", "order"]
    assert told["PA1"].new == ('text.en = "Was the number easy to find?"',)
    assert (told["PB9"].gone, told["PA6"].new) == ((), ())
    assert told["order"].new[0].startswith("PA2 PA1 PA3")
    assert differences(CALL, CALL) == ()


UNFIT = [
    pytest.param({"points": "many"}, "points", id="DRF-1 points that are no number"),
    pytest.param({"text_zh-Hant": ""}, "text", id="DRF-1 without its Chinese"),
    pytest.param({"kind": "choice", "options": "a | much | A | 甲"}, "share", id="DRF-1 a share that is no number"),
    pytest.param({"show_if": "{ answer = "}, "condition", id="DRF-1 half a condition"),
    pytest.param({"id": "9 lives"}, "id", id="DRF-1 an id that is none"),
]


@pytest.mark.parametrize(("typed", "word"), UNFIT)
def test_what_has_not_its_shape_is_named_and_the_draft_stays(typed, word):
    fields = fields_of_question(CALL.sections[0].questions[0])
    with pytest.raises(FormError) as refused:
        with_question(TEXT, "PA", "PA1", fields | typed)
    assert word in str(refused.value)


def test_weights_may_be_wrong_while_a_section_is_added():
    """DRF-1"""
    text = with_section(TEXT, "", {"id": "PX", "weight": "10", "title_en": "Farewell", "title_zh-Hant": "道別"})
    draft = read_draft(text, FORMS)
    assert draft.form is not None
    assert "100" in str(draft.problems[0])
    mended = read_draft(with_section(text, "PX", {"weight": "1", "title_en": "Bye", "title_zh-Hant": "再見"}), FORMS)
    assert mended.form is not None
    assert mended.form.sections[-1].title["en"] == "Bye"


@pytest.mark.parametrize("text", [pytest.param("name = ", id="DRF-1 no TOML"), pytest.param("", id="DRF-1 nothing")])
def test_a_draft_that_cannot_be_read_says_why(text):
    draft = read_draft(text, FORMS)
    assert draft.form is None
    assert draft.problems
