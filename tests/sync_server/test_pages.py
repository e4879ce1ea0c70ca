"""The dashboard's pages over real HTTP: what each shows, to whom, in which language."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import func, select, update

from checklists.assessment import Answer, MediaKind
from sync_server import tables
from sync_server.permissions import Role
from sync_server.queries.assessment_lists import Cursor
from sync_server.queries.changes import changes_for_assessor
from tests.builders import NOON, an_attempt, at
from tests.sync_server.desk import add_accounts, browser, push, release_rounds, send, signed_in
from tests.sync_server.season import (
    ANSWERS,
    ASSESSOR,
    OTHER_ASSESSOR,
    OTHER_TOKEN,
    SECOND_TOKEN,
    TOKEN,
    a_call,
    a_photo,
    body_of,
    device_id,
)

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


@pytest.fixture
def desk(server):
    add_accounts(server)
    return server


@pytest.fixture
def arrived(desk):
    """One finished call of assessor-1, on its way through review."""
    call = a_call(attempts=(an_attempt(-60), an_attempt(0, "connected")))
    return call, push(desk, call)


def count(server, table, *where):
    with server.services.database.reading() as db:
        return db.execute(select(func.count()).select_from(table).where(*where)).scalar()


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
    release_rounds(desk)
    for role, language, told in (
        (Role.VIEWER, "en", "It holds answers to questions that its form does not ask: &lt;b&gt;, ZZ9."),
        (Role.REVIEWER, "zh-Hant", "紀錄載有表格並無提出的問題的答案：&lt;b&gt;, ZZ9。"),
    ):
        with signed_in(desk, role, language=language) as client:
            assert told in client.get(f"/assessments/{call.id}").text
    with signed_in(desk, Role.ENTRANT) as client:
        answer = client.get(f"/assessments/{call.id}")
    assert answer.status_code == 200
    assert "ZZ9" not in answer.text


def test_a_record_of_nothing_strange_is_not_told_of(desk, arrived):
    with signed_in(desk, Role.VIEWER) as client:
        assert "does not ask" not in client.get(f"/assessments/{arrived[0].id}").text


def test_a_photo_is_shown_once_it_is_held_and_only_through_its_assessment(desk):
    data = b"\xff\xd8\xff\xe0" + b"a picture" * 50
    call, other = a_call(files=(a_photo(data), a_photo(b"call log", "PG4", "call_log"))), a_call()
    push(desk, call)
    push(desk, other)
    sha256 = call.evidence[0].sha256
    keep_file(desk, data, "image/jpeg")
    with signed_in(desk, Role.VIEWER) as client:
        answer = client.get(f"/assessments/{call.id}/photos/{sha256}")
        assert answer.content == data
        assert answer.headers["content-type"] == "image/jpeg"
        assert "sandbox" in answer.headers["content-security-policy"]
        part = client.get(f"/assessments/{call.id}/previews/{sha256}", headers={"Range": "bytes=4-12"})
        assert (part.status_code, part.content) == (206, data[4:13])
        assert client.get(f"/assessments/{other.id}/photos/{sha256}").status_code == 404
        assert client.get(f"/assessments/{call.id}/photos/..%2f..%2fetc").status_code == 404
        assert client.get(f"/assessments/{call.id}/originals/{sha256}").status_code == 403
    with browser(desk) as stranger:
        assert stranger.get(f"/assessments/{call.id}/photos/{sha256}").status_code == 303


def test_a_photo_kept_as_it_came_is_for_coordinators_as_a_download(desk):
    data = b"\xff\xd8\xff\xe0" + b"with a position" * 50
    raw = a_photo(data, prepared=False, why_not_prepared="broken")
    call = a_call(files=(raw, a_photo(b"call log", "PG4", "call_log")))
    push(desk, call)
    keep_file(desk, data, "image/jpeg")
    with signed_in(desk, Role.VIEWER) as viewer, signed_in(desk, Role.COORDINATOR) as coordinator:
        assert viewer.get(f"/assessments/{call.id}/photos/{raw.sha256}").status_code == 404
        answer = coordinator.get(f"/assessments/{call.id}/originals/{raw.sha256}")
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment")


def keep_file(server, data, content_type):
    sha256 = a_photo(data).sha256
    server.services.media.put(sha256, data)
    with server.services.database.transaction() as db:
        db.execute(
            tables.media.insert().values(sha256=sha256, size_bytes=len(data), content_type=content_type, stored_at=NOON)
        )


def reviews_told(server, assessor=ASSESSOR):
    with server.services.database.reading() as db:
        told = changes_for_assessor(db, assessor, 0)
    return [msgspec.json.decode(change.body) for change in told if change.kind == "review"]


def test_returning_tells_the_phone_what_to_look_at(desk, arrived):
    call, digest = arrived
    fields = {"verdict": "returned", "digest": digest, "reason": "Please check.", "comment-PA1": "Which page?"}
    with signed_in(desk, Role.REVIEWER) as client:
        answer = send(client, f"/assessments/{call.id}/review", fields)
        assert answer.status_code == 303
        assert "Which page?" in client.get(f"/assessments/{call.id}").text
    (told,) = reviews_told(desk)
    assert (told["decision"], told["revision"], told["comments"]) == ("returned", 1, {"PA1": "Which page?"})
    assert told["assessment_id"] == call.id
    assert count(desk, tables.reviews) == 1


def test_accepting_moves_the_record_on_and_asks_for_the_standing(desk, arrived):
    call, digest = arrived
    with signed_in(desk, Role.REVIEWER) as client:
        send(client, f"/assessments/{call.id}/review", {"verdict": "accepted", "digest": digest})
    assert count(desk, tables.assessments, tables.assessments.c.status == "accepted") == 1
    assert [told["decision"] for told in reviews_told(desk)] == ["accepted"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"verdict": "returned"}, "Say what should be looked at again", id="REV-2 a return says nothing"),
        pytest.param(
            {"verdict": "accepted", "digest": "0" * 64}, "Another revision arrived", id="REV-1 another revision"
        ),
        pytest.param({"verdict": "praised"}, "Choose to accept or to return", id="an unknown verdict"),
    ],
)
def test_a_review_that_cannot_be_changes_nothing_and_says_why(desk, arrived, fields, sentence):
    call, digest = arrived
    with signed_in(desk, Role.REVIEWER) as client:
        answer = send(client, f"/assessments/{call.id}/review", {"digest": digest, **fields})
    assert answer.status_code == 409
    assert sentence in answer.text
    assert count(desk, tables.reviews) == 0
    assert reviews_told(desk) == []


def test_voiding_needs_a_reason_and_can_be_lifted(desk, arrived):
    call, _ = arrived
    with signed_in(desk, Role.COORDINATOR) as client:
        refused = send(client, f"/assessments/{call.id}/decisions", {"decision": "void", "reason": " "})
        assert "Give a reason" in refused.text
        send(client, f"/assessments/{call.id}/decisions", {"decision": "void", "reason": "Recognised at the door."})
        assert "Recognised at the door." in client.get(f"/assessments/{call.id}").text
        assert count(desk, tables.assessments, tables.assessments.c.status == "void") == 1
        send(client, f"/assessments/{call.id}/decisions", {"decision": "unvoid", "reason": "It was another visit."})
    assert count(desk, tables.assessments, tables.assessments.c.status == "finished") == 1
    assert count(desk, tables.decisions) == 2
    assert [told["decision"] for told in reviews_told(desk)] == ["void"]


def test_conflicting_revisions_are_both_shown(desk, arrived):
    call, digest = arrived
    other = msgspec.structs.replace(call, app_version="another phone")
    with desk.client(SECOND_TOKEN) as phone:
        assert phone.put(f"/api/v1/assessments/{call.id}", content=body_of(other)).status_code == 409
    with signed_in(desk, Role.VIEWER) as client:
        page = client.get(f"/assessments/{call.id}").text
        assert "Two contents arrived under one revision number" in page
        assert "Same number, other content" in page
        (second,) = {part.split('"')[0] for part in page.split("?digest=")[1:]} - {digest}
        assert "another revision than the current one" in client.get(f"/assessments/{call.id}?digest={second}").text


def test_an_entrant_sees_its_own_only_after_the_release_and_never_who_assessed_it(desk, arrived):
    call, _ = arrived
    note = a_photo(b"a voice", "PG5", None, kind=MediaKind.AUDIO_NOTE, content_type="audio/mpeg")
    spoken = a_call(files=(*call.evidence, note))
    push(desk, spoken)
    keep_file(desk, b"a voice", "audio/mpeg")
    with signed_in(desk, Role.ENTRANT) as client:
        assert "No results yet" in client.get("/assessments").text
        assert client.get(f"/assessments/{spoken.id}").status_code == 404
        release_rounds(desk)
        everything = client.get("/assessments").text + client.get(f"/assessments/{spoken.id}").text
        assert "88.25" in everything
        for secret in (f"Name of {ASSESSOR}", "A phone", "<audio", "assignment-1", device_id(TOKEN), "/sound/"):
            assert secret not in everything, secret
        assert client.get(f"/assessments/{spoken.id}/sound/{note.sha256}").status_code == 403
        assert client.get(f"/assessments/{spoken.id}/photos/{note.sha256}").status_code == 404
        assert "88.25" not in client.get(f"/assessments?search=Name+of+{ASSESSOR}").text
        assert client.get("/events").status_code == 403


def test_an_assessment_is_found_by_the_start_of_its_number(desk, arrived):
    with signed_in(desk, Role.VIEWER) as client:
        assert f'id="assessment-{arrived[0].id}"' in client.get(f"/assessments?search={arrived[0].id[:8]}").text


@pytest.mark.parametrize("status", ["draft", "returned", "void"])
def test_an_entrant_sees_only_what_counts(desk, arrived, status):
    release_rounds(desk)
    with desk.services.database.transaction() as db:
        db.execute(update(tables.assessments).values(status=status))
    with signed_in(desk, Role.ENTRANT) as client:
        assert arrived[0].id not in client.get("/assessments").text
        assert client.get(f"/assessments/{arrived[0].id}").status_code == 404


def test_an_entrant_does_not_see_its_rivals(desk, arrived):
    release_rounds(desk)
    with desk.services.database.transaction() as db:
        db.execute(
            tables.entrants.insert().values(
                id="rival", organisation="rival", name={"en": "Rival"}, industry="telecom", created_at=NOON
            )
        )
        db.execute(update(tables.users).where(tables.users.c.role == "entrant").values(entrant_id="rival"))
    with signed_in(desk, Role.ENTRANT) as client:
        assert arrived[0].id not in client.get("/assessments").text
        assert client.get(f"/assessments/{arrived[0].id}").status_code == 404


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
    with signed_in(desk, Role.ADMIN) as client:
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
