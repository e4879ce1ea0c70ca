"""The protocol, sentence by sentence: enrolment, changes, records and receipts, and the shape of every error."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sync_server.blackbox.phone import Phone, canonical_digest, enrol, filled, is_error


def test_a_code_enrols_one_device_and_again_when_the_answer_was_lost(demo):
    code, device = demo.code(), str(uuid.uuid4())
    with demo.client() as client:
        first = enrol(client, code, device)
        assert first.status_code == 201
        assert set(first.json()) == {"token", "assessor", "server_time"}
        again = enrol(client, f" {code.lower().replace('-', ' ')} ", device)
        assert again.status_code == 201
        assert again.json()["token"] != first.json()["token"]
        assert again.json()["assessor"] == first.json()["assessor"]
        assert is_error(enrol(client, code), 409, "enrolment-code-used")
        fresh = {"Authorization": f"bearer {again.json()['token']}"}
        assert client.get("/api/v1/changes", headers=fresh).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"code": "AAAA-BBBB-CCCC", "device": {"id": str(uuid.uuid4()), "name": "x"}}, 404, id="unknown"),
        pytest.param({"code": "\0", "device": {"id": str(uuid.uuid4()), "name": "x"}}, 404, id="a NUL"),
        pytest.param({"code": "AAAA-BBBB-CCCC", "device": {"id": "phone", "name": "x"}}, 400, id="no UUID"),
        pytest.param({"code": 5, "device": {"id": "phone", "name": "x"}}, 400, id="a number"),
        pytest.param({"code": "AAAA-BBBB-CCCC"}, 400, id="no device"),
        pytest.param([], 400, id="a list"),
        pytest.param({"code": "x", "device": {"id": "x", "name": "y" * 100_000}}, 413, id="a book"),
    ],
)
def test_an_enrolment_that_cannot_be_is_refused(demo, body, status):
    with demo.client() as client:
        assert is_error(client.post("/api/v1/enrol", json=body), status)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/api/v1/nothing", 404, id="unknown route"),
        pytest.param("GET", "/api/v1/enrol", 405, id="wrong method"),
        pytest.param("DELETE", f"/api/v1/assessments/{uuid.uuid4()}", 405, id="records are never deleted"),
        pytest.param("GET", "/api/v1/changes", 401, id="no token"),
        pytest.param("PUT", f"/api/v1/assessments/{uuid.uuid4()}", 401, id="no token for a record"),
        pytest.param("GET", f"/api/v1/assessments/{uuid.uuid4()}/receipt", 401, id="no token for a receipt"),
        pytest.param("POST", "/api/v1/media/", 401, id="no token for a file"),
    ],
)
def test_every_error_of_the_api_has_one_shape(demo, method, path, status):
    with demo.client() as client:
        answer = client.request(method, path)
        assert is_error(answer, status)
        assert answer.json()["details"] == []


@pytest.mark.parametrize("token", ["x", "a b", "0" * 5_000])
def test_a_token_nobody_was_given_opens_nothing(demo, token):
    with demo.client(headers={"Authorization": f"Bearer {token}"}) as client:
        assert is_error(client.get("/api/v1/changes"), 401, "token-not-valid")


def test_changes_come_once_each_in_order_with_everything_a_device_must_know(phone):
    told = phone.all_changes()
    numbers = [one["seq"] for one in told]
    assert numbers == sorted(set(numbers))
    assert {"form", "programme", "assignment"} <= {one["kind"] for one in told}
    assert {one.channel.value for one in phone.assignments} == {"phone_in", "onsite", "online", "face_to_face"}
    page = phone.client.get("/api/v1/changes").json()
    assert set(page) == {"changes", "cursor", "more", "server_time"}
    assert phone.all_changes(page["cursor"]) == []


@pytest.mark.parametrize("cursor", ["abc", "-1", "1.5", "9" * 30])
def test_a_cursor_that_is_none_is_refused(phone, cursor):
    assert is_error(phone.client.get(f"/api/v1/changes?cursor={cursor}"), 400, "cursor-not-valid")


def test_every_assignment_can_be_filled_sent_and_sent_again(phone):
    for assignment in phone.assignments:
        record = filled(assignment, phone.forms)
        first = phone.put(record)
        assert first.status_code == 200, (assignment.id, first.text)
        told = first.json()
        assert set(told) == {"revision", "received_at", "digest", "missing"}
        assert told["digest"] == canonical_digest(record)
        assert sorted(told["missing"]) == sorted({file["sha256"] for file in record.get("evidence", [])})
        assert phone.put(record).json() == told
        assert phone.put(dict(reversed(record.items()))).json() == told


@pytest.mark.parametrize(
    "name",
    [
        "5d2c8a10-0b5e-11ee-be56-0242ac120002",  # version 1
        str(uuid.uuid3(uuid.NAMESPACE_URL, "a visit")),
        "0b8f6c1e-9f0a-4d3b-8c57-2f6a1e4d7b90",  # version 4
        str(uuid.uuid5(uuid.NAMESPACE_URL, "a visit")),
        "0190b6f0-1234-7000-8000-00000000b1ac",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
)
def test_any_uuid_is_an_id(phone, name):
    assert phone.put(phone.a_call(id=name)).status_code == 200
    assert phone.receipt(name).status_code == 200


def test_unknown_fields_are_kept_and_count_as_content(phone):
    record = phone.a_call(of_a_newer_app={"list": [1, "é", 1.5, None, 12345678901234567890]})
    told = phone.put(record).json()
    assert told["digest"] == canonical_digest(record) == phone.receipt(record["id"]).json()["digest"]


def test_an_older_revision_is_known_and_other_content_is_a_conflict(phone):
    record = phone.a_call()
    newer = record | {"revision": 3}
    assert [phone.put(one).status_code for one in (record, newer)] == [200, 200]
    late = phone.put(record | {"revision": 2})
    assert late.status_code == 200
    assert late.json()["known"] is True
    conflict = phone.put(newer | {"app_version": "other"})
    assert is_error(conflict, 409, "revision-conflict")
    assert phone.receipt(record["id"]).json()["digest"] == canonical_digest(newer)


def test_both_contents_of_a_conflict_are_on_the_dashboard(demo, phone):
    record = phone.a_call()
    phone.put(record)
    digests = [canonical_digest(one) for one in (record, record | {"app_version": "other"})]
    assert phone.put(record | {"app_version": "other"}).status_code == 409
    page = demo.sign_in("coordinator").get(f"/assessments/{record['id']}").text
    assert [digest[:8] in page for digest in digests] == [True, True]


def test_the_same_record_many_times_at_once_is_one_record(phone):
    record = phone.a_call()
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: phone.put(record), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


def test_every_problem_is_told_by_place(phone):
    record = phone.a_call(channel="fax", revision="x", started_at="soon")
    del record["form"]
    answer = phone.put(record)
    assert is_error(answer, 422, "record-not-valid")
    assert {one["place"] for one in answer.json()["details"]} == {"channel", "revision", "started_at", "form"}
    record = phone.a_call()
    record["answers"] = {key: one for key, one in record["answers"].items() if key not in ("PB1", "PC1")}
    record["answers"]["PB2"]["value"] = "perhaps"
    answer = phone.put(record)
    assert {one["place"] for one in answer.json()["details"]} == {"answers.PB1", "answers.PC1", "answers.PB2"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"{{", 400, id="not JSON"),
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b"null", 422, id="null"),
        pytest.param(b"[]", 422, id="a list"),
        pytest.param(b"[" * 100_000, 400, id="nested without end"),
        pytest.param(b'{"a":' * 100_000, 400, id="objects without end"),
        pytest.param(b'{"id":"\xff"}', 400, id="not UTF-8"),
        pytest.param(b'{"id":"\\ud800"}', 400, id="half a character"),
        pytest.param(b'{"revision":1e99999999}', 400, id="a number without end"),
        pytest.param(b'{"revision":NaN}', 400, id="not a number"),
        pytest.param(b'{"x":"' + b"y" * 2_100_000 + b'"}', 413, id="too large"),
    ],
)
def test_a_body_that_is_no_record_is_refused(phone, body, status):
    assert is_error(phone.put_raw(body), status)


@pytest.mark.parametrize("value", ["1e99999999", "9" * 100_000, "NaN", "-1", "1/0"])
def test_a_number_that_would_hang_or_mislead_is_refused(phone, value):
    record = phone.a_call()
    record["answers"]["PA3"]["value"] = value
    assert is_error(phone.put(record), 422, "record-not-valid")


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        pytest.param({"Device_Time": "2020-01-01T00:00:00Z", "Device_Monotonic": "12.5"}, 200, id="a year behind"),
        pytest.param({"Device_Time": "9999-12-31T23:59:59+14:00", "Device_Monotonic": "1e999"}, 200, id="far ahead"),
        pytest.param({"Device_Time": "<soon>", "Device_Monotonic": "NaN"}, 200, id="nonsense"),
    ],
)
def test_a_clock_is_never_a_reason_to_refuse(phone, headers, kept):
    record = phone.a_call()
    first = phone.put(record, **headers)
    assert first.status_code == kept
    assert phone.put(record).json() == first.json()


def test_a_device_sends_and_asks_only_for_its_own_assignments(phone, other_phone):
    record = phone.a_call()
    assert is_error(other_phone.put(record), 403, "assignment-not-yours")
    assert phone.put(record).status_code == 200
    assert is_error(other_phone.receipt(record["id"]), 404)
    assert is_error(phone.put(phone.a_call(assignment_id="nothing")), 403, "assignment-not-yours")


def test_an_address_and_its_record_agree(phone):
    assert is_error(phone.put_raw(json.dumps(phone.a_call()).encode()), 422)
    assert is_error(phone.put_raw(b"{}", "visit-1"), 400, "id-not-valid")
    assert is_error(phone.put(phone.a_call(entrant_id="somebody-else")), 422)


def test_a_recording_against_the_policy_is_refused_and_a_note_is_not(phone: Phone):
    silent = next(one for one in phone.assignments if one.recording_policy == "none")
    record = filled(silent, phone.forms, files=(b"the contact itself",))
    record["evidence"][-1] |= {"kind": "recording", "content_type": "audio/mp4"}
    assert is_error(phone.put(record), 403, "recording-not-allowed")
    record["evidence"][-1]["kind"] = "audio_note"
    assert phone.put(record).status_code == 200
    told = phone.announce(b"another", kind="recording", content_type="audio/mp4", assessment=record["id"])
    assert is_error(told, 403, "recording-not-allowed")
    assert phone.announce(b"my voice", kind="audio", assessment=record["id"]).status_code == 201


def test_a_recording_with_notice_is_welcome(phone: Phone, other_phone: Phone):
    told = [(p, a) for p in (phone, other_phone) for a in p.assignments]
    owner, open_to_it = next((p, a) for p, a in told if a.recording_policy == "assessor_audio_with_notice")
    record = filled(open_to_it, owner.forms, files=(b"with notice",))
    record["evidence"][-1] |= {"kind": "recording", "content_type": "audio/mp4"}
    assert owner.put(record).status_code == 200
    assert owner.announce(b"with notice", kind="recording", assessment=record["id"]).status_code == 201
