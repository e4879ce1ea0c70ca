"""tus 1.0 at /api/v1/media/ as its specification and the protocol page have it."""

from __future__ import annotations

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from tusclient.client import TusClient

from tests.sync_server.blackbox.phone import MEDIA, TUS, b64, filled, is_error, picture_of


def some_bytes(size: int = 1_000) -> bytes:
    return os.urandom(size)


def sha(algorithm: str, data: bytes) -> str:
    return f"{algorithm} {b64(hashlib.new(algorithm, data).digest())}"


def test_what_is_spoken_is_told_without_a_token(demo):
    with demo.client() as client:
        for address in (MEDIA, f"{MEDIA}{'0' * 32}"):
            answer = client.options(address)
            assert answer.status_code == 204
            assert answer.headers["Tus-Version"] == "1.0.0"
            spoken = set(answer.headers["Tus-Extension"].split(","))
            assert {"creation", "termination", "checksum", "expiration"} <= spoken
            assert not {"concatenation", "creation-defer-length"} & spoken
            assert {"sha1", "sha256"} <= set(answer.headers["Tus-Checksum-Algorithm"].split(","))
            assert int(answer.headers["Tus-Max-Size"]) > 0


def test_a_file_goes_up_in_pieces_and_stays_to_be_asked_for(phone):
    data = some_bytes(300_000)
    answer = phone.announce(data)
    assert answer.status_code == 201
    assert "Upload-Offset" not in answer.headers
    assert answer.headers["Upload-Expires"].endswith("GMT")
    address = answer.headers["Location"]
    for start in range(0, len(data), 100_000):
        piece = data[start : start + 100_000]
        kept = phone.send(address, start, piece, Upload_Checksum=sha("sha256" if start else "sha1", piece))
        assert kept.status_code == 204
        assert kept.headers["Upload-Offset"] == str(start + len(piece))
        assert "Upload-Expires" in kept.headers
    told = phone.ask(address)
    assert (told.status_code, told.headers["Upload-Offset"], told.headers["Upload-Length"]) == (200, "300000", "300000")
    assert told.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("offset", "headers", "status"),
    [
        pytest.param(5, {}, 409, id="wrong offset"),
        pytest.param(0, {"Tus_Resumable": "0.2.2"}, 412, id="another version"),
        pytest.param(0, {"Tus_Resumable": None}, 412, id="no version"),
        pytest.param(0, {"Content_Type": "application/octet-stream"}, 415, id="another content type"),
        pytest.param(0, {"Upload_Checksum": sha("sha1", b"else")}, 460, id="another checksum"),
        pytest.param(0, {"Upload_Checksum": "md5 AAAA"}, 400, id="unknown checksum"),
        pytest.param(0, {"Upload_Checksum": "sha1 !!"}, 400, id="unreadable checksum"),
        pytest.param("x", {}, 400, id="no offset"),
        pytest.param(-1, {}, 400, id="negative offset"),
    ],
)
def test_a_refused_piece_changes_nothing(phone, offset, headers, status):
    data = some_bytes()
    address = phone.upload(data)
    answer = phone.send(address, offset, data, **headers)
    assert is_error(answer, status)
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert phone.offset(address) == 0
    assert phone.send(address, 0, data).status_code == 204


def test_more_than_was_announced_is_refused_and_changes_nothing(phone):
    data = some_bytes()
    address = phone.upload(data)
    assert is_error(phone.send(address, 0, data + b"more"), 413)
    assert phone.offset(address) == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"sha256": None}, 400, id="no hash"),
        pytest.param({"sha256": "../../x"}, 400, id="no hash but a path"),
        pytest.param({"assessment": "../../x"}, 400, id="no id but a path"),
        pytest.param({"content_type": "image/jpeg\r\nX-Bad: 1"}, 400, id="a header in a word"),
        pytest.param({"headers": {"Upload-Length": None}}, 400, id="no length"),
        pytest.param({"headers": {"Upload-Length": None, "Upload-Defer-Length": "1"}}, 400, id="length later"),
        pytest.param({"length": -1}, 400, id="negative length"),
        pytest.param({"length": 10**12}, 413, id="too large"),
        pytest.param({"headers": {"Tus-Resumable": "2.0.0"}}, 412, id="another version"),
        pytest.param({"headers": {"Upload-Metadata": "sha256 !!!"}}, 400, id="no base64"),
        pytest.param({"headers": {"Upload-Metadata": None}}, 400, id="no metadata"),
    ],
)
def test_an_announcement_that_cannot_be_is_refused(phone, changes, status):
    assert is_error(phone.announce(some_bytes(), **changes), status)


def test_a_file_that_is_held_needs_no_sending(phone, other_phone):
    data = some_bytes()
    phone.send(phone.upload(data), 0, data)
    for device in (phone, other_phone):
        answer = device.announce(data)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "1000")
        address = answer.headers["Location"]
        assert device.offset(address) == 1000
        dropped = device.send(address, 0, data)
        assert (dropped.status_code, dropped.headers["Upload-Offset"]) == (204, "1000")
        assert is_error(device.send(address, 0, some_bytes()), 460)
        assert device.offset(address) == 1000


def test_an_empty_file_is_whole_at_once(phone):
    address = phone.upload(b"")
    assert phone.ask(address).headers["Upload-Length"] == "0"
    assert phone.offset(address) == 0


def test_a_wrong_whole_file_is_gone_and_may_be_begun_again(phone):
    data = some_bytes()
    address = phone.upload(data)
    assert phone.send(address, 0, b"x" * 500).status_code == 204
    assert is_error(phone.send(address, 500, b"x" * 500), 460)
    assert phone.ask(address).status_code == 410
    again = phone.upload(data)
    assert phone.send(again, 0, data).status_code == 204


def test_an_upload_may_be_given_up(phone):
    data = some_bytes()
    address = phone.upload(data)
    answer = phone.terminate(address)
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (204, "1.0.0")
    assert phone.ask(address).status_code in (404, 410)
    assert phone.send(address, 0, data).status_code in (404, 410)


def test_a_client_that_can_only_post_may_say_what_it_means(phone):
    data = some_bytes()
    address = phone.upload(data)
    headers = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    sent = phone.client.post(address, content=data, headers=headers | {"X-HTTP-Method-Override": "PATCH"})
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "1000")


def test_nobody_touches_another_devices_upload(phone, other_phone):
    data = some_bytes()
    address = phone.upload(data)
    assert other_phone.ask(address).status_code == 404
    assert other_phone.send(address, 0, data).status_code == 404
    assert other_phone.terminate(address).status_code == 404
    assert phone.offset(address) == 0


def test_of_two_at_once_one_is_kept(phone):
    data = some_bytes(2_000_000)
    address = phone.upload(data)
    with ThreadPoolExecutor(4) as many:
        statuses = sorted(answer.status_code for answer in many.map(lambda _: phone.send(address, 0, data), range(4)))
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {204, 409, 423}
    assert phone.offset(address) == len(data)


@pytest.mark.parametrize("order", [pytest.param((0, 1), id="record first"), pytest.param((1, 0), id="files first")])
def test_record_and_files_converge_in_any_order(phone, order):
    photos = (some_bytes(), some_bytes(70_000))
    face_to_face = next(one for one in phone.assignments if one.channel == "face_to_face")
    record = filled(face_to_face, phone.forms, files=photos)
    others = [
        picture_of(record["id"], file["question"], file["evidence_kind"])
        for file in record["evidence"]
        if "question" in file
    ]

    def put():
        assert phone.put(record).status_code == 200

    def send():
        for data in (*photos, *others):
            answer = phone.announce(data, assessment=record["id"])
            if "Upload-Offset" not in answer.headers:
                assert phone.send(answer.headers["Location"], 0, data).status_code == 204

    for step in order:
        (put, send)[step]()
    told = phone.receipt(record["id"]).json()
    assert told["complete"] is True
    assert {file["sha256"] for file in told["files"]} == {file["sha256"] for file in record["evidence"]}
    assert all(file["held"] for file in told["files"])
    assert phone.put(record).json()["missing"] == []


def test_tuspy_completes_and_resumes(demo, phone):
    data = some_bytes(500_000)
    client = TusClient(f"{demo.url}{MEDIA}", headers={"Authorization": f"Bearer {phone.token}"})
    told = {"sha256": hashlib.sha256(data).hexdigest(), "kind": "audio", "content_type": "audio/mp4"}
    first = client.uploader(file_stream=io.BytesIO(data), chunk_size=100_000, metadata=told, upload_checksum=True)
    first.upload(stop_at=200_000)
    client.uploader(file_stream=io.BytesIO(data), chunk_size=100_000, url=first.url).upload()
    assert phone.announce(data).headers["Upload-Offset"] == "500000"
