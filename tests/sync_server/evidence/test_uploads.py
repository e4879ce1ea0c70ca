"""UP: resumable uploads over HTTP, on a folder and on an object store. Ids are those in evidence/uploads.py."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import os

import pytest
import tusclient.client

from sync_server.clock import now
from sync_server.database import tables
from tests.sync_server.season_kit import OTHER_TOKEN, SECOND_TOKEN, TOKEN, a_call, a_photo, body_of
from tests.sync_server.uploading import DATA, OCTETS, TUS, Upload, metadata, sha


@pytest.fixture
def client(media_server):
    with media_server.client() as opened:
        yield opened


def test_a_file_sent_in_parts_is_kept_under_its_hash(client, media_server):
    upload = Upload(client)
    assert "Upload-Offset" not in upload.created.headers
    for start in range(0, len(DATA), 100_000):
        answer = upload.patch(start, DATA[start : start + 100_000])
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(start + 100_000)
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert "Upload-Expires" in answer.headers
    assert b"".join(media_server.services.media.read(sha(DATA))) == DATA
    assert upload.offset() == len(DATA)
    assert upload.head().headers["Upload-Length"] == str(len(DATA))
    assert upload.head().headers["Cache-Control"] == "no-store"


def test_a_file_that_was_erased_meanwhile_is_not_kept_again(client, media_server):
    """UP-8"""
    upload = Upload(client)
    upload.patch(0, DATA[:1_000])
    with media_server.services.database.transaction() as db:
        row = {"sha256": sha(DATA), "size_bytes": len(DATA), "content_type": "", "stored_at": now(), "erased_at": now()}
        db.execute(tables.media.insert().values(**row))
    assert upload.patch(1_000, DATA[1_000:]).status_code == 204
    assert upload.offset() == len(DATA)
    assert not media_server.services.media.has(sha(DATA))


def test_options_say_what_is_spoken(client):
    told = client.options("/api/v1/media/").headers
    assert told["Tus-Version"] == "1.0.0"
    assert set(told["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    assert set(told["Tus-Checksum-Algorithm"].split(",")) == {"sha1", "sha256"}
    assert int(told["Tus-Max-Size"]) > 0


GOOD = {"Upload-Offset": "1000"} | OCTETS | TUS


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        pytest.param(GOOD | {"Tus-Resumable": "0.2.2"}, 412, "tus-version-not-spoken", id="412 other version"),
        pytest.param(GOOD | {"Content-Type": "application/json"}, 415, "content-type-not-accepted", id="415 type"),
        pytest.param(GOOD | {"Upload-Offset": "0"}, 409, "offset-differs", id="409 behind"),
        pytest.param(GOOD | {"Upload-Offset": "2000"}, 409, "offset-differs", id="409 ahead"),
        pytest.param(GOOD | {"Upload-Offset": "x"}, 400, "header-not-valid", id="400 no number"),
        pytest.param(GOOD | {"Upload-Offset": "-1"}, 400, "header-not-valid", id="400 negative"),
        pytest.param(GOOD | {"Upload-Checksum": "md5 AAAA"}, 400, "checksum-algorithm-unknown", id="400 algorithm"),
        pytest.param(GOOD | {"Upload-Checksum": "sha1 AAAA"}, 460, "checksum-differs", id="460 checksum"),
    ],
)
def test_a_part_that_is_refused_changes_nothing(client, headers, status, code):
    upload = Upload(client)
    upload.patch(0, DATA[:1000])
    answer = client.patch(upload.at, content=DATA[1000:2000], headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert upload.offset() == 1000
    assert upload.patch(1000, DATA[1000:]).status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_its_checksum_is_kept(client, algorithm):
    upload = Upload(client)
    digest = base64.b64encode(hashlib.new(algorithm, DATA).digest()).decode()
    assert upload.patch(0, DATA, **{"Upload-Checksum": f"{algorithm} {digest}"}).status_code == 204


def test_more_bytes_than_announced_are_413(client):
    upload = Upload(client)
    assert upload.patch(0, DATA + b"more").status_code == 413
    assert upload.offset() == 0


def test_up_2_a_wrong_hash_is_460_and_the_upload_is_gone_and_another_may_begin(client, media_server):
    upload = Upload(client)
    assert upload.patch(0, b"x" * len(DATA)).status_code == 460
    assert upload.head().status_code == 410
    assert not media_server.services.media.has(sha(DATA))
    again = Upload(client)
    assert again.patch(0, DATA).status_code == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Upload-Metadata": metadata(sha256=sha(DATA))}, 400, id="no length"),
        pytest.param({"Upload-Length": "10"}, 400, id="no sha256"),
        pytest.param({"Upload-Length": "10", "Upload-Metadata": metadata(sha256="../x")}, 400, id="no real sha256"),
        pytest.param({"Upload-Length": "10", "Upload-Metadata": "sha256 ###"}, 400, id="no base64"),
        pytest.param({"Upload-Defer-Length": "1", "Upload-Metadata": metadata(sha256=sha(DATA))}, 400, id="deferred"),
        pytest.param({"Upload-Length": str(10**12), "Upload-Metadata": metadata(sha256=sha(DATA))}, 413, id="huge"),
        pytest.param({"Upload-Length": "9" * 16, "Upload-Metadata": metadata(sha256=sha(DATA))}, 413, id="16 digits"),
        pytest.param(
            {"Upload-Length": "9" * 5000, "Upload-Metadata": metadata(sha256=sha(DATA))}, 413, id="5000 digits"
        ),
        pytest.param({"Upload-Length": "1" * 16 + "x", "Upload-Metadata": metadata(sha256=sha(DATA))}, 400, id="none"),
        pytest.param(
            {"Upload-Length": "10", "Upload-Metadata": metadata(sha256=sha(DATA), assessment="x")}, 400, id="no uuid"
        ),
    ],
)
def test_what_cannot_be_announced_is_refused(client, headers, status):
    assert client.post("/api/v1/media/", headers=TUS | headers).status_code == status


@pytest.mark.parametrize(
    ("length", "sha256"),
    [
        pytest.param(str(len(DATA)), sha(DATA).upper(), id="a hash in capitals"),
        pytest.param(str(len(DATA)).zfill(20), sha(DATA), id="a length with noughts in front"),
    ],
)
def test_what_is_announced_in_another_spelling_is_the_same(client, media_server, length, sha256):
    headers = TUS | {"Upload-Length": length, "Upload-Metadata": metadata(sha256=sha256)}
    created = client.post("/api/v1/media/", headers=headers)
    assert created.status_code == 201, created.text
    sent = client.patch(created.headers["Location"], content=DATA, headers=TUS | OCTETS | {"Upload-Offset": "0"})
    assert sent.status_code == 204
    assert b"".join(media_server.services.media.read(sha(DATA))) == DATA


def test_up_5_a_file_held_already_is_finished_at_once(client):
    Upload(client).patch(0, DATA)
    again = Upload(client)
    assert again.created.headers["Upload-Offset"] == str(len(DATA))
    assert again.offset() == len(DATA)
    assert again.patch(0, DATA).headers["Upload-Offset"] == str(len(DATA))
    assert again.patch(0, DATA[:1000]).headers["Upload-Offset"] == str(len(DATA))
    assert again.patch(0, b"other").status_code == 460
    assert again.patch(5, DATA[5:10]).status_code == 409


def test_an_empty_file_is_a_file(client):
    upload = Upload(client, b"")
    assert upload.offset() == 0
    assert upload.head().headers["Upload-Length"] == "0"


def test_a_terminated_upload_is_gone(client):
    upload = Upload(client)
    upload.patch(0, DATA[:1000])
    assert client.delete(upload.at, headers=TUS).status_code == 204
    assert upload.head().status_code == 410
    assert upload.patch(1000, DATA[1000:]).status_code == 410


def test_another_phones_upload_is_unknown(client, media_server):
    upload = Upload(client)
    with media_server.client(OTHER_TOKEN) as other:
        assert other.head(upload.at, headers=TUS).status_code == 404
        assert other.delete(upload.at, headers=TUS).status_code == 404
    with media_server.client(None) as nobody:
        assert nobody.head(upload.at, headers=TUS).status_code == 401


def test_an_abandoned_upload_expires(client, media_server, clock):
    upload = Upload(client)
    upload.patch(0, DATA[:1000])
    clock.pass_hours(73)
    assert upload.head().status_code == 410
    assert asyncio.run(media_server.services.uploads.expire()) == 1
    assert not media_server.services.media.has(sha(DATA))


def test_a_finished_upload_can_be_asked_for_within_a_day(client, clock):
    upload = Upload(client)
    upload.patch(0, DATA)
    clock.pass_hours(23)
    assert upload.offset() == len(DATA)


@pytest.mark.parametrize("media_first", [True, False], ids=["media first", "record first"])
def test_record_and_media_converge_in_any_order(client, media_server, media_first):
    photo = os.urandom(50_000)
    call = a_call(files=(a_photo(photo), a_photo(b"log" + photo, "PG4", "call_log")))

    def record():
        assert client.put(f"/api/v1/assessments/{call.id}", content=body_of(call)).status_code == 200

    def media():
        for data in (photo, b"log" + photo):
            assert Upload(client, data, assessment=call.id).patch(0, data).status_code == 204

    for step in (media, record) if media_first else (record, media):
        step()
    receipt = client.get(f"/api/v1/assessments/{call.id}/receipt").json()
    assert receipt["complete"] is True
    assert all(file["held"] for file in receipt["files"])
    with media_server.services.database.reading() as db:
        shown = db.execute(tables.assessments.select()).one()
    assert (shown.files_held, shown.files_named) == (2, 2)


@pytest.mark.parametrize(
    ("token", "is_known", "kind", "refusal"),
    [
        pytest.param(TOKEN, True, "photo", None, id="the author's"),
        pytest.param(SECOND_TOKEN, True, "audio_note", None, id="the author's, from another phone"),
        pytest.param(OTHER_TOKEN, False, "photo", None, id="nobody's yet: its record may come later"),
        pytest.param(OTHER_TOKEN, True, "photo", "assignment-not-yours", id="another assessor's"),
        pytest.param(OTHER_TOKEN, True, "recording", "assignment-not-yours", id="another's, whatever its policy"),
        pytest.param(TOKEN, True, "recording", "recording-not-allowed", id="the author's, against the policy"),
    ],
)
def test_a_file_for_an_assessment_comes_from_who_holds_it(media_server, token, is_known, kind, refusal):
    call = a_call()
    if is_known:
        with media_server.client(TOKEN) as author:
            assert author.put(f"/api/v1/assessments/{call.id}", content=body_of(call)).status_code == 200
    told = metadata(sha256=sha(DATA), kind=kind, assessment=call.id)
    with media_server.client(token) as phone:
        answer = phone.post("/api/v1/media/", headers=TUS | {"Upload-Length": "300000", "Upload-Metadata": told})
    assert answer.status_code == (403 if refusal else 201)
    assert refusal is None or answer.json()["code"] == refusal


def test_up_6_a_file_whose_row_was_lost_in_a_crash_is_found_again(client, media_server):
    upload = Upload(client)
    media_server.services.media.put(sha(DATA), DATA)  # the file was placed, and the process died before its row
    assert upload.offset() == len(DATA)
    assert Upload(client).created.headers["Upload-Offset"] == str(len(DATA))


@pytest.mark.parametrize("chunk", [50_000, 1_000_000])
def test_tuspy_completes_and_resumes(media_server, chunk):
    data = os.urandom(200_000)
    speaking = tusclient.client.TusClient(
        f"{media_server.url}/api/v1/media/", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    uploader = speaking.uploader(file_stream=io.BytesIO(data), chunk_size=chunk, metadata={"sha256": sha(data)})
    uploader.upload_chunk()
    resumed = speaking.uploader(
        file_stream=io.BytesIO(data), chunk_size=chunk, metadata={"sha256": sha(data)}, url=uploader.url
    )
    assert resumed.offset == min(chunk, len(data))
    resumed.upload()
    assert b"".join(media_server.services.media.read(sha(data))) == data
