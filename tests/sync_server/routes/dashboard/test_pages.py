"""The dashboard's pages over real HTTP: what each shows, to whom, in which language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from checklists.record.assessment import Answer
from sync_server.database import tables
from sync_server.database.queries.assessment_lists import Cursor
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.people.permissions import Role
from tests.builders import NOON, at
from tests.sync_server.desk import accept, browser, count, push, release_rounds, send, sign_in, signed_in
from tests.sync_server.season_kit import ANSWERS, ASSESSOR, OTHER_ASSESSOR, OTHER_TOKEN, a_call, add_device, device_id

NOBODY = "00000000-0000-4000-8000-000000000000"
PAGES = (
    "/assessments",
    "/assignments?state=",
    "/assessors",
    "/devices",
    "/enrolment-codes",
    "/accounts",
    "/audit",
    "/account",
)


@pytest.mark.parametrize(
    ("language", "tag", "word"),
    [
        pytest.param("en", 'lang="en"', "Assessments", id="English"),
        pytest.param("zh-Hant", 'lang="zh-Hant-HK"', "評審紀錄", id="Traditional Chinese"),
    ],
)
def test_every_page_is_drawn_in_the_readers_language(desk, arrived, language, tag, word):
    with signed_in(desk, Role.ADMIN, language=language) as client:
        for path in (*PAGES, f"/assessments/{arrived[0].id}"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert tag in answer.text, path
            assert word in answer.text, path


def test_no_page_runs_script_or_style_of_its_own(desk, arrived):
    with signed_in(desk, Role.ADMIN) as client:
        for path in (*PAGES, f"/assessments/{arrived[0].id}", "/sign-in", "/nothing"):
            answer = client.get(path)
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            for unwanted in ("<script>", "<style", "style=", "onclick="):
                assert unwanted not in answer.text, (path, unwanted)


def test_the_language_is_switched_at_once_and_kept_for_the_account(desk):
    with signed_in(desk, Role.VIEWER) as client:
        answer = send(client, "/preferences", {"language": "zh-Hant", "next": "/assignments?state=open"})
        assert answer.headers["location"] == "/assignments?state=open"
        client.cookies.delete("language")
        assert "工作分配" in client.get("/assignments").text


def test_the_list_shows_what_arrived(desk, arrived):
    with signed_in(desk, Role.VIEWER) as client:
        page = client.get("/assessments").text
    assert "Harbour Ferry Hotline" in page
    assert f"Name of {ASSESSOR}" in page
    assert "88.25" in page
    assert "0 of 2" in page


def test_an_assignment_that_ends_at_midnight_is_due_on_the_day_before(desk):
    with desk.services.database.transaction() as db:
        db.execute(update(tables.assignments).values(due_until=datetime(2026, 11, 21, 16, tzinfo=UTC)))
    with signed_in(desk, Role.COORDINATOR) as page:
        assert "21 Nov 24:00" in page.get("/assignments?state=").text


def test_an_empty_list_says_so(desk):
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "Nothing has arrived yet" in client.get("/assessments").text
        assert "No assessment matches" in client.get("/assessments?channel=online").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("channel=phone_in&round=1&state=finished", True, id="all filters"),
        pytest.param("channel=onsite", False, id="another channel"),
        pytest.param("round=2", False, id="another round"),
        pytest.param("state=accepted", False, id="another state"),
        pytest.param("state=files-missing", True, id="files missing"),
        pytest.param("state=conflict", False, id="no conflict"),
        pytest.param("search=FERRY", True, id="part of the entrant's name"),
        pytest.param("search=港灣", True, id="part of its Chinese name"),
        pytest.param("search=assessor-1", True, id="the assessor"),
        pytest.param("search=zz-no-such", False, id="nothing of that name"),
        pytest.param("search=nobody%25", False, id="a sign of the database's own"),
    ],
)
def test_the_list_is_narrowed(desk, arrived, query, found):
    with signed_in(desk, Role.VIEWER) as client:
        assert (arrived[0].id in client.get(f"/assessments?{query}").text) is found


def test_pages_of_the_list_follow_one_another_without_gap_or_repeat(desk):
    sent: set[str] = set()
    for _ in range(53):
        call = a_call()
        push(desk, call)
        sent.add(call.id)
    with signed_in(desk, Role.VIEWER) as client:
        first = client.get("/assessments").text
        older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = client.get(older).text
    shown = [one for page in (first, second) for one in sent if f'id="assessment-{one}"' in page]
    assert sorted(shown) == sorted(sent)
    assert second.count("<tr id=") == 3


@pytest.mark.parametrize("path", ["/assessors", "/devices"])
def test_people_and_phones_are_shown_a_page_at_a_time(desk, path):
    names = [f"Assessor {number:03}" for number in range(205)]
    with desk.services.database.transaction() as db:
        db.execute(
            tables.assessors.insert(),
            [{"id": name, "name": name, "languages": [], "created_at": NOON} for name in names],
        )
        for name in names:
            add_device(db, f"token of {name}", name)
    pages, address = [], path
    with signed_in(desk, Role.COORDINATOR) as client:
        while address:
            pages.append(client.get(address).text)
            address = pages[-1].split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in pages[-1] else ""
    shown = [name for page in pages for name in names if f">{name}<" in page]
    assert sorted(shown) == names
    assert len(pages) == 3
    assert max(map(len, pages)) < 200_000


def test_a_cursor_from_elsewhere_is_not_one():
    assert Cursor.from_text("nonsense") is None
    assert Cursor.from_text("2021-03-01T00:00:00_x") is None
    assert str(Cursor.from_text(str(Cursor(NOON, "x")))) == str(Cursor(NOON, "x"))


def test_the_page_of_an_assessment_tells_how_its_score_was_reached(desk, arrived):
    with signed_in(desk, Role.REVIEWER) as client:
        page = client.get(f"/assessments/{arrived[0].id}").text
    assert "How the score was reached" in page
    assert "Access and waiting" in page
    assert "They said it would be kept for me." in page
    assert "At Pier 7, open 09:00 to 18:00." in page
    assert "Not received yet" in page
    assert arrived[1] in page


def test_answers_to_questions_the_form_does_not_have_are_kept_and_told(desk):
    strange = {"ZZ9": Answer(value=True, at=at(5)), "<b>": Answer(value="x", at=at(5))}
    call = a_call(answers=ANSWERS | strange)
    push(desk, call)
    accept(desk)
    release_rounds(desk)
    for role, language, told in (
        (Role.VIEWER, "en", "It holds answers to questions that its form does not ask: &lt;b&gt;, ZZ9."),
        (Role.REVIEWER, "zh-Hant", "紀錄載有表格並無提出的問題的答案：&lt;b&gt;、ZZ9。"),
    ):
        with signed_in(desk, role, language=language) as client:
            assert told in client.get(f"/assessments/{call.id}").text
    with signed_in(desk, Role.ENTRANT) as client:
        assert client.get(f"/assessments/{call.id}").status_code == 403


def test_a_record_of_nothing_strange_is_not_told_of(desk, arrived):
    with signed_in(desk, Role.VIEWER) as client:
        assert "does not ask" not in client.get(f"/assessments/{arrived[0].id}").text


def test_an_assessment_is_found_by_the_start_of_its_number(desk, arrived):
    with signed_in(desk, Role.VIEWER) as client:
        assert f'id="assessment-{arrived[0].id}"' in client.get(f"/assessments?search={arrived[0].id[:8]}").text


def test_a_revoked_device_is_refused_at_once(desk):
    with signed_in(desk, Role.COORDINATOR) as client, desk.client(OTHER_TOKEN) as phone:
        assert phone.get("/api/v1/changes").status_code == 200
        assert send(client, f"/devices/{device_id(OTHER_TOKEN)}/revoke").status_code == 303
        assert phone.get("/api/v1/changes").status_code == 401
        assert "Revoked" in client.get("/devices").text
    with desk.services.database.reading() as db:
        told = changes_for_assessor(db, OTHER_ASSESSOR, 0)
    assert device_id(OTHER_TOKEN) in [change.subject_id for change in told if change.kind == "revocation"]


def test_codes_are_issued_shown_once_used_and_revoked(desk):
    with signed_in(desk, Role.COORDINATOR) as client:
        page = send(client, "/enrolment-codes", {"assessor": [ASSESSOR, OTHER_ASSESSOR, "nobody"]}).text
        codes = [part.split("<")[0] for part in page.split('class="code-text">')[1:]]
        assert len(codes) == 2
        assert page.count("<svg") == 2
        assert f"/app/#/enrol?code={codes[0]}" in page
        listed = client.get("/enrolment-codes").text
        assert codes[0] not in listed
        assert codes[0][-4:] in listed
        for hashed in {part.split("/")[0] for part in listed.split('action="/enrolment-codes/')[1:]}:
            send(client, f"/enrolment-codes/{hashed}/revoke")
        assert "Revoked" in client.get("/enrolment-codes").text
    device = {"id": device_id("new phone"), "name": "New phone"}
    with desk.client(None) as phone:
        answer = phone.post("/api/v1/enrol", json={"code": codes[0], "device": device})
    assert answer.json()["code"] == "enrolment-code-revoked"


def test_every_view_and_change_is_in_the_audit_log(desk, arrived):
    call, digest = arrived
    with browser(desk) as client:
        sign_in(client, Role.ADMIN)
        client.get("/assessments")
        client.get(f"/assessments/{call.id}")
        send(client, f"/assessments/{call.id}/review", {"verdict": "accepted", "digest": digest})
        send(client, "/enrolment-codes", {"assessor": ASSESSOR})
        page = client.get("/audit").text
        export = client.get("/audit/export")
    for action in (
        "signed-in",
        "assessments-listed",
        "assessment-viewed",
        "assessment-accepted",
        "enrolment-codes-issued",
    ):
        assert action in page
        assert action in export.text
    assert export.headers["content-type"].startswith("text/csv")
    assert "The admin" in export.text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"/assessments/{NOBODY}", id="an assessment nobody sent"),
        pytest.param("/assessments/ARRIVED?digest=0", id="a revision nobody sent"),
        pytest.param(f"/assessments/ARRIVED/photos/{'0' * 64}", id="a photo nobody sent"),
        pytest.param(f"/assessments/ARRIVED/sound/{'0' * 64}", id="sound nobody sent"),
        pytest.param(f"/assessments/ARRIVED/originals/{'0' * 64}", id="a file nobody sent"),
        pytest.param("/standings/nobody/phone_in", id="an entry of nobody"),
        pytest.param("/standings/harbour-ferry/fax", id="a channel that is none"),
    ],
)
def test_what_is_not_there_was_seen_by_nobody(desk, arrived, path):
    with signed_in(desk, Role.ADMIN) as client:
        before = count(desk, tables.audit_log)
        assert client.get(path.replace("ARRIVED", arrived[0].id)).status_code == 404
    assert count(desk, tables.audit_log) == before


@pytest.mark.parametrize(
    ("language", "title"),
    [pytest.param("en", "There is nothing here", id="English"), pytest.param("zh-Hant", "這裏沒有內容", id="Chinese")],
)
def test_an_unknown_address_reads_kindly(desk, language, title):
    with browser(desk, language=language) as client:
        answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert title in answer.text


def test_an_unknown_address_keeps_the_pages_at_the_side_for_whoever_is_signed_in(desk):
    with signed_in(desk, Role.VIEWER) as client:
        assert 'href="/assignments"' in client.get("/no/such/page").text


def test_a_page_of_another_rank_says_that_it_is_not_for_this_account(desk):
    with signed_in(desk, Role.VIEWER) as client:
        answer = client.get("/audit")
    assert answer.status_code == 403
    assert "Not for this account" in answer.text
