"""ENA, JIM and the pages of enrolment: handed in by anybody, accepted into records, or sent back with words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from sync_server.database import tables
from sync_server.database.queries import season
from sync_server.people.permissions import Role
from tests.sync_server.desk import browser, count, form_token, send, signed_in
from tests.sync_server.enrolment_kit import NOTICE_FILE, TYPED, add_edition
from tests.sync_server.whole_desk import Form, forms_of


@pytest.fixture
def open_desk(desk: Any) -> Any:
    with desk.services.database.transaction() as db:
        add_edition(db)
    return desk


def hand_in(client: httpx.Client, changes: Mapping[str, str] | None = None, **hidden: str) -> httpx.Response:
    """Fill in the form as a browser would, and send it."""
    form = next(form for form in forms_of(client.get("/enrol").text) if form.action == "/enrol")
    fields = {**hidden_of(form), **TYPED, "act": "send", **(changes or {}), **hidden}
    return client.post("/enrol", data={k: v for k, v in fields.items() if v}, files=[NOTICE_FILE])


def hidden_of(form: Form) -> dict[str, str]:
    return {name: value for name, value in form.fields.items() if form.kinds[name] == "hidden"}


def number_of(server: Any) -> str:
    with server.services.database.reading() as db:
        return str(db.execute(tables.hand_ins.select()).first().id)


def accept(client: httpx.Client, hand_in_id: str, **changes: str) -> httpx.Response:
    return decide(client, hand_in_id, "accept", **{"industry-1": "commerce", **changes})


def decide(client: httpx.Client, hand_in_id: str, verb: str, **changes: str) -> httpx.Response:
    page = f"/enrolments/{hand_in_id}"
    form = next(form for form in forms_of(client.get(page).text) if form.action == f"{page}/{verb}")
    return client.post(form.action, data={**form.fields, **changes})


def test_pfm_3_an_organisation_whose_browser_forgot_its_cookie_finds_what_it_typed(open_desk) -> None:
    with browser(open_desk) as client:
        form = next(form for form in forms_of(client.get("/enrol").text) if form.action == "/enrol")
        client.cookies.clear()
        again = client.post("/enrol", data={**hidden_of(form), **TYPED, "act": "send"}, files=[NOTICE_FILE])
    shown = next(form for form in forms_of(again.text) if form.action == "/enrol").fields
    assert (again.status_code, count(open_desk, tables.hand_ins)) == (403, 0)
    assert {name: shown[name] for name in ("name_en", "code")} == {
        "name_en": TYPED["name_en"],
        "code": form.fields["code"],
    }


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_an_enrolment_is_handed_in_without_an_account_and_has_a_receipt(open_desk, language) -> None:
    with browser(open_desk, language=language) as client:
        answer = hand_in(client)
    assert answer.status_code == 200, answer.text
    assert number_of(open_desk) in answer.text
    assert re.search(r"[0-9a-f]{64}", answer.text)


def test_hin_2_sent_twice_it_is_kept_once(open_desk) -> None:
    with browser(open_desk) as client:
        code = next(form for form in forms_of(client.get("/enrol").text) if form.action == "/enrol").fields["code"]
        first, second = hand_in(client, code=code), hand_in(client, code=code)
    assert "nothing was handed in twice" in second.text
    assert first.status_code == second.status_code == 200
    assert count(open_desk, tables.hand_in_versions) == 1


def test_hin_5_sent_again_after_going_back_it_is_kept_once_whatever_code_the_form_has(open_desk) -> None:
    with browser(open_desk) as client:
        first, second = hand_in(client), hand_in(client)
        assert "nothing was handed in twice" in second.text
        assert "Its code stands on the receipt" in second.text
        assert number_of(open_desk) in second.text
        assert 'class="code-text"' in first.text
        assert 'class="code-text"' not in second.text
        assert count(open_desk, tables.hand_ins) == 1
        hand_in(client, {"contact_name": "Somebody Else"})
    assert count(open_desk, tables.hand_ins) == 2


def test_a_browser_may_restore_what_was_typed_into_the_form(open_desk) -> None:
    """It does so with no field that is not to be completed, and the page of a file too large sends people back."""
    with browser(open_desk) as client:
        page = client.get("/enrol").text
    form = page[page.index('action="/enrol"') : page.index('action="/enrol/again"')]
    assert 'name="u1-seats"' in form
    assert 'autocomplete="off"' not in form


def test_what_is_wrong_stands_at_its_field_and_the_words_stay(open_desk) -> None:
    with browser(open_desk) as client:
        answer = hand_in(client, {"u1-phones": "999", "terms": ""})
    assert answer.status_code == 422
    assert ('id="u1-phones-wrong"' in answer.text, 'id="terms-wrong"' in answer.text) == (True, True)
    assert "Peak Hotline" in answer.text
    assert count(open_desk, tables.hand_ins) == 0


def test_another_unit_is_added_without_handing_anything_in(open_desk) -> None:
    with browser(open_desk) as client:
        answer = hand_in(client, {"act": "more"})
    assert ('name="u2-name_en"' in answer.text, "Peak Hotline" in answer.text) == (True, True)
    assert count(open_desk, tables.hand_ins) == 0


def test_after_the_close_it_is_told_in_plain_words_and_nothing_is_kept(desk) -> None:
    with desk.services.database.transaction() as db:
        add_edition(db, enrolment_closes="2021-02-10")
    with browser(desk) as client:
        assert "closed at the end of 10 Feb 2021" in client.get("/enrol").text
        sent = {"csrf": form_token(client, "/enrol"), **TYPED}
        answer = client.post("/enrol", data=sent, files=[NOTICE_FILE])
    assert (answer.status_code, "what you typed is here" in answer.text) == (409, True)
    assert count(desk, tables.hand_ins) == 0


def test_ena_1_an_accepted_enrolment_becomes_records_once(open_desk) -> None:
    with browser(open_desk) as client:
        hand_in(client)
    number = number_of(open_desk)
    with signed_in(open_desk, Role.COORDINATOR) as client:
        answer = accept(client, number)
        assert answer.status_code == 303, answer.text
        page = client.get(f"/enrolments/{number}").text
        assert "Accepted" in page
        assert client.get(f"/enrolments/{number}/letter").status_code == 200
        sha256 = re.findall(r"/files/([0-9a-f]{64})", page)[0]
        assert client.get(f"/enrolments/{number}/files/{sha256}").content == NOTICE_FILE[1][1]
        assert accept_again(client, number).status_code == 409
    with open_desk.services.database.reading() as db:
        entrant = next(row for row in season.rows_of(db, "entrants") if row["id"] == "peak-hotline")
        owner = next(row for row in season.rows_of(db, "organisations"))
        entries = [row["channel"] for row in season.rows_of(db, "entries") if row["entrant_id"] == "peak-hotline"]
    assert (entrant["industry"], entrant["organisation"], entrant["staff_notice"]["on"]) == (
        "commerce", "peak-company", "2021-02-15",
    )  # fmt: skip
    assert (owner["is_member"], owner["contact"]["email"]) == (True, "chan@example.org")
    assert sorted(entries) == ["face_to_face", "phone_in"]


def accept_again(client: httpx.Client, number: str) -> httpx.Response:
    fields = {"version": "1", "organisation": "peak-company", "code-1": "peak-hotline", "industry-1": "commerce"}
    return send(client, f"/enrolments/{number}/accept", fields)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        pytest.param({"code-1": "harbour-ferry"}, 409, "is that of", id="ENA-2 a code that is another entrant's"),
        pytest.param({"code-1": "peak tram"}, 422, "is not a code", id="JIM-1 what an import refuses"),
    ],
)
def test_an_acceptance_that_cannot_be_writes_nothing_at_all(open_desk, changes, status, words) -> None:
    with browser(open_desk) as client:
        hand_in(client)
    number = number_of(open_desk)
    with signed_in(open_desk, Role.COORDINATOR) as client:
        answer = accept(client, number, **changes)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert count(open_desk, tables.hand_in_verdicts) == 0
    assert count(open_desk, tables.organisations) == 0


def test_enl_4_without_a_notice_to_staff_nothing_is_accepted(open_desk) -> None:
    with browser(open_desk) as client:
        hand_in(client, {"u1-staff_notice_on": ""})
    with signed_in(open_desk, Role.COORDINATOR) as client:
        answer = accept(client, number_of(open_desk))
    assert (answer.status_code, "notice to staff" in answer.text) == (409, True)


def test_sent_back_with_words_it_is_corrected_with_the_code_and_its_file_stays(open_desk) -> None:
    with browser(open_desk) as client:
        receipt = hand_in(client)
        code = re.findall(r'class="code-text">([^<]+)<', receipt.text)[0]
        number = number_of(open_desk)
        with signed_in(open_desk, Role.COORDINATOR) as office:
            assert decide(office, number, "return", words="The seats are missing.").status_code == 303
        shown = send(client, "/enrol/again", {"code": code}, page="/enrol")
        assert ("The seats are missing." in shown.text, "Peak Hotline" in shown.text) == (True, True)
        form = next(form for form in forms_of(shown.text) if form.action == "/enrol")
        again = client.post("/enrol", data={**hidden_of(form), **TYPED, "u1-seats": "36", "act": "send", "code": code})
        assert again.status_code == 200, again.text
        assert send(client, "/enrol/again", {"code": "x" * 24}, page="/enrol").status_code == 404
    with signed_in(open_desk, Role.COORDINATOR) as office:
        assert accept(office, number).status_code == 303


def test_who_enrols_stands_in_no_address_and_in_no_log(open_desk, caplog) -> None:
    with caplog.at_level("DEBUG"), browser(open_desk) as client:
        hand_in(client)
        hand_in(client, {"email": "chan"})
    told = caplog.text + "".join(str(row) for row in rows_of_audit(open_desk))
    assert not re.search(r"Chan Tai Man|chan@example|2000 ?0002|Peak", told)


def rows_of_audit(server: Any) -> list[Any]:
    with server.services.database.reading() as db:
        return list(db.execute(tables.audit_log.select()))
