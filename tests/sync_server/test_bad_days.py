"""Scenarios 8, 9, 14 and 20 in short: a full disk, a server killed in mid-upload, a burst, a stop under load."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import subprocess
import time
import uuid

import httpx
import pytest

from tests.bench.client import Connection
from tests.bench.push import document, filled_in
from tests.bench.running import running, start
from tests.soak.kills import Told, check
from tests.sync_server.season import TOKEN
from tests.sync_server.waiting import until

BODY = document()


async def push(connection, ident, extra=b""):
    body = filled_in(BODY, ident)
    answer = await connection.call("PUT", f"/api/v1/assessments/{ident}", body[:-1] + extra + b"}")
    return answer.status


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 12 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system can be mounted by root only: run the tests as root in a container")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_507_and_it_recovers_by_itself(small_disk):
    padding = b',"x":"' + b"x" * 200_000 + b'"'

    async def fill(url):
        connection, kept = Connection(url, TOKEN), set()
        for _ in range(100):
            ident = str(uuid.uuid4())
            status = await push(connection, ident, padding)
            if status != 200:
                return kept, status
            kept.add(ident)
        return kept, 200

    with running(small_disk / "data", "--season") as server:
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"x" * 2_000_000)
        kept, status = asyncio.run(fill(server.url))
        assert status == 507
        ballast.unlink()

        async def again():
            connection, ident = Connection(server.url, TOKEN), str(uuid.uuid4())
            assert await push(connection, ident) == 200
            return ident

        kept.add(asyncio.run(again()))
    check(f"sqlite:///{small_disk / 'data' / 'sync.sqlite3'}", Told(acknowledged=kept))


def test_a_burst_of_phones_is_taken_without_an_error(tmp_path):
    phones, each = 100, 3

    async def burst(url):
        connections = [Connection(url, TOKEN) for _ in range(phones)]

        async def phone(connection):
            return [await push(connection, str(uuid.uuid4())) for _ in range(each)]

        return [status for told in await asyncio.gather(*map(phone, connections)) for status in told]

    with running(tmp_path / "data", "--season") as server:
        assert set(asyncio.run(burst(server.url))) == {200}


def test_a_stop_under_load_loses_nothing_and_answers_no_5xx(tmp_path):
    data = tmp_path / "data"
    told, statuses = Told(), []

    async def phone(url):
        connection = Connection(url, TOKEN)
        while True:
            ident = str(uuid.uuid4())
            try:
                status = await push(connection, ident)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                return
            statuses.append(status)
            if status == 200:
                told.acknowledged.add(ident)

    async def load(server):
        phones = [asyncio.ensure_future(phone(server.url)) for _ in range(16)]
        await asyncio.to_thread(until, lambda: len(told.acknowledged) > 100 or None, "load is on")
        server.popen.terminate()
        await asyncio.wait_for(asyncio.gather(*phones), 60)

    with running(data, "--season") as server:
        asyncio.run(load(server))
        assert server.popen.wait(30) in (0, -15)
    assert set(statuses) == {200}
    check(f"sqlite:///{data / 'sync.sqlite3'}", told)


def test_an_upload_goes_on_after_the_server_was_killed_in_the_middle_of_it(tmp_path):
    content = os.urandom(3_000_000)
    name = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Tus-Resumable": "1.0.0"}
    server = start(tmp_path / "data", "--season")
    try:
        port = server.url.rpartition(":")[2]
        created = httpx.post(
            f"{server.url}/api/v1/media/",
            headers=headers | {"Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {name}"},
        )
        at = server.url + created.headers["Location"]
        octets = headers | {"Content-Type": "application/offset+octet-stream"}
        for kill in range(4):
            offset = int(httpx.head(at, headers=headers).headers["Upload-Offset"])
            acknowledged = offset
            for start_at in range(offset, offset + 500_000, 100_000):
                part = content[start_at : start_at + 100_000]
                answer = httpx.patch(at, content=part, headers=octets | {"Upload-Offset": str(start_at)})
                assert answer.status_code == 204
                acknowledged = int(answer.headers["Upload-Offset"])
            asyncio.run(_begin_and_kill(server, at, octets, acknowledged, content))
            server = start(tmp_path / "data", "--port", port)
            offset = int(httpx.head(at, headers=headers).headers["Upload-Offset"])
            assert offset >= acknowledged, f"kill {kill}: bytes that were acknowledged are gone"
        answer = httpx.patch(at, content=content[offset:], headers=octets | {"Upload-Offset": str(offset)})
        assert answer.status_code == 204
        kept = next((tmp_path / "data" / "media").glob(f"??/{hashlib.sha256(content).hexdigest()}"))
        assert kept.read_bytes() == content
    finally:
        server.kill()


async def _begin_and_kill(server, at, headers, offset, content):
    """Send half of what is left and kill the server while it waits for the rest."""
    host, port = httpx.URL(at).host, httpx.URL(at).port
    _, writer = await asyncio.open_connection(host, port)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    left = content[offset:]
    head = f"PATCH {httpx.URL(at).path} HTTP/1.1\r\nHost: x\r\n{lines}Upload-Offset: {offset}\r\n"
    writer.write(f"{head}Content-Length: {len(left)}\r\n\r\n".encode() + left[: len(left) // 2])
    await writer.drain()
    begun = time.monotonic()
    server.kill()
    assert time.monotonic() - begun < 10
    writer.close()
