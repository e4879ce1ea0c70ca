"""UP: uploads that are cut, that two send at once, and whose device is revoked meanwhile. Ids: evidence/uploads.py."""

from __future__ import annotations

import os
import socket
import threading
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.queries.people import revoke_device
from tests.sync_server.season_kit import TOKEN, a_call, body_of, device_id
from tests.sync_server.uploading import DATA, OCTETS, TUS, Upload, sha
from tests.sync_server.waiting import until


@pytest.fixture
def client(media_server):
    with media_server.client() as opened:
        yield opened


def test_up_4_an_upload_goes_on_after_the_connection_broke_at_every_64_kb(client, media_server):
    for cut in range(0, len(DATA), 65_536):
        upload = Upload(client, DATA + cut.to_bytes(4, "big"))
        _send_and_cut(media_server.url, upload, upload.data[:cut])
        answer = until(lambda going_on=upload: _go_on(going_on), "the broken request is over and the upload goes on")
        assert answer.headers["Upload-Offset"] == str(len(upload.data))
        assert b"".join(media_server.services.media.read(sha(upload.data))) == upload.data


def _go_on(upload: Upload) -> httpx.Response | None:
    offset = upload.offset()
    answer = upload.patch(offset, upload.data[offset:])
    return answer if answer.status_code == 204 else None


def _send_and_cut(url: str, upload: Upload, data: bytes) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as raw:
        head = (
            f"PATCH {upload.at} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {len(upload.data)}\r\n\r\n"
        )
        raw.sendall(head.encode() + data)


def test_up_3_of_two_requests_that_write_at_once_one_is_refused(client, media_server):
    first_part, rest = os.urandom((4 << 20) + 1000), DATA  # more than the server gathers before it writes
    whole = first_part + rest
    upload = Upload(client, whole)
    go_on = threading.Event()

    def slowly():
        yield first_part
        assert go_on.wait(20)
        yield rest

    answers: list[httpx.Response] = []

    def first() -> None:
        with media_server.client() as other:
            headers = TUS | OCTETS | {"Upload-Offset": "0", "Content-Length": str(len(whole))}
            answers.append(other.patch(upload.at, content=slowly(), headers=headers))

    thread = threading.Thread(target=first)
    thread.start()
    # A second request that came in before the first would itself be the first: wait until bytes of that are kept.
    offset = until(lambda: upload.offset() or None, "the first is under way")
    assert upload.patch(offset, whole[offset:]).status_code == 423
    assert upload.patch(0, whole).status_code == 423
    go_on.set()
    thread.join(20)
    assert [answer.status_code for answer in answers] == [204]
    assert upload.offset() == len(whole)


@pytest.mark.parametrize("door", [pytest.param("file", id="DEV-1 a file"), pytest.param("record", id="DEV-1 a record")])
def test_what_comes_after_its_device_was_revoked_is_not_kept(client, media_server, door):
    call, go_on = a_call(), threading.Event()
    body = DATA if door == "file" else body_of(call)
    upload = Upload(client)
    at = upload.at if door == "file" else f"/api/v1/assessments/{call.id}"
    begun = threading.Event()

    def slowly():
        yield body[:1000]
        begun.set()
        assert go_on.wait(20)
        yield body[1000:]

    answers: list[httpx.Response] = []

    def send() -> None:
        of_files = TUS | OCTETS | {"Upload-Offset": "0"}
        headers = of_files if door == "file" else {"Content-Type": "application/json"}
        with media_server.client() as other:
            sender = other.patch if door == "file" else other.put
            answers.append(sender(at, content=slowly(), headers=headers | {"Content-Length": str(len(body))}))

    thread = threading.Thread(target=send)
    thread.start()
    assert begun.wait(20)
    services = media_server.services
    with services.database.transaction() as db:
        revoke_device(db, device_id(TOKEN), now())
    services.devices.forget()
    go_on.set()
    thread.join(20)
    assert [answer.status_code for answer in answers] == [401]
    assert not services.media.has(sha(DATA))
    with services.database.reading() as db:
        assert db.execute(select(tables.assessment_revisions)).first() is None
