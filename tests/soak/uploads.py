"""Scenario 9: uploads are cut at 64 KB boundaries, and the server is killed in the middle of their bodies.

Nothing that was answered may be lost, every file must arrive as it was sent, and `verify` must find nothing.
`python -m tests.soak.uploads [--kills 50]`
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from sync_server.config import Config
from sync_server.custody.verification import Verification
from sync_server.database.engine import Database
from sync_server.evidence.configured_store import open_media
from tests.bench.client import Answer, Connection, Pieces
from tests.soak.kills import GIVE_UP_S, LONGEST_S, Restarted
from tests.sync_server.season_kit import TOKEN

BOUNDARY = 65_536
# From a part of one boundary to more than the server keeps in memory before it writes.
SIZES = (100_000, 700_000, 2_500_000, 6_000_000)
TUS = {"Tus-Resumable": "1.0.0"}
LOST = (OSError, asyncio.IncompleteReadError, TimeoutError)
# A body of before the cut may still be under way: ask where it is and go on.
ASK_AGAIN = (408, 409, 423, 503)


class CutHereError(OSError):
    """The client loses its connection at a boundary."""


@dataclass
class Told:
    """What the run found."""

    files: set[str] = field(default_factory=set)
    size_bytes: int = 0
    cuts: Counter[int] = field(default_factory=Counter)  # by the boundary
    kills: int = 0
    bodies_killed: int = 0
    asked_again: Counter[int] = field(default_factory=Counter)


class Clients:
    """Phones that upload file after file, each to its end, until `enough` is set."""

    def __init__(self, url: str, clients: int, seed: int) -> None:
        self.told = Told()
        self.enough = asyncio.Event()
        self.body_begun = asyncio.Event()
        self.in_body: set[int] = set()  # the clients that have sent a part of a body and not yet its last piece
        self._url = url
        self._clients = clients
        self._random = random.Random(seed)

    async def run(self) -> None:
        await asyncio.gather(*(self._client(number) for number in range(self._clients)))

    async def _client(self, number: int) -> None:
        connection = Connection(self._url, TOKEN, timeout_s=20)
        while not self.enough.is_set():
            content = self._random.randbytes(self._random.choice(SIZES) + self._random.randrange(1000))
            await self._upload(connection, number, content)
            self.told.files.add(hashlib.sha256(content).hexdigest())
            self.told.size_bytes += len(content)
        connection.close()

    async def _upload(self, connection: Connection, number: int, content: bytes) -> None:
        name = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
        announced = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {name}"}
        at = (await _until_answered(connection, "POST", "/api/v1/media", announced, 201)).headers["location"]
        answered, give_up = 0, time.monotonic() + GIVE_UP_S
        while time.monotonic() < give_up:
            asked = await _until_answered(connection, "HEAD", at, TUS, 200)
            offset = int(asked.headers["upload-offset"])
            assert offset >= answered, f"{answered} bytes were acknowledged and {offset} are kept"
            if offset == len(content):
                return
            answered = await self._send(connection, number, at, content, offset) or answered
        raise AssertionError(f"an upload did not end within {GIVE_UP_S} s")

    async def _send(self, connection: Connection, number: int, at: str, content: bytes, offset: int) -> int:
        """Send parts from `offset` on until one is cut; return the last offset answered, 0 for none."""
        answered = 0
        while offset < len(content):
            end = self._random.choice((len(content), min(len(content), offset + 300_000)))
            headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            pieces = self._pieces(number, content, offset, end, self._cut_after(offset, end))
            try:
                answer = await connection.call("PATCH", at, Pieces(pieces, end - offset), headers)
            except LOST:
                return answered
            finally:
                self.in_body.discard(number)
                await pieces.aclose()
            if answer.status in ASK_AGAIN:
                self.told.asked_again[answer.status] += 1
                return answered
            assert answer.status == 204, answer
            offset = answered = int(answer.headers["upload-offset"])
        return answered

    def _cut_after(self, offset: int, end: int) -> int | None:
        """Return where to cut, of the boundaries of this part the one that was cut least; now and then."""
        boundaries = range((offset // BOUNDARY + 1) * BOUNDARY, end, BOUNDARY)
        if not boundaries or self._random.random() > 0.3:
            return None
        return min(boundaries, key=lambda boundary: self.told.cuts[boundary])

    async def _pieces(self, number: int, content: bytes, start: int, end: int, cut: int | None) -> AsyncIterator[bytes]:
        while start < end:
            if start == cut:
                self.told.cuts[cut] += 1
                self.in_body.discard(number)
                raise CutHereError
            after = min(end, (start // BOUNDARY + 1) * BOUNDARY)
            if after == end:
                self.in_body.discard(number)
            yield content[start:after]
            start = after
            if start < end:
                self.in_body.add(number)
                self.body_begun.set()
            await asyncio.sleep(0)


async def _until_answered(
    connection: Connection, method: str, path: str, headers: Mapping[str, str], status: int
) -> Answer:
    """Ask until the server, which may be dead for the moment, answers `status`."""
    give_up = time.monotonic() + GIVE_UP_S
    while time.monotonic() < give_up:
        with contextlib.suppress(*LOST):
            answer = await connection.call(method, path, b"", headers)
            if answer.status == status:
                return answer
            assert answer.status >= 500, answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"{method} was not answered within {GIVE_UP_S} s")


async def _kill_in_bodies(server: Restarted, clients: Clients, kills: int) -> None:
    """Kill and restart the server, each time while a body is on its way; then let the clients end."""
    chance = random.Random(11)
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.02, 0.3))
        async with asyncio.timeout(GIVE_UP_S):
            while not clients.in_body:
                clients.body_begun.clear()
                await clients.body_begun.wait()
        clients.told.kills += 1
        clients.told.bodies_killed += len(clients.in_body)
        server.kill()  # nothing else runs between the look and the kill
        await asyncio.to_thread(server.kill_and_start)
    clients.enough.set()


def check(data: Path, told: Told) -> None:
    """Raise AssertionError unless the files are exactly those that were sent, and `verify` is content."""
    config = Config(data_dir=data)
    kept = {path.name: path for path in (data / "media").glob("??/*")}
    assert not told.files - kept.keys(), f"{len(told.files - kept.keys())} finished files are gone"
    assert not kept.keys() - told.files, "there are files that nobody finished"
    for name, path in kept.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == name, "a file is not what was sent"
    database = Database(config.database)
    verification = Verification(database, open_media(config)[0])
    faults = [problem.code for problem in verification.problems()]
    database.close()
    assert not faults, f"verify finds {Counter(faults)}"
    assert verification.counts.files == len(told.files)


def run(kills: int, clients: int = 8) -> Told:
    """One run; raises AssertionError when anything was lost or torn."""

    async def together(server: Restarted) -> Told:
        phones = Clients(server.url, clients, seed=kills)
        async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
            group.create_task(phones.run())
            group.create_task(_kill_in_bodies(server, phones, kills))
        return phones.told

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stopping:
        server = Restarted(Path(folder) / "data", [])
        stopping.callback(server.kill)
        told = uvloop.run(together(server))
        server.stop()
        check(Path(folder) / "data", told)
        return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    asked = parser.parse_args()
    begun = time.monotonic()
    told = run(asked.kills)
    print(
        f"{len(told.files)} files, {told.size_bytes / 1e6:.0f} MB: {told.kills} kills with {told.bodies_killed} bodies "
        f"under way, clients cut {told.cuts.total()} at {len(told.cuts)} boundaries, "
        f"asked again {dict(told.asked_again) or 'never'}: none lost, none torn, verify is content "
        f"({time.monotonic() - begun:.0f} s)"
    )


if __name__ == "__main__":
    main()
