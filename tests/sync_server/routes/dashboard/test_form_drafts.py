"""FED, FRM-3: a form made on a page. Ids are those in routes/dashboard/form_drafts.py and season/form_versions.py."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from checklists.forms.drafting import fields_of_question
from checklists.forms.file import shipped_forms
from checklists.forms.toml_out import toml_of
from sync_server.people.permissions import Role
from sync_server.season.form_versions import kept_forms, names_in_use
from tests.sync_server.desk import form_token, signed_in

CALL = shipped_forms()["phone_in@1"]
DRAFT = "/forms/drafts/phone_in"


@pytest.fixture
def coordinator(desk):
    with signed_in(desk, Role.COORDINATOR) as client:
        client.post("/forms/phone_in@1/copy", data={"csrf": form_token(client, "/forms/phone_in@1")})
        yield client


def change(client: httpx.Client, act: str, *, basis: str = "", **fields: str) -> httpx.Response:
    page = client.get(DRAFT).text
    read = re.search(r'name="basis" value="([0-9]+)"', page)
    assert read is not None
    return client.post(DRAFT, data={"csrf": form_token(client, DRAFT), "basis": basis or read[1], "act": act, **fields})


def typed(**changes: str) -> dict[str, str]:
    return {**fields_of_question(CALL.sections[0].questions[0]), "question": "PA1", "section": "PA", **changes}


def test_a_version_is_shown_as_the_phone_asks_it(coordinator):
    page = coordinator.get("/forms/phone_in@1").text
    assert CALL.sections[0].questions[0].text["en"] in unescape(page)
    assert 'class="on-phone"' in page
    assert coordinator.get("/forms/phone_in@9").status_code == 404


def test_a_question_is_edited_compared_and_published_as_the_next_version(desk, coordinator):
    """FED-1, FED-3"""
    assert change(coordinator, "question", **typed(text_en="Was the number easy to find?")).status_code == 303
    page = coordinator.get(f"{DRAFT}?question=PA1&section=PA").text
    assert "<ins>text.en = &#34;Was the number easy to find?&#34;</ins>" in page
    done = change(coordinator, "publish")
    assert (done.status_code, done.headers["location"]) == (303, "/forms?done=phone_in@2")
    with desk.services.database.reading() as db:
        forms = kept_forms(db)
    assert forms["phone_in@2"].sections[0].questions[0].text["en"] == "Was the number easy to find?"
    assert forms["phone_in@1"] == CALL
    assert coordinator.get(DRAFT).status_code == 404
    assert "Compared with phone_in@1" in coordinator.get("/forms/phone_in@2").text


def test_what_has_not_its_shape_is_named_changes_nothing_and_keeps_the_words(coordinator):
    """FED-1"""
    answer = change(coordinator, "question", **typed(points="many", text_en="A new wording"))
    assert answer.status_code == 422
    assert "form.toml: PA1, points" in answer.text or "PA1" in answer.text
    assert "A new wording" in answer.text
    assert "A new wording" not in coordinator.get(DRAFT).text
    section = change(
        coordinator, "section", section="new", id="PX", weight="much", title_en="Bye", **{"title_zh-Hant": "別"}
    )
    assert (section.status_code, "Bye" in section.text) == (422, True)


def test_all_mistakes_of_a_question_are_named_at_once(coordinator):
    """DRF-1"""
    wrong = {"id": "a b", "points": "many", "kind": "x", "faq": "z", "options": "a", "bands": "x=y", "show_if": "{"}
    answer = unescape(change(coordinator, "question", **typed(**wrong, text_en="")).text)
    named = ('"a b"', '"points"', '"x"', '"faq"', '"share"', '"up_to"', "condition cannot be read", 'no words in "en"')
    assert [words for words in named if words not in answer] == []


def test_what_differs_in_nothing_is_not_published_again(desk, coordinator):
    """FRM-4"""
    assert "Publish as" not in coordinator.get(DRAFT).text
    answer = change(coordinator, "publish")
    assert (answer.status_code, "nothing to publish" in answer.text) == (422, True)
    with desk.services.database.reading() as db:
        assert "phone_in@2" not in kept_forms(db)


def test_what_was_typed_when_the_session_ended_stands_in_its_fields_again(desk, coordinator):
    """KEPT-4"""
    page = coordinator.get(DRAFT).text
    by = re.search(r'name="by" value="([^"]+)"', page)
    assert by is not None
    late = {"csrf": "of another session", "by": by[1], "act": "question", **typed(text_en="Half of a sent")}
    sent_back = coordinator.post(DRAFT, data=late)
    assert (sent_back.status_code, sent_back.headers["location"]) == (303, DRAFT)
    again = coordinator.get(DRAFT).text
    assert "Question PA1" in again
    assert re.search(r'<textarea id="text-en"[^>]*>Half of a sent</textarea>', again)


def test_what_has_a_problem_is_not_published(desk, coordinator):
    """FED-3"""
    change(coordinator, "section", section="PA", weight="1", title_en="Reach", **{"title_zh-Hant": "接通"})
    assert "100" in coordinator.get(DRAFT).text
    assert change(coordinator, "publish").status_code == 422
    with desk.services.database.reading() as db:
        assert "phone_in@2" not in kept_forms(db)


@pytest.mark.parametrize(
    ("act", "fields", "shown"),
    [
        pytest.param("down", {"question": "PA1", "section": "PA"}, "<code>order</code>", id="FED-1 moved"),
        pytest.param("remove", {"question": "PA1"}, "<del>", id="FED-1 removed"),
        pytest.param("text", {"toml": "name = "}, "form.toml", id="FED-1 a text that cannot be read is kept as it is"),
    ],
)
def test_the_draft_is_changed_in_other_ways(coordinator, act, fields, shown):
    assert change(coordinator, act, **fields).status_code == 303
    assert shown in coordinator.get(DRAFT).text


def test_a_file_takes_the_draft_s_place_and_the_draft_is_given_up(coordinator):
    """FED-1"""
    file = {"file": ("phone_in.toml", toml_of(CALL).replace("Pick-up", "Answering").encode())}
    data = {"csrf": form_token(coordinator, DRAFT), "act": "upload"}
    assert coordinator.post(DRAFT, data=data, files=file).status_code == 303
    assert change(coordinator, "discard").headers["location"] == "/forms"
    assert coordinator.get(DRAFT).status_code == 404


def test_a_draft_is_taken_along_as_its_file_letter_for_letter(coordinator):
    """FED-1"""
    body = toml_of(CALL).replace("Pick-up", "接聽 — Answering")
    data = {"csrf": form_token(coordinator, DRAFT), "act": "upload"}
    assert coordinator.post(DRAFT, data=data, files={"file": ("a.toml", body.encode())}).status_code == 303
    assert f'href="{DRAFT}/toml" download' in coordinator.get(DRAFT).text
    taken = coordinator.get(f"{DRAFT}/toml")
    assert (taken.content.decode(), taken.headers["content-type"]) == (body, "application/toml")
    assert taken.headers["content-disposition"] == 'attachment; filename="phone_in.toml"'
    change(coordinator, "text", toml="name = ")
    assert coordinator.get(f"{DRAFT}/toml").text == "name = ", "what cannot be read yet is taken along as well"
    assert coordinator.get("/forms/drafts/nothing/toml").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "no file came", id="nothing"),
        pytest.param(b"PK\x03\x04 a workbook", "this is a workbook", id="a workbook"),
        pytest.param(b"name = ", "not readable", id="half a file"),
        pytest.param("name = '表格'".encode("big5"), "is not UTF-8", id="another encoding"),
    ],
)
def test_a_file_that_cannot_be_read_takes_no_draft_s_place(coordinator, content, words):
    """DRF-3"""
    change(coordinator, "question", **typed(text_en="Hours of work"))
    data = {"csrf": form_token(coordinator, DRAFT), "act": "upload"}
    answer = coordinator.post(DRAFT, data=data, files={"file": ("form.toml", content)})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert "Hours of work" in coordinator.get(DRAFT).text


def test_who_comes_after_another_is_told_and_keeps_the_words(coordinator):
    """FED-2"""
    assert change(coordinator, "question", **typed(text_en="First")).status_code == 303
    late = change(coordinator, "question", basis="1", **typed(text_en="Second"))
    assert (late.status_code, "Second" in late.text) == (409, True)
    assert "Second" not in coordinator.get(DRAFT).text


def test_a_pinned_version_is_what_new_assignments_are_made_on(desk, coordinator):
    """FRM-3"""
    change(coordinator, "question", **typed(text_en="Other"))
    change(coordinator, "publish")

    def used() -> str:
        with desk.services.database.reading() as db:
            return [name for name in names_in_use(db) if name.startswith("phone_in@")][-1]

    def pin(yes: str) -> None:
        token = form_token(coordinator, "/forms/phone_in@1")
        assert coordinator.post("/forms/phone_in@1/pin", data={"csrf": token, "pin": yes}).status_code == 303

    assert used() == "phone_in@2"
    pin("yes")
    assert used() == "phone_in@1"
    assert "pinned" in coordinator.get("/forms").text
    pin("")
    assert used() == "phone_in@2"
