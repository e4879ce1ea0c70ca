"""INT: pushing assessments over HTTP, on both engines. Ids are those in fieldwork/."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from checklists import wire
from checklists.record.assessment import MediaKind
from sync_server.database import tables
from sync_server.database.queries.changes import changes_for_office
from sync_server.fieldwork.handing_out import tell_assignment
from tests.builders import NOON, an_assignment, an_attempt
from tests.sync_server.desk import count
from tests.sync_server.season_kit import ANSWERS, OTHER_TOKEN, SECOND_TOKEN, TOKEN, a_call, a_photo, body_of


def put(server, body, assessment_id, token=TOKEN, **headers):
    with server.client(token) as client:
        return client.put(f"/api/v1/assessments/{assessment_id}", content=body, headers=headers)


def row(server, table, *where):
    with server.services.database.reading() as db:
        return db.execute(select(table).where(*where)).one()


def arrivals(server):
    with server.services.database.reading() as db:
        return [change.subject_id for change in changes_for_office(db, 0) if change.kind == "assessment"]


def test_a_first_push_is_kept_scored_and_answered_with_what_is_missing(server):
    call = a_call()
    body = body_of(call, future_field={"kept": True})
    answer = put(server, body, call.id)
    assert answer.status_code == 200
    told = answer.json()
    assert told["revision"] == 1
    assert told["digest"] == wire.digest(body)
    assert told["missing"] == sorted(file.sha256 for file in call.evidence)
    kept = row(server, tables.assessment_revisions)
    assert bytes(kept.body) == body
    shown = row(server, tables.assessments)
    assert (shown.files_held, shown.files_named, shown.status, shown.base_shown) == (0, 2, "finished", "88.25")
    assert count(server, tables.grades) == 1


def test_sending_the_same_again_gives_the_same_answer_and_changes_nothing(server):
    call = a_call()
    first = put(server, body_of(call), call.id).json()
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(lambda _: put(server, body_of(call), call.id), range(8)))
    assert {answer.status_code for answer in again} == {200}
    assert all(answer.json() == first for answer in again)
    assert count(server, tables.assessment_revisions) == 1
    assert count(server, tables.grades) == 1
    assert arrivals(server) == [call.id]


def test_the_same_id_from_32_at_once_is_one_assessment(server):
    call = a_call()
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: put(server, body_of(call), call.id), range(32)))
    assert len({answer.text for answer in answers}) == 1
    assert count(server, tables.assessment_revisions) == 1


def test_spaces_and_order_of_keys_are_the_same_content(server):
    call = a_call()
    first = put(server, body_of(call), call.id)
    spaced = json.dumps(dict(reversed(json.loads(body_of(call)).items())), indent=2).encode()
    assert put(server, spaced, call.id).json() == first.json()


def test_a_next_revision_becomes_current_and_the_first_is_kept(server):
    call = a_call()
    put(server, body_of(call), call.id)
    changed = a_call(id=call.id, revision=2, answers={**ANSWERS, "PA1": False})
    assert put(server, body_of(changed), call.id).status_code == 200
    assert count(server, tables.assessment_revisions) == 2
    assert count(server, tables.grades) == 2
    assert row(server, tables.assessments).revision == 2


@pytest.mark.parametrize("held_before", [True, False], ids=["resent", "late"])
def test_an_older_revision_is_known_and_changes_nothing(server, held_before):
    call = a_call()
    if held_before:
        put(server, body_of(call), call.id)
    second = a_call(id=call.id, revision=2)
    put(server, body_of(second), call.id)
    before = row(server, tables.assessments)
    answer = put(server, body_of(call), call.id)
    assert answer.status_code == 200
    assert answer.json()["known"] is True
    assert answer.json()["current_revision"] == 2
    assert row(server, tables.assessments) == before


def test_the_same_revision_with_other_content_is_409_and_both_are_kept(server):
    call = a_call()
    put(server, body_of(call), call.id)
    other = body_of(a_call(id=call.id, answers={**ANSWERS, "PA1": False}))
    for _ in range(3):
        answer = put(server, other, call.id, SECOND_TOKEN)
        assert (answer.status_code, answer.json()["code"]) == (409, "revision-conflict")
    assert count(server, tables.assessment_revisions) == 2
    shown = row(server, tables.assessments)
    assert (shown.conflicts, shown.digest) == (1, wire.digest(body_of(call)))


def test_two_phones_editing_one_assessment_lose_nothing(server):
    call = a_call()
    put(server, body_of(call), call.id)
    second = a_call(id=call.id, revision=2, answers={**ANSWERS, "PA1": False})
    mine = a_call(id=call.id, revision=2, answers={**ANSWERS, "PA6": 0})
    assert put(server, body_of(second), call.id, SECOND_TOKEN).status_code == 200
    assert put(server, body_of(mine), call.id).status_code == 409
    assert count(server, tables.assessment_revisions) == 3


def test_an_id_of_somebody_elses_assessment_is_a_conflict_and_stays_theirs(server):
    call = a_call()
    put(server, body_of(call), call.id)
    taken = a_call(id=call.id, revision=5, assignment_id="assignment-2")
    assert put(server, body_of(taken), call.id, OTHER_TOKEN).status_code == 409
    shown = row(server, tables.assessments)
    assert (shown.revision, shown.assessor_id, shown.conflicts) == (1, "assessor-1", 1)


@pytest.mark.parametrize(
    ("assignment", "token"),
    [("assignment-1", OTHER_TOKEN), ("assignment-2", TOKEN), ("no-such", TOKEN)],
    ids=["another assessor's", "not mine", "unknown"],
)
def test_a_push_for_an_assignment_one_never_held_is_refused(server, assignment, token):
    call = a_call(assignment_id=assignment)
    answer = put(server, body_of(call), call.id, token)
    assert (answer.status_code, answer.json()["code"]) == (403, "assignment-not-yours")
    assert count(server, tables.assessment_revisions) == 0


@pytest.mark.parametrize("token", [None, "wrong", "é"])
def test_without_a_valid_token_nothing_is_answered(server, token):
    call = a_call()
    with server.client(None) as client:
        headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
        answer = client.put(f"/api/v1/assessments/{call.id}", content=body_of(call), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-not-valid")


def test_the_clock_of_the_phone_is_noted_flagged_and_never_believed(server):
    call, late = a_call(), a_call()
    wrong = (datetime.now(UTC) + timedelta(days=365)).isoformat()
    put(server, body_of(call), call.id, **{"Device-Time": wrong, "Device-Monotonic": "12.5"})
    put(server, body_of(late), late.id, **{"Device-Time": datetime.now(UTC).isoformat()})
    kept = row(server, tables.assessment_revisions, tables.assessment_revisions.c.assessment_id == call.id)
    assert (kept.device_time, kept.device_monotonic) == (wrong, "12.5")
    assert kept.clock_offset_ms == pytest.approx(365 * 86_400_000, abs=60_000)
    assert row(server, tables.assessments, tables.assessments.c.id == call.id).clock_wrong is True
    assert row(server, tables.assessments, tables.assessments.c.id == late.id).clock_wrong is False
    assert arrivals(server) == [call.id, late.id]


def test_a_recording_is_refused_where_the_policy_forbids_it(server):
    """CHK-4."""
    recording = a_photo(b"voices", kind=MediaKind.RECORDING, id="r")
    screenshot, log = a_photo(b"s"), a_photo(b"l", "PG4", "call_log")
    refused = a_call(files=(screenshot, log, recording))
    answer = put(server, body_of(refused), refused.id)
    assert (answer.status_code, answer.json()["code"]) == (403, "recording-not-allowed")
    allowed = a_call(files=(screenshot, log, recording), assignment_id="assignment-recorded")
    assert put(server, body_of(allowed), allowed.id).status_code == 200
    note = a_call(files=(screenshot, log, a_photo(b"me", kind=MediaKind.AUDIO_NOTE, id="n")))
    assert put(server, body_of(note), note.id).status_code == 200


def test_a_draft_may_be_half_filled(server):
    """CHK-3."""
    call = a_call(status="draft", answers={}, finished_at=None, files=())
    assert put(server, body_of(call), call.id).status_code == 200
    shown = row(server, tables.assessments)
    assert (shown.base, shown.status) == (None, "draft")
    assert count(server, tables.grades) == 0


def test_nobody_reached_without_a_picture_of_the_call_log_is_taken_in_from_an_older_app(server):
    """CHK-3."""
    call = a_call(contact="unreachable", answers={}, measurements={}, files=())
    assert put(server, body_of(call), call.id).status_code == 200


def test_the_next_holder_is_told_of_the_attempts_before(server):
    with server.services.database.transaction() as db:
        handed = an_assignment(assessor_id="assessor-2")
        db.execute(
            tables.assignments.update().where(tables.assignments.c.id == handed.id).values(assessor_id="assessor-2")
        )
        tell_assignment(db, handed, NOON)
    call = a_call(attempts=(an_attempt(0), an_attempt(1)))
    assert put(server, body_of(call), call.id).status_code == 200
    with server.client(OTHER_TOKEN) as client:
        told = client.get("/api/v1/changes").json()["changes"]
    attempts = [change for change in told if change["kind"] == "attempts"]
    assert [change["id"] for change in attempts] == ["assignment-1"]
    assert len(attempts[0]["body"]["attempts"]) == 2
    with server.client() as client:
        kinds = [(change["kind"], change["id"]) for change in client.get("/api/v1/changes").json()["changes"]]
    assert ("revocation", "assignment-1") in kinds


@pytest.mark.parametrize("wrong", ["1", "x" * 36, "../../etc/passwd", "0190b6f0-0000-7000-8000-00000000000g"])
def test_an_address_that_is_no_uuid_is_refused(server, wrong):
    assert put(server, b"{}", wrong).status_code in {400, 404, 405}


def test_a_record_beyond_the_limit_is_413(server):
    answer = put(server, b" " * 2_100_000, uuid.uuid4())
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
