"""INT, CHK: what is no record, or no record that can be, is refused with its places. Ids are those in fieldwork/."""

from __future__ import annotations

import uuid

import pytest

from checklists import wire
from sync_server.database import tables
from tests.sync_server.desk import count
from tests.sync_server.season_kit import TOKEN, a_call, body_of


def put(server, body, assessment_id, token=TOKEN, **headers):
    with server.client(token) as client:
        return client.put(f"/api/v1/assessments/{assessment_id}", content=body, headers=headers)


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
        pytest.param(
            {"measurements": {"t_agent": {"at": "2021-03-01T04:00:00Z", "clock": ["s", 0, 10**10]}}},
            "measurements.t_agent.at", "moment-not-valid", id="RMO-2 stamp corrected to year 2337",
        ),
        pytest.param(
            {"measurements": {"hold_spans": {
                "spans": [["2021-03-01T04:00:00Z", None]], "span_clocks": [[["s", 0, 10**10], None]]
            }}},
            "measurements.hold_spans.spans[0]", "moment-not-valid", id="RMO-2 span corrected to year 2337",
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
        "answers": {"PB1": {"value": True, "at": wrong}, "PB2": {"value": True, "at": right}},
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
