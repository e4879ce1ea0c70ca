"""Scenarios 8, 9, 14, 16 and 20 in short: a full disk, uploads cut and killed, a burst, steady load, a stop under load.

Long forms: tests/soak.
"""

from __future__ import annotations

import asyncio
import subprocess
import uuid
from contextlib import closing

import pytest

from tests.bench.client import Connection
from tests.bench.push import document, filled_in
from tests.bench.running import running
from tests.soak.burst import run as run_burst
from tests.soak.kills import Told, check
from tests.soak.steady import run as run_steady
from tests.soak.uploads import run as run_uploads
from tests.sync_server.season_kit import TOKEN
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
        kept = set()
        with closing(Connection(url, TOKEN)) as connection:
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
            ident = str(uuid.uuid4())
            with closing(Connection(server.url, TOKEN)) as connection:
                assert await push(connection, ident) == 200
            return ident

        kept.add(asyncio.run(again()))
    check(f"sqlite:///{small_disk / 'data' / 'sync.sqlite3'}", Told(acknowledged=kept))


def test_a_burst_of_phones_is_taken_without_an_error_and_told_on_an_open_page():
    phones, each = 60, 4
    burst = run_burst(phones, each)
    assert len(burst.sent.acknowledged) == len(burst.told_ms) == phones * each


def test_a_steady_stream_is_taken_whole():
    rate, minutes = 40, 0.1
    steady = run_steady(rate, minutes)
    assert len(steady.sent.acknowledged) == rate * minutes * 60
    assert steady.lasted_s >= minutes * 60 - 1
    assert 0 < steady.warm_mb < 1000


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


def test_uploads_go_on_after_their_clients_were_cut_and_the_server_killed_in_the_middle_of_them():
    told = run_uploads(2, clients=4)
    assert told.kills == 2
    assert told.bodies_killed >= 2
    assert told.cuts
    assert told.files
