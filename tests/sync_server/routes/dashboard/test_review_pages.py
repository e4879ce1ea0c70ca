"""Reviewing on the dashboard: returned, accepted, void, in conflict, and what the phone is told."""

from __future__ import annotations

import msgspec
import pytest

from sync_server.database import tables
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.people.permissions import Role
from tests.sync_server.desk import count, send, signed_in
from tests.sync_server.season_kit import ASSESSOR, SECOND_TOKEN, body_of


def reviews_told(server, assessor=ASSESSOR):
    with server.services.database.reading() as db:
        changes = changes_for_assessor(db, assessor, 0)
    return [msgspec.json.decode(change.body) for change in changes if change.kind == "review"]


def test_returning_tells_the_phone_what_to_look_at(desk, arrived):
    call, digest = arrived
    fields = {"verdict": "returned", "digest": digest, "reason": "Please check.", "comment-PA1": "Which page?"}
    with signed_in(desk, Role.REVIEWER) as client:
        answer = send(client, f"/assessments/{call.id}/review", fields)
        assert answer.status_code == 303
        assert "Which page?" in client.get(f"/assessments/{call.id}").text
    (review,) = reviews_told(desk)
    assert (review["decision"], review["revision"], review["comments"]) == ("returned", 1, {"PA1": "Which page?"})
    assert review["assessment_id"] == call.id
    assert count(desk, tables.reviews) == 1


def test_accepting_moves_the_record_on_and_asks_for_the_standing(desk, arrived):
    call, digest = arrived
    with signed_in(desk, Role.REVIEWER) as client:
        send(client, f"/assessments/{call.id}/review", {"verdict": "accepted", "digest": digest})
    assert count(desk, tables.assessments, tables.assessments.c.status == "accepted") == 1
    assert [review["decision"] for review in reviews_told(desk)] == ["accepted"]


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
    assert [review["decision"] for review in reviews_told(desk)] == ["void"]


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
