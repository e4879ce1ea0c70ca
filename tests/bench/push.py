"""Pushes a second at 1, 8 and 32 clients, beside the yardstick: the same documents into SQLite, 64 a commit, no HTTP.

`python -m tests.bench.push [--count 3000] [--database URL] [--clients 32] [--slow-ms 5]`

`--against FOLDER` compares with the code of another checkout instead: both servers run, each with a store of its own,
and bursts go to them in turn, so that whatever else the machine does falls on both; what one still has to do of its own
burst waits meanwhile. `--store DATA` starts both with a copy of that folder. `--unhindered` lets the clients run before
the servers: phones have processors of their own.

Ids are made as phones make them, from moments a little apart: what comes together stands together in each index. How
the clients spare the processors that the servers need is said in `phones`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import uvloop

from checklists.record.assessment import Assessment
from fieldapp.ids import new_id
from sync_server.clock import now
from tests.bench.phones import push_all, request
from tests.bench.running import Process, running
from tests.soak.disk import build_shim, environment
from tests.sync_server.season_kit import NOTED, TOKEN, a_call, body_of

PLACE = "00000000-1d1d-4000-8000-00000000feed"
ENTRANTS = 60
SIZE_BYTES = 10_000
APART = timedelta(milliseconds=0.5)


def document() -> bytes:
    """One finished phone-in record of 38 answers, two files and about 10 KB; its id is PLACE."""
    words = "the assessor was told where to go and what to bring "

    def make(length: int) -> Assessment:
        return a_call(
            id=PLACE,
            entrant_id="entrant-00000",
            assignment_id="assign-00000",
            notes={key: {kind: (words * 200)[:length]} for key, kind in NOTED},
        )

    spare = SIZE_BYTES - len(body_of(make(0)))
    return body_of(make(spare // len(NOTED)))


def filled_in(body: bytes, ident: str) -> bytes:
    """Return `body` as the record `ident` of one of the entrants."""
    number = f"{int(ident[-8:], 16) % ENTRANTS:05d}".encode()
    body = body.replace(PLACE.encode(), ident.encode())
    return body.replace(b'"entrant-00000"', b'"entrant-%s"' % number).replace(
        b'"assign-00000"', b'"assign-%s"' % number
    )


def yardstick(folder: Path, body: bytes, count: int) -> float:
    """Return documents a second of the bare loop."""
    db = sqlite3.connect(folder / "yardstick.sqlite3", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
    begun = time.perf_counter()
    for start in range(0, count, 64):
        db.execute("BEGIN IMMEDIATE")
        for _ in range(min(64, count - start)):
            ident = new_id(now())
            db.execute("INSERT INTO documents VALUES (?, ?)", (ident, filled_in(body, ident)))
        db.execute("COMMIT")
    taken = time.perf_counter() - begun
    db.close()
    return count / taken


def made(url: str, body: bytes, count: int) -> list[bytes]:
    """Return requests that push `count` new documents. Their ids are of moments a little apart, from now on."""
    begun, requests = now(), []
    for number in range(count):
        ident = new_id(begun + number * APART)
        requests.append(request(url, TOKEN, f"/api/v1/assessments/{ident}", filled_in(body, ident)))
    return requests


async def push(url: str, body: bytes, clients: int, count: int) -> dict[str, float]:
    """Push `count` new documents from `clients` connections; return rate and latencies in ms."""
    taken_s, latencies = await push_all(url, made(url, body, count), clients)
    latencies.sort()
    return {
        "rate": count / taken_s,
        "p50": latencies[len(latencies) // 2] * 1000,
        "p99": latencies[int(len(latencies) * 0.99)] * 1000,
    }


async def in_turn(ours: Process, theirs: Process, *, clients: int, burst: int, rounds: int) -> None:
    """Push bursts to both servers in turn, and print each pair and the medians."""
    body = document()
    for server in (ours, theirs):
        await push(server.url, body, clients, burst)
    rates: dict[str, list[float]] = {ours.url: [], theirs.url: []}
    cpu_us: dict[str, list[float]] = {ours.url: [], theirs.url: []}
    for number in range(rounds):
        for server, other in ((ours, theirs), (theirs, ours)) if number % 2 else ((theirs, ours), (ours, theirs)):
            # What a burst leaves to do is paid by whoever left it, not by the other.
            with other.standing_still():
                before_s = server.cpu_s
                rates[server.url].append((await push(server.url, body, clients, burst))["rate"])
                cpu_us[server.url].append((server.cpu_s - before_s) / burst * 1e6)
        mine, yours = rates[ours.url][-1], rates[theirs.url][-1]
        print(f"{mine:7.0f} to {yours:.0f} pushes/s: {mine / yours:.2f}", flush=True)
    ratio = statistics.median(mine / yours for mine, yours in zip(rates[ours.url], rates[theirs.url], strict=True))
    mine, yours = (statistics.median(of_one) for of_one in rates.values())
    mine_us, yours_us = (statistics.median(of_one) for of_one in cpu_us.values())
    print(
        f"{clients} clients, {rounds} bursts of {burst} each: medians {mine:.0f} to {yours:.0f} pushes/s, of the pairs "
        f"{ratio:.2f}; {mine_us:.0f} to {yours_us:.0f} µs of CPU a push"
    )


def against(other: Path, store: Path | None, clients: int, count: int, rounds: int) -> None:
    """Compare with the code in `other`."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        for data in (ours, theirs) if store else ():
            shutil.copytree(store or data, data)
        season = [] if store else ["--season"]
        with running(ours, *season) as mine, running(theirs, *season, root=other.resolve()) as yours:
            uvloop.run(in_turn(mine, yours, clients=clients, burst=count // rounds, rounds=rounds))


def run_first() -> None:
    """Let this process run before others whenever it has something to do; the servers it starts are not let so.

    Raises PermissionError for who may not: root may.
    """
    os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--database", default="")
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--slow-ms", type=int, help="milliseconds added to each fsync; needs a C compiler")
    parser.add_argument("--against", type=Path, help="compare with the code of this checkout")
    parser.add_argument("--rounds", type=int, default=10, help="with --against: pairs of bursts")
    parser.add_argument("--store", type=Path, help="with --against: start from copies of this data folder")
    parser.add_argument("--unhindered", action="store_true", help="clients run before the servers; needs root")
    asked = parser.parse_args()
    if asked.unhindered:
        run_first()
    if asked.against:
        against(asked.against, asked.store, int(asked.clients.rpartition(",")[2]), asked.count, asked.rounds)
        return
    body = document()
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--season"] + (["--database", asked.database] if asked.database else [])
        bare = yardstick(Path(folder), body, asked.count)
        print(f"document {len(body)} bytes; yardstick {bare:.0f} documents/s")
        slow = asked.slow_ms and environment(build_shim(Path(folder)), SLOW_MS=str(asked.slow_ms))
        with running(Path(folder) / "data", *arguments, env=slow or None) as server:
            print(f"ready after {server.ready_s:.2f} s, {server.memory_mb:.0f} MB")
            uvloop.run(push(server.url, body, 8, 200))
            for clients in (int(number) for number in asked.clients.split(",")):
                count = asked.count if clients > 1 else asked.count // 5
                cpu = server.cpu_s
                told = uvloop.run(push(server.url, body, clients, count))
                cpu = (server.cpu_s - cpu) / count * 1e6
                share = 100 * told["rate"] / bare
                print(
                    f"{clients:>3} clients: {told['rate']:7.0f} pushes/s ({share:4.1f} % of the yardstick)  "
                    f"p50 {told['p50']:.1f} ms  p99 {told['p99']:.1f} ms  "
                    f"{cpu:.0f} µs of CPU each  {server.memory_mb:.0f} MB"
                )


if __name__ == "__main__":
    main()
