"""FRM: the page of forms. An XLSForm is shown first, and published as the next version of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from checklists import wire
from checklists.forms.file import load_form, shipped_forms
from checklists.forms.form import Form
from checklists.forms.xlsform.reading import taken
from checklists.workbook.reading import worksheets
from checklists.workbook.writing import workbook_of
from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.sync_server.desk import add_accounts, form_token, signed_in

SURVEY = [
    ["type", "name", "label", "relevant"],
    ["select_one yn", "greeted", "Were you <greeted>?", ""],
    ["text", "how", "How?", "${greeted} = 'yes'"],
    ["note", "bye", "Thank you", ""],
]
CHOICES = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]
GOOD = workbook_of({"survey": SURVEY, "choices": CHOICES})


@pytest.fixture
def coordinator(server: Any) -> Iterator[httpx.Client]:
    add_accounts(server)
    with signed_in(server, Role.COORDINATOR) as client:
        yield client


def upload(client: httpx.Client, content: bytes, channel: str = "face_to_face") -> httpx.Response:
    data = {"csrf": form_token(client, "/forms"), "channel": channel}
    return client.post("/forms", data=data, files={"file": ("visit.xlsx", content)})


def publish(client: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the form of a preview as it stands on the page."""
    toml = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page.text, re.DOTALL)
    basis = re.search(r'name="basis" value="([0-9]+)"', page.text)
    assert toml, page.text
    assert basis
    shown = {"csrf": form_token(client, "/forms"), "toml": unescape(toml[1]), "basis": basis[1], "file": "visit.xlsx"}
    return client.post("/forms/publish", data={**shown, **fields})


def kept(server: Any, form_id: str) -> Form | None:
    with server.services.database.reading() as db:
        body = db.execute(select(tables.form_versions.c.body).where(tables.form_versions.c.id == form_id)).scalar()
    return None if body is None else wire.decode(body, Form)


def test_frm_1_a_form_is_shown_first_and_published_as_the_next_version(server, coordinator):
    preview = upload(coordinator, GOOD)
    assert preview.status_code == 200
    assert "S visit" in preview.text, "a section without a title has the form's"
    for words in ("Publish as face_to_face@2", "Were you &lt;greeted&gt;?", "after certain answers", "Thank you"):
        assert words in preview.text
    assert kept(server, "face_to_face@2") is None
    done = publish(coordinator, preview)
    assert (done.status_code, done.headers["Location"]) == (303, "/forms?done=face_to_face@2")
    form = kept(server, "face_to_face@2")
    assert form is not None
    assert form.sections[0].questions[1].show_if is not None
    assert kept(server, "face_to_face@1") == shipped_forms()["face_to_face@1"]
    with server.services.database.reading() as db:
        told = db.execute(select(tables.changes.c.subject_id).where(tables.changes.c.kind == "form")).scalars().all()
    assert "face_to_face@2" in told
    assert "face_to_face@2 is published" in coordinator.get(done.headers["Location"]).text


def test_frm_1_published_twice_is_published_once(server, coordinator):
    preview = upload(coordinator, GOOD)
    assert publish(coordinator, preview).status_code == 303
    again = publish(coordinator, preview)
    assert again.status_code == 409
    assert "after you opened the page" in again.text
    assert kept(server, "face_to_face@3") is None


def test_frm_2_a_version_keeps_the_variants_and_sub_channels_of_the_one_before(coordinator):
    onsite = upload(coordinator, GOOD, channel="onsite")
    assert onsite.status_code == 422
    assert "the variant" in onsite.text
    online = upload(coordinator, GOOD, channel="online")
    assert "the sub-channel" in online.text
    assert "Publish" not in onsite.text + online.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(
            workbook_of({"survey": [["type", "name"], ["itneger", "a"], ["text", "", "?"]]}),
            ["survey, row 2, type", "integer"],
            id="problems by row",
        ),
        pytest.param(b"no workbook", ["is not a workbook that can be read"], id="no workbook"),
        pytest.param(b"", ["is not a workbook that can be read"], id="an empty file"),
    ],
)
def test_a_file_that_is_no_form_is_told_why(coordinator, content, words):
    answer = upload(coordinator, content)
    assert answer.status_code == 422
    assert '<option value="face_to_face" selected>' in answer.text, "what was chosen stays"
    assert [word for word in words if word not in answer.text] == []


def test_what_is_published_is_checked_again(server, coordinator):
    preview = upload(coordinator, GOOD)
    answer = publish(coordinator, preview, toml='name = "face_to_face"\nversion = 1')
    assert answer.status_code == 422
    assert "form.toml" in answer.text
    assert kept(server, "face_to_face@2") is None


def test_a_version_is_taken_along_as_a_file_and_as_an_xlsform(coordinator):
    toml = coordinator.get("/forms/files/phone_in@1.toml")
    form = shipped_forms()["phone_in@1"]
    assert load_form(toml.content, "phone_in@1.toml") == form
    xlsform = coordinator.get("/forms/files/phone_in@1.xlsx")
    grids = {sheet.name: sheet.grid for sheet in worksheets(xlsform.content)}
    assert taken(grids, name="x").form == form
    assert coordinator.get("/forms/files/phone_in@9.toml").status_code == 404
    assert coordinator.get("/forms/files/phone_in@1.exe").status_code == 404


def test_frm_4_a_version_taken_along_and_sent_back_as_it_is_is_not_published_again(server, coordinator):
    same = coordinator.get("/forms/files/phone_in@1.xlsx").content
    answer = upload(coordinator, same, channel="phone_in")
    assert (answer.status_code, "nothing differs from phone_in@1" in answer.text) == (422, True)
    file = coordinator.get("/forms/files/phone_in@1.toml").text
    shown = {"csrf": form_token(coordinator, "/forms"), "toml": file, "file": "phone_in.toml"}
    assert coordinator.post("/forms/publish", data=shown).status_code == 422
    assert kept(server, "phone_in@2") is None
