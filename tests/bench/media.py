"""Megabytes a second of resumable uploads, beside bare write + fsync + rename of the same files.

`python -m tests.bench.media [--files 160] [--clients 8] [--size 600000] [--chunk 262144] [--media s3://...]`
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import os
import tempfile
import time
from pathlib import Path

import uvloop

from tests.bench.client import Connection
from tests.bench.running import running
from tests.sync_server.season_kit import TOKEN

TUS = {"Tus-Resumable": "1.0.0"}


def yardstick(folder: Path, files: list[bytes]) -> float:
    """Return MB/s of one loop that makes each file durable."""
    folder.mkdir()
    begun = time.perf_counter()
    for number, content in enumerate(files):
        beside = folder / f"{number}.new"
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(folder / str(number))
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    return sum(map(len, files)) / 1e6 / (time.perf_counter() - begun)


async def upload(url: str, files: list[bytes], clients: int, chunk: int) -> float:
    """Return MB/s of `clients` that each send file after file in chunks."""
    left = iter(files)

    async def client() -> None:
        connection = Connection(url, TOKEN)
        for content in left:
            name = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
            announced = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {name}"}
            created = await connection.call("POST", "/api/v1/media", b"", announced)
            for offset in range(0, len(content), chunk):
                headers = TUS | {
                    "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream",
                }
                part = content[offset : offset + chunk]
                answer = await connection.call("PATCH", created.headers["location"], part, headers)
                assert answer.status == 204, answer
        connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return sum(map(len, files)) / 1e6 / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=160)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--size", type=int, default=600_000)
    parser.add_argument("--chunk", type=int, default=262_144)
    parser.add_argument("--media", default="")
    asked = parser.parse_args()

    def fresh() -> list[bytes]:
        return [os.urandom(asked.size) for _ in range(asked.files)]

    with tempfile.TemporaryDirectory() as folder:
        bare = yardstick(Path(folder) / "yardstick", fresh())
        print(f"{asked.files} files of {asked.size} bytes; yardstick {bare:.0f} MB/s")
        arguments = ["--season"] + (["--media", asked.media] if asked.media else [])
        with running(Path(folder) / "data", *arguments) as server:
            for clients, chunk in ((asked.clients, asked.chunk), (asked.clients, asked.size), (1, asked.size)):
                told = uvloop.run(upload(server.url, fresh(), clients, chunk))
                print(
                    f"{clients:>3} clients, {chunk} bytes a request: {told:5.0f} MB/s "
                    f"({100 * told / bare:.0f} % of the yardstick)  {server.memory_mb:.0f} MB of memory"
                )


if __name__ == "__main__":
    main()
