"""Scenario 3: the power is cut. Only what was synced is on the disk afterwards; nothing acknowledged may be missing.

A preloaded shim (`disk.c`, needs a C compiler) mirrors what each fsync covered; the cut disk is rebuilt from that.
What a webhook had not been told by then, it is told from that disk.
`python -m tests.soak.power [--rounds 5]`
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import os
import random
import shutil
import tempfile
import time
import uuid
from pathlib import Path

from tests.bench.client import Connection
from tests.bench.push import document, filled_in
from tests.bench.running import start
from tests.soak.disk import build_shim, environment
from tests.soak.hooks_told import tell_the_rest
from tests.soak.kills import Told, check
from tests.sync_server.hook_receiver import Receiver
from tests.sync_server.season_kit import TOKEN

SLOW_MACHINE_S = 60  # for the first of each kind to come about
TUS = {"Tus-Resumable": "1.0.0"}


def rebuild(mirror: Path, folder: Path, target: Path, *, is_root: bool = True) -> None:
    """Write to `target` what `folder` would hold after the cut. The root's own names are taken as they are."""
    target.mkdir()
    kept = mirror / f"folder-{folder.stat().st_ino}"
    if kept.exists():
        entries = [line.split(" ", 2) for line in kept.read_text().splitlines()]
    elif is_root:
        entries = [[str(p.stat().st_ino), str(int(p.is_dir())), p.name] for p in folder.iterdir()]
    else:
        return
    for inode, is_folder, name in entries:
        if int(is_folder):
            if (folder / name).is_dir():
                rebuild(mirror, folder / name, target / name, is_root=False)
        elif (content := mirror / f"file-{inode}").exists():
            shutil.copyfile(content, target / name)
        else:
            (target / name).touch()


async def _work(url: str, told: Told, files: set[str]) -> None:
    """Push records and files from 8 phones until the server is gone."""

    async def phone() -> None:
        connection, body = Connection(url, TOKEN), document()
        try:
            while True:
                ident = str(uuid.uuid4())
                answer = await connection.call("PUT", f"/api/v1/assessments/{ident}", filled_in(body, ident))
                if answer.status == 200:
                    told.acknowledged.add(ident)
                content = os.urandom(20_000)
                name = hashlib.sha256(content).hexdigest()
                announced = f"sha256 {base64.b64encode(name.encode()).decode()}"
                headers = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": announced}
                created = await connection.call("POST", "/api/v1/media", b"", headers)
                headers = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
                answer = await connection.call("PATCH", created.headers["location"], content, headers)
                if answer.status == 204:
                    files.add(name)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            connection.close()

    await asyncio.gather(*(phone() for _ in range(8)))


def run(rounds: int, seconds: float = 2.0) -> tuple[int, int, int]:
    """Cut the power `rounds` times; return how many records and files were acknowledged and how many messages of
    webhooks had left before, or raise AssertionError.
    """
    chance, records, media, hooks = random.Random(3), 0, 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shim = build_shim(folder)
        for number in range(rounds):
            data, mirror, cut = folder / f"data-{number}", folder / f"mirror-{number}", folder / f"cut-{number}"
            data.mkdir()
            mirror.mkdir()
            told, files = Told(), set[str]()
            receiver = Receiver("127.0.0.1")
            more = receiver.trusted_by(folder / "authority.pem") | {"MIRROR": str(mirror)}
            server = start(data, "--season", "--hook", receiver.address, env=environment(shim, **more))

            async def together() -> None:
                working = asyncio.ensure_future(_work(server.url, told, files))  # noqa: B023 - ends in this round
                await asyncio.sleep(chance.uniform(0.5, 1) * seconds)
                until = time.monotonic() + SLOW_MACHINE_S
                while not (told.acknowledged and files and receiver.taken) and time.monotonic() < until:  # noqa: ASYNC110, B023
                    await asyncio.sleep(0.05)
                server.kill()  # noqa: B023
                await asyncio.wait_for(working, 60)

            asyncio.run(together())
            rebuild(mirror, data, cut)
            check(f"sqlite:///{cut / 'sync.sqlite3'}", told)
            for name in files:
                kept = cut / "media" / name[:2] / name
                assert kept.exists(), "an acknowledged file is gone"
                assert hashlib.sha256(kept.read_bytes()).hexdigest() == name, "an acknowledged file is torn"
            before_the_cut = len(receiver.taken)
            tell_the_rest(f"sqlite:///{cut / 'sync.sqlite3'}", receiver, told.acknowledged)
            receiver.close()
            hooks = hooks + before_the_cut
            records, media = records + len(told.acknowledged), media + len(files)
    return records, media, hooks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    records, media, hooks = run(asked.rounds)
    print(
        f"{asked.rounds} power cuts: {records} records and {media} files acknowledged, all there and whole, and told; "
        f"{hooks} messages of webhooks had left before"
    )


if __name__ == "__main__":
    main()
