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


WRONG = [
    pytest.param(b"", 400, {""}, id="empty"),
    pytest.param(b"{", 400, {""}, id="cut"),
    pytest.param(b"[" * 100_000, 400, {""}, id="nested too deep"),
    pytest.param(b"\xff\xfe", 400, {""}, id="not text"),
    pytest.param(b"[]", 422, {""}, id="a list"),
    pytest.param(b"{}", 422, {"id", "revision", "assignment_id", "form", "started_at"}, id="nothing in it"),
]


@pytest.mark.parametrize(("body", "status", "places"), WRONG)
def test_a_body_that_is_no_record_is_refused_with_every_problem(server, body, status, places):
    """CHK-1."""
    answer = put(server, body, uuid.uuid4())
    assert answer.status_code == status
    assert places - {""} <= {found["place"] for found in answer.json()["details"]}


def test_each_wrong_field_is_named_by_its_place(server):
    """CHK-1."""
    call = a_call()
    body = body_of(
        call,
        revision="one",
        answers={"PA1": {"value": 1.5, "at": "2021-03-01T04:00:00Z"}, "PA2": 7},
        attempts=[{"at": "yesterday", "outcome": "no_answer"}],
        channel="pigeon",
    )
    details = put(server, body, call.id).json()["details"]
    assert {found["place"] for found in details} == {
        "revision",
        "answers.PA1.value",
        "answers.PA2",
        "attempts[0].at",
        "channel",
    }


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        pytest.param({"revision": 0}, "revision", "revision-out-of-range", id="revision 0"),
        pytest.param({"revision": 2**40}, "revision", "revision-out-of-range", id="revision beyond"),
        pytest.param({"status": "accepted"}, "status", "status-not-yours", id="status of a reviewer"),
        pytest.param({"started_at": "2021-03-01T04:00:00"}, "started_at", "moment-not-valid", id="no zone"),
        pytest.param({"started_at": "0001-01-01T00:00:00+14:00"}, "started_at", "moment-not-valid", id="year 1"),
        pytest.param(
            {"started_clock": ["s", 0, 10**10]}, "started_at", "moment-not-valid", id="RMO-2 corrected to year 2337"
        ),
        pytest.param({"finished_at": None}, "finished_at", "moment-missing", id="finished without a moment"),
        pytest.param({"entrant_id": "other"}, "entrant_id", "differs-from-assignment", id="other entrant"),
        pytest.param({"form": "phone_in@99"}, "form", "form-not-usable", id="unknown form version"),
        pytest.param({"form": "onsite@1"}, "form", "differs-from-assignment", id="other form"),
        pytest.param({"form": "phone\u0000in"}, "form", "text-not-valid", id="control character"),
        pytest.param({"variant": "branch"}, "form", "form-not-usable", id="variant the form has not"),
        pytest.param({"answers": {}}, "answers.PB1", "answer-missing", id="finished with nothing answered"),
        pytest.param(
            {"measurements": {"t_agent": {"at": "2021-03-01T04:00:00Z"}, "t_end": {"at": "2021-03-03T07:14:00Z"}}},
            "record", "measurement-impossible", id="a talk of two days",
        ),
        pytest.param({"id": str(uuid.uuid4())}, "id", "id-differs", id="another id than the address"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused_by_place(server, changes, place, code):
    """CHK-2, CHK-3."""
    call = a_call()
    answer = put(server, body_of(call, **changes), call.id)
    assert answer.status_code == 422
    assert (place, code) in {(found["place"], found["code"]) for found in answer.json()["details"]}
    assert count(server, tables.assessment_revisions) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("2021-03-01T04:00:00", id="without a zone"),
        pytest.param("0001-01-01T00:00:00+14:00", id="year 1"),
        pytest.param("9999-12-31T23:59:59-14:00", id="year 9999"),
    ],
)
def test_every_moment_of_a_draft_too_is_one_of_this_age_with_its_zone(server, wrong):
    """RMO-1."""
    right = "2021-03-01T04:00:00Z"
    call = a_call(status="draft")
    changes = {
        "updated_at": wrong,
        "answers": {"PB1": {"value": True, "at": wrong}},
        "attempts": [{"at": right, "outcome": "busy", "ended_at": wrong, "taken_back_at": wrong}],
        "measurements": {
            "t_dial": {"at": right, "original_at": wrong, "corrected_at": wrong},
            "hold_spans": {"spans": [[right, right], [wrong, right], [right, wrong], [right, None]]},
        },
        "menu": [{"at": wrong, "key": "1"}],
        "draws": [{"at": wrong, "seed": "s", "listed": 9, "picked": [1]}],
    }
    answer = put(server, body_of(call, **changes), call.id)
    assert answer.status_code == 422
    assert {found["place"]: found["code"] for found in answer.json()["details"]} == dict.fromkeys(
        (
            "updated_at", "answers.PB1.at", "attempts[0].ended_at", "attempts[0].taken_back_at",
            "measurements.t_dial.original_at", "measurements.t_dial.corrected_at", "measurements.hold_spans.spans[1]",
            "measurements.hold_spans.spans[2]", "menu[0].at", "draws[0].at",
        ),
        "moment-not-valid",
    )  # fmt: skip
    assert count(server, tables.assessment_revisions) == 0


@pytest.mark.parametrize("changes", [{}, {"answers": [], "channel": 7}], ids=["readable", "changed beyond reading"])
def test_a_record_of_a_newer_schema_is_refused_as_that(server, changes):
    """CHK-5."""
    call = a_call()
    answer = put(server, body_of(call, schema=wire.SCHEMA + 1, **changes), call.id)
    assert (answer.status_code, answer.json()["code"]) == (422, "schema-too-new")
    assert "update the server" in answer.json()["message"]
    assert count(server, tables.assessment_revisions) == 0


@pytest.mark.parametrize("field", [b"1e400", b"[" * 5_000 + b"]" * 5_000], ids=["beyond all numbers", "too deep"])
def test_a_field_nobody_knows_that_cannot_be_read_is_not_json(server, field):
    """CHK-1: its digest could not be made; the neighbours in the batch must not wait for that."""
    call = a_call()
    answer = put(server, body_of(call)[:-1] + b',"later":' + field + b"}", call.id)
    assert (answer.status_code, answer.json()["code"]) == (400, "body-not-json")


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
