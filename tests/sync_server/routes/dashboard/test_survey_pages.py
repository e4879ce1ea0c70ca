"""The public survey and the index desk over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.queries import survey as queries
from sync_server.people.permissions import Role
from sync_server.people.visitors import MOST
from tests.sync_server.desk import browser, form_token, send, signed_in
from tests.sync_server.survey.survey_kit import TYPED, add_survey
from tests.sync_server.whole_desk import forms_of

COMPANY = "/survey/supermarkets-a"


@pytest.fixture
def server(desk: Any) -> Iterator[Any]:
    with desk.services.database.transaction() as db:
        add_survey(db)
    return desk


def kept(server: Any) -> int:
    with server.services.database.reading() as db:
        return queries.count_answers(db, 2021)


@pytest.mark.parametrize(("language", "begins"), [("en", "Before you begin"), ("zh-Hant", "開始之前")])
def test_the_page_begins_with_the_statement_and_is_small_and_has_no_script(
    server: Any, language: str, begins: str
) -> None:
    with browser(server, language=language) as client:
        page = client.get(COMPANY)
        sheet = client.get("/static/survey.css")
    assert page.text.index(begins) < page.text.index("<fieldset")
    assert "<script" not in page.text
    assert len(page.content) + len(sheet.content) <= 60_000


def test_pfm_3_a_customer_whose_browser_forgot_its_cookie_finds_the_answers_again_and_sends_them_once(
    server: Any,
) -> None:
    with browser(server) as client:
        fields = {**TYPED, "answer": "a" * 24, "csrf": form_token(client, COMPANY)}
        client.cookies.clear()
        again = client.post(f"{COMPANY}/answer", data=fields)
        before = kept(server)
        form = next(form for form in forms_of(again.text) if form.action == f"{COMPANY}/answer")
        sent = client.post(f"{COMPANY}/answer", data={**fields, "csrf": form.fields["csrf"]})
        nowhere = client.post("/survey/nowhere/answer", data={**fields, "csrf": "old"})
    assert (again.status_code, form.fields["answer"], before) == (403, "a" * 24, 0)
    for name, value in (("sat_overall", "8"), ("solved", "not_yet")):
        assert f'name="{name}" value="{value}" checked' in again.text
    assert ">快啲 please</textarea>" in again.text
    assert (sent.status_code, kept(server), nowhere.status_code) == (200, 1, 403)


def test_a_customer_answers_without_an_account_and_twice_is_once(server: Any) -> None:
    with browser(server) as client:
        fields = {**TYPED, "answer": "a" * 24, "csrf": form_token(client, COMPANY)}
        answers = [client.post(f"{COMPANY}/answer", data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert ["was sent before" in answer.text for answer in answers] == [False, True]
    assert f'href="{COMPANY}"' in answers[1].text, "somebody else begins with another id"
    with server.services.database.reading() as db:
        (row,) = db.execute(select(tables.survey_answers)).all()
    assert row.answers["comment"] == "快啲 please"
    assert "loy_more" not in row.answers


def test_back_shows_the_page_that_was_answered_with_its_id(server: Any) -> None:
    """A browser keeps the page for Back alone: asked for anew it has another id, and nothing sent takes it away."""
    with browser(server) as client:
        pages = [client.get(COMPANY) for _ in range(2)]
        refused = send(client, f"{COMPANY}/answer", {"answer": "a" * 24}, page=COMPANY)
        assert client.get(f"{COMPANY}/answer").headers["Location"] == COMPANY
    assert [page.headers.get_list("Cache-Control") for page in pages] == [["private, no-cache"]] * 2
    assert len({page.text.split('name="answer" value="')[1].split('"')[0] for page in pages}) == 2
    assert f'action="{COMPANY}/answer"' in pages[0].text
    assert (refused.headers["Cache-Control"], 'name="answer" value="aaaa' in refused.text) == ("no-store", True)


def test_what_is_missing_is_said_at_its_question_and_nothing_typed_is_lost(server: Any) -> None:
    with browser(server) as client:
        answer = send(client, f"{COMPANY}/answer", {**TYPED, "nps": "", "origin": "moon"}, page=COMPANY)
    assert answer.status_code == 422
    assert answer.text.count("Choose an answer.") == 1
    assert answer.text.count("Choose one of the answers.") == 1
    assert 'name="sat_overall" value="8" checked' in answer.text
    assert "快啲 please" in answer.text
    assert kept(server) == 0


def test_a_script_waits_and_loses_nothing_of_what_it_typed(server: Any) -> None:
    with browser(server) as client:
        fields = {**TYPED, "csrf": form_token(client, COMPANY)}
        for _ in range(MOST):
            server.services.visitors.wait_s("127.0.0.1", server.services.clock())
        answer = client.post(f"{COMPANY}/answer", data=fields)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert 'name="sat_overall" value="8" checked' in answer.text
    assert kept(server) == 0


def test_a_closed_survey_says_so_and_takes_nothing(server: Any) -> None:
    with browser(server) as client:
        token = form_token(client, COMPANY)
        with server.services.database.transaction() as db:
            add_survey(db, opens_in=timedelta(days=-40))
        answer = client.post(f"{COMPANY}/answer", data={**TYPED, "csrf": token})
        page = client.get(COMPANY)
    assert (answer.status_code, "closed" in answer.text) == (409, True)
    assert "<fieldset" not in page.text
    assert kept(server) == 0


def test_no_such_company_has_no_page(server: Any) -> None:
    with browser(server) as client:
        assert client.get("/survey/nobody").status_code == 404


def test_nothing_of_who_answers_is_kept_anywhere(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"), browser(server) as client:
        client.headers["User-Agent"] = "tell-tale"
        send(client, f"{COMPANY}/answer", TYPED, page=COMPANY)
    with server.services.database.reading() as db:
        row = db.execute(select(tables.survey_answers)).one()
        audited = [str(one) for one in db.execute(select(tables.audit_log)).all()]
    whole = f"{row} {audited} {caplog.text}"
    assert "tell-tale" not in whole
    assert "127.0.0.1" not in str(row)
    assert "快啲" not in f"{audited} {caplog.text}"


def test_the_survey_page_is_drawn_quickly_however_many_have_answered(server: Any) -> None:
    """A hundred thousand answers are rows that the page never reads; CPU time, the machine is busy."""
    with server.services.database.transaction() as db:
        sums = queries.Tally(100_000, 100_000, 3_000_000, 9 * 10**7)
        queries.add_to_tally(db, 2021, "supermarkets-a", sums)
    with browser(server) as client:
        client.get(COMPANY)
        begun = time.process_time()
        client.get(COMPANY)
        assert time.process_time() - begun < 0.15


SEED = (files("sync_server.demo") / "files" / "index_2020_2021.csv").read_bytes()


def test_the_office_keeps_a_printed_table_and_sees_it_as_printed_with_its_flags(server: Any) -> None:
    with signed_in(server, Role.COORDINATOR) as client:
        fields = {"csrf": form_token(client, "/index"), "edition": "2020-2021", "source": "都會情報", "stated": "18"}
        answer = client.post("/index/printed", data=fields, files={"file": ("t.csv", SEED, "text/csv")})
        assert answer.status_code == 303, answer.text
        page = client.get("/index").text
        table = client.get("/index/table.csv").text
        pdf = client.get("/index/table.pdf")
    assert page.index("超市") < page.index("藥房") < page.index("鐵路")
    assert "(22.73)" in page
    assert "probably transposed in print" in page
    assert len(table.splitlines()) == 19
    assert pdf.content.startswith(b"%PDF")


def test_a_table_that_cannot_be_read_is_refused_with_every_problem(server: Any) -> None:
    broken = b"industry,satisfaction,loyalty,nps\na,1000,2,x\n"
    with signed_in(server, Role.COORDINATOR) as client:
        fields = {"csrf": form_token(client, "/index"), "edition": "2022"}
        answer = client.post("/index/printed", data=fields, files={"file": ("t.csv", broken, "text/csv")})
    assert answer.status_code == 422
    assert answer.text.count("t.csv: row 2") == 2


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        pytest.param(
            "survey",
            {"edition": "2022", "opens": "2022-02-01", "closes": "2022-01-01"},
            "before it opens",
            id="exchanged",
        ),
        pytest.param(
            "survey", {"edition": "next", "opens": "2022-02-01", "closes": "2022-03-01"}, "the year", id="no year"
        ),
        pytest.param("survey", {"edition": "2022", "opens": "1/2/22", "closes": "2022-03-01"}, "1/2/22", id="no day"),
        pytest.param("companies", {"company": "A B", "industry": "banks", "name_en": "A"}, "The code", id="no code"),
        pytest.param("companies", {"company": "ab", "industry": "banks"}, "a name", id="no name"),
        pytest.param(
            "companies", {"company": "ab", "industry": "mines", "name_en": "A"}, "an industry", id="no industry"
        ),
    ],
)
def test_what_the_office_types_wrong_is_said_and_not_kept(
    server: Any, path: str, fields: dict[str, str], words: str
) -> None:
    with signed_in(server, Role.COORDINATOR) as client:
        answer = send(client, f"/index/{path}", fields, page="/index")
    assert answer.status_code == 409
    assert words in answer.text


def test_the_office_opens_a_survey_and_adds_a_company(server: Any) -> None:
    with signed_in(server, Role.COORDINATOR) as client:
        set_up = {"edition": "2022", "opens": "2022-02-01 09:00", "closes": "2022-03-01"}
        assert send(client, "/index/survey", set_up, page="/index").status_code == 303
        company = {"company": "aeon", "industry": "supermarkets", "name_en": "AEON", "name_zh": ""}
        assert send(client, "/index/companies", company, page="/index").status_code == 303
        assert "/survey/aeon" in client.get("/index/industries/supermarkets").text
    with server.services.database.reading() as db:
        newest = queries.survey_rows(db)[0]
    assert (newest.edition, str(newest.closes_at)) == (2022, "2022-03-01 16:00:00+00:00")


def test_a_viewer_reads_the_index_and_changes_nothing(server: Any) -> None:
    with signed_in(server, Role.VIEWER) as client:
        assert client.get("/index").status_code == 200
        assert send(client, "/index/companies", {"company": "x"}, page="/account").status_code == 403
