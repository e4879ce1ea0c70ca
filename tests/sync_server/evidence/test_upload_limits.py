"""UPR, UPB: what one device may have under way. Ids are those in evidence/upload_rows.py and upload_bytes.py."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest

from sync_server.clock import now
from sync_server.database.queries.uploads import UploadRow
from sync_server.errors import RefusedError
from sync_server.evidence.local import LocalParts
from sync_server.evidence.upload_bytes import BodyCutError, Checksum, UploadBytes
from sync_server.evidence.upload_rows import MOST_OPEN, MOST_OPEN_BYTES
from tests.sync_server.season_kit import SECOND_TOKEN
from tests.sync_server.uploading import DATA, TUS, Upload, metadata, sha

LARGEST = 200_000_000


@pytest.fixture
def media_settings():
    """A folder."""
    return {}


@pytest.fixture
def client(media_server):
    with media_server.client() as opened:
        yield opened


def announce(client: httpx.Client, name: str, length: int = 10) -> httpx.Response:
    headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": metadata(sha256=sha(name.encode()))}
    return client.post("/api/v1/media/", headers=headers)


@pytest.mark.parametrize(
    ("lengths", "code"),
    [
        pytest.param([10] * MOST_OPEN, "uploads-open", id="UPR-1 too many"),
        pytest.param([LARGEST] * (MOST_OPEN_BYTES // LARGEST), "upload-bytes-open", id="UPR-1 too large together"),
    ],
)
def test_a_device_has_so_much_under_way_and_no_more(client, media_server, lengths, code):
    begun = [announce(client, f"file {n}", length) for n, length in enumerate(lengths)]
    assert {answer.status_code for answer in begun} == {201}
    refused = announce(client, "one more", lengths[0])
    assert (refused.status_code, refused.json()["code"]) == (429, code)
    assert refused.headers["Retry-After"].isdigit()
    with media_server.client(SECOND_TOKEN) as other:
        assert announce(other, "one more").status_code == 201
    assert client.delete(begun[0].headers["Location"], headers=TUS).status_code == 204
    assert announce(client, "one more", lengths[0]).status_code == 201


def test_uploads_that_expired_are_not_counted(client, clock):
    """UPR-1"""
    for n in range(MOST_OPEN):
        announce(client, f"file {n}")
    clock.pass_hours(73)
    assert announce(client, "one more").status_code == 201


def test_a_phone_that_begins_one_file_again_and_again_is_not_shut_out(client):
    """UPR-2"""
    begun = [announce(client, "one file", len(b"one file")) for _ in range(MOST_OPEN + 5)]
    assert {answer.status_code for answer in begun} == {201}
    assert client.head(begun[0].headers["Location"], headers=TUS).status_code == 410
    upload = Upload(client, b"one file")
    assert upload.patch(0, b"one file").status_code == 204


def test_a_file_that_is_held_needs_no_room(client):
    """UPR-1"""
    Upload(client).patch(0, DATA)
    for n in range(MOST_OPEN):
        announce(client, f"file {n}")
    assert Upload(client).created.headers["Upload-Offset"] == str(len(DATA))


def test_no_byte_is_taken_while_the_disk_has_less_than_its_reserve(client, monkeypatch):
    """UPB-2"""
    begun, usage = Upload(client), shutil.disk_usage("/")
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1_000_000))
        answers = (begun.patch(0, DATA[:1000]), announce(client, "another"))
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(507, "storage-full")] * 2
        assert begun.offset() == 0
    assert begun.patch(0, DATA).status_code == 204


def a_row(length_bytes: int) -> UploadRow:
    return UploadRow(
        "an-upload", "phone", "0" * 64, "photo", "image/jpeg", None, length_bytes, "", "open", now(), now()
    )  # fmt: skip


BLOCK, BLOCKS = bytes(1 << 20), 64


@pytest.mark.parametrize(
    ("digest", "is_cut", "kept"),
    [
        pytest.param(hashlib.sha256(BLOCK * BLOCKS).digest(), False, len(BLOCK) * BLOCKS, id="UPB-1 right"),
        pytest.param(b"another", False, 0, id="UPB-1 wrong, nothing kept"),
        pytest.param(hashlib.sha256(BLOCK * BLOCKS).digest(), True, 0, id="UPB-1 cut off, nothing kept"),
    ],
)
def test_a_body_with_a_checksum_waits_on_the_disk(tmp_path, digest, is_cut, kept):
    async def body() -> AsyncIterator[bytes]:
        for _ in range(BLOCKS):
            yield bytes(BLOCK)
        if is_cut:
            raise BodyCutError

    parts = LocalParts(tmp_path / "parts")
    row, taken = a_row(len(BLOCK) * BLOCKS + 1), UploadBytes(parts)
    tracemalloc.start()
    try:
        end = asyncio.run(taken.take(row, 0, body(), Checksum("sha256", digest)))
        assert end == kept
    except (RefusedError, BodyCutError):
        assert kept == 0
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert parts.length(row.id) == kept
    assert peak < 20 * len(BLOCK)
    assert {file.name for file in (tmp_path / "parts").iterdir()} <= {"an-upload.part", "an-upload.lock"}
