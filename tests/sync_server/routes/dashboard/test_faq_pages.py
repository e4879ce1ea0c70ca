"""The FAQ desk on its pages: handed in by the entrant, sent back or accepted by the office."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import insert, update

from sync_server.database import tables
from sync_server.database.queries import season
from sync_server.people.permissions import Role
from tests.builders import both
from tests.sync_server.desk import count, signed_in
from tests.sync_server.season_kit import SET_UP_AT
from tests.sync_server.whole_desk import forms_of

LINE = {"question_en-1": "Where is it?", "answer_en-1": "At Pier 7.", "channel-phone_in": "yes"}


def hand_in(client: httpx.Client, fields: dict[str, str], **files: Any) -> httpx.Response:
    form = next(form for form in forms_of(client.get("/faq").text) if form.action == "/faq")
    return client.post("/faq", data={"csrf": form.fields["csrf"], **fields}, files=files or {"file": ("", b"")})


def decide(client: httpx.Client, number: str, verb: str, **changes: str) -> httpx.Response:
    page = f"/faqs/{number}"
    form = next(form for form in forms_of(client.get(page).text) if form.action == f"{page}/{verb}")
    return client.post(form.action, data={**form.fields, **changes})


def number_of(server: Any) -> str:
    with server.services.database.reading() as db:
        return str(db.execute(tables.hand_ins.select()).first().id)


def test_what_the_office_has_from_a_file_is_there_to_be_changed(desk) -> None:
    with desk.services.database.transaction() as db:
        values = {"entrant_id": "harbour-ferry", "code": "pier", "version": 1, "in_force_from": "2021-01-01"}
        words = {"question": both("Which pier?", "哪個碼頭？"), "answer": both("Pier 7.", "七號碼頭。")}
        db.execute(insert(tables.filed_faqs).values(**values, **words, filed_at=SET_UP_AT))
    with signed_in(desk, Role.ENTRANT) as entrant:
        page = entrant.get("/faq").text
        assert ("These answers count now" in page, ">Pier 7.</textarea>" in page) == (True, True)
        assert 'name="faq-1" value="pier"' in page


def test_a_list_is_handed_in_once_sent_back_with_a_reason_and_accepted_from_a_day(desk) -> None:
    with signed_in(desk, Role.ENTRANT) as entrant, signed_in(desk, Role.COORDINATOR) as office:
        first, again = hand_in(entrant, LINE), hand_in(entrant, LINE)
        assert ("Receipt" in first.text, "nothing was handed in twice" in again.text) == (True, True)
        assert count(desk, tables.hand_in_versions) == 1
        number = number_of(desk)
        assert (
            decide(office, number, "return", **{"reason-1": "not-unique", "words-1": "Two piers."}).status_code == 303
        )
        own = entrant.get("/faq").text
        assert ("Two piers." in own, "not the only right one" in own) == (True, True)
        hand_in(entrant, {**LINE, "answer_en-1": "At Pier 8."})
        refused = decide(office, number, "accept", counts_from="2021-01-01")
        assert (refused.status_code, "today at the earliest" in refused.text) == (409, True), "FQD-2"
        assert decide(office, number, "accept", counts_from="2031-01-01").status_code == 303
        assert "1 Jan 2031" in entrant.get("/faq").text
    with desk.services.database.reading() as db:
        kept = [
            (row["code"], row["version"], row["answer"]["en"], row["in_force_from"])
            for row in season.rows_of(db, "faqs")
        ]
    assert kept == [("faq-1", 1, "At Pier 8.", "2031-01-01")]


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        pytest.param("list.csv", b"faq,question_en,answer_en\nlost,Where?,Here.\n", 200, "from your file", id="a CSV"),
        pytest.param("list.csv", b"a,b\n1,2\n", 422, "", id="a file of something else"),
        pytest.param("list.exe", b"MZ", 422, "", id="a file that is no table"),
    ],
)
def test_a_file_is_shown_first_and_hands_nothing_in(desk, name, content, status, words) -> None:
    with signed_in(desk, Role.ENTRANT) as entrant:
        answer = hand_in(entrant, {"channel-phone_in": "yes"}, file=(name, content))
    assert (answer.status_code, words in answer.text) == (status, True)
    assert count(desk, tables.hand_in_versions) == 0


def test_the_template_comes_back_filled(desk) -> None:
    with signed_in(desk, Role.ENTRANT) as entrant:
        template = entrant.get("/faq/template.xlsx").content
        assert "lost property office" in hand_in(entrant, {}, file=("faqs.xlsx", template)).text


@pytest.mark.parametrize(
    ("filing", "told"),
    [
        pytest.param("in_time", "0 entrants have handed nothing in", id="a row says it was filed"),
        pytest.param("never", "1 entrant has handed nothing in", id="a row says it never was"),
    ],
)
def test_what_a_row_says_of_filing_is_counted(desk, filing: str, told: str) -> None:
    entries = tables.entries
    with desk.services.database.transaction() as db:
        db.execute(update(entries).values(withdrawn=entries.c.entrant_id != "harbour-ferry"))
        db.execute(update(entries).values(faq_filing=filing, faq_filed_at=None, faq_awaited=False))
    with signed_in(desk, Role.COORDINATOR) as office:
        assert told in office.get("/faqs").text


def test_the_office_sees_who_is_to_be_reminded_and_an_entrant_sees_no_one_else(desk) -> None:
    with signed_in(desk, Role.COORDINATOR) as office:
        assert "Harbour Ferry Hotline" in office.get("/faqs").text
        assert office.get("/faq").status_code == 403
    with signed_in(desk, Role.ENTRANT) as entrant:
        assert entrant.get("/faqs").status_code == 403
