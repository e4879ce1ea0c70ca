"""A whole season kept: how soon a server is ready on 50,000 assessments, its memory, its pages and the CSV of them all.

They arrive as pushes, from 32 connections, and the standings are made; then a server is started anew on what is kept.
`python -m tests.bench.big [--count 50000] [--data DIR]`; a folder that was filled before is used again. Each figure
stands beside its target, and beside it the processor time it took, which a busy machine does not change.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import uvloop

from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.routes.gate import SESSION_COOKIE
from tests.bench.push import document, push
from tests.bench.running import Process, running
from tests.builders import an_assignment
from tests.soak.crowd import set_up
from tests.sync_server.season_kit import TOKEN, add_assignment

READY_S, MEMORY_MB, PAGE_MS, CSV_S = 1.5, 150, 150, 8
CHANGES = 1_000  # a phone's first page by page: as many assignments
TIMES = 11
LONGEST_S = 300


def judged(what: str, figure: float, unit: str, most: float, cpu: float | None = None) -> str:
    """Say a figure beside its target, and the processor time in it."""
    missed = "  MISSED" if figure > most else ""
    own = "" if cpu is None else f"  {cpu:.2f} {unit} of CPU"
    return f"{what:<50} {figure:8.2f} {unit:<2} (target {most:g}){own}{missed}"


def fill(data: Path, count: int) -> str:
    """Take `count` pushes and make the standings; return the cookie of somebody at the dashboard."""
    cookie = set_up(data, phones=0)
    database = Database(Config(data_dir=data).database)
    with database.transaction() as db:
        for number in range(CHANGES):
            entrant = f"entrant-{number % 60:05d}"
            add_assignment(db, an_assignment(id=f"assign-{number:05d}", entrant_id=entrant))
    database.close()
    with running(data) as server:
        told = uvloop.run(push(server.url, document(), 32, count))
        print(f"{count} pushes taken: {told['rate']:.0f} a second, p99 {told['p99']:.0f} ms, {server.memory_mb:.0f} MB")
        begun = time.monotonic()
        while _standings_due(data):
            if time.monotonic() > begun + LONGEST_S:
                raise TimeoutError(f"the standings were not made within {LONGEST_S} s")
            time.sleep(0.2)
        print(f"standings made {time.monotonic() - begun:.0f} s later")
        print(judged("memory of the process that took them", server.memory_mb, "MB", MEMORY_MB))
    return cookie


def _standings_due(data: Path) -> int:
    with sqlite3.connect(data / "sync.sqlite3") as db:
        (due,) = db.execute("SELECT count(*) FROM jobs WHERE name LIKE 'standing/%'").fetchone()
    return int(due)


def timed(what: str, server: Process, do: Callable[[], object]) -> str:
    """Say the middle of some times of `do`, after a first."""
    do()
    taken, cpu_s = [], server.cpu_s
    for _ in range(TIMES):
        begun = time.perf_counter()
        do()
        taken.append((time.perf_counter() - begun) * 1000)
    cpu_ms = (server.cpu_s - cpu_s) / TIMES * 1000
    return judged(what, statistics.median(taken), "ms", PAGE_MS, cpu_ms)


def pages(server: Process, cookie: str) -> None:
    """Read the pages of the dashboard and of the API."""
    office = httpx.Client(base_url=server.url, cookies={SESSION_COOKIE: cookie}, timeout=60)
    listed = office.get("/assessments").text
    older = listed.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    one = listed.split('<tr id="assessment-')[1].split('"')[0]
    for what, path in (
        ("the list of assessments", "/assessments"),
        ("an older page of it", older),
        ("narrowed to a channel and an entrant's name", "/assessments?channel=phone_in&search=ferry"),
        ("one assessment", f"/assessments/{one}"),
        ("standings", "/standings"),
        ("awards", "/awards"),
        ("borderline", "/borderline"),
        ("one entry", "/standings/entrant-00007/phone_in"),
    ):
        print(timed(f"page: {what}", server, partial(_read, office, path)))
    phone = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)

    def changes() -> None:
        told, cursor = 0, ""
        while told < CHANGES:
            page = _read(phone, f"/api/v1/changes?cursor={cursor}").json()
            told, cursor = told + len(page["changes"]), page["cursor"]

    print(timed("API: a page of 200 changes", server, partial(_read, phone, "/api/v1/changes")))
    print(timed(f"API: {CHANGES:,} changes in 5 pages", server, changes))
    office.close()
    phone.close()


def _read(client: httpx.Client, path: str) -> httpx.Response:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return answer


def whole_csv(server: Process, cookie: str, count: int) -> None:
    """Take the CSV of all assessments, and watch the server's memory meanwhile."""
    before = server.memory_mb
    begun, cpu_s, first_s, lines, size = time.perf_counter(), server.cpu_s, 0.0, 0, 0
    with (
        server.watched() as peak,
        httpx.Client(base_url=server.url, cookies={SESSION_COOKIE: cookie}, timeout=60) as office,
        office.stream("GET", "/assessments/export") as answer,
    ):
        for block in answer.iter_bytes():
            first_s = first_s or time.perf_counter() - begun
            lines, size = lines + block.count(b"\r\n"), size + len(block)
    taken = time.perf_counter() - begun
    most = peak()
    if lines != count + 1:
        raise RuntimeError(f"the CSV has {lines} lines for {count} assessments")
    print(judged(f"CSV of {count:,} assessments ({size / 1e6:.0f} MB)", taken, "s", CSV_S, server.cpu_s - cpu_s))
    print(f"  its first byte after {first_s * 1000:.0f} ms; memory {before:.0f} MB before, at most {most:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--data", type=Path, help="a folder to fill and keep")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder) / "data"
        remembered = data / "cookie-of-the-bench"
        if not remembered.exists():
            remembered.write_text(fill(data, asked.count))
        cookie = remembered.read_text()
        with running(data) as server:
            print(judged("ready after", server.ready_s, "s", READY_S, server.cpu_s))
            print(judged("memory after the start", server.memory_mb, "MB", MEMORY_MB))
            pages(server, cookie)
            print(judged("memory after reading", server.memory_mb, "MB", MEMORY_MB))
            whole_csv(server, cookie, asked.count)
            print(judged("memory after the CSV", server.memory_mb, "MB", MEMORY_MB))


if __name__ == "__main__":
    main()
