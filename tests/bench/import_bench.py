"""What phones and pages wait while a season is imported: `python -m tests.bench.import_bench [--rows 50000]`.

One phone pushes and one page is asked for again and again: for a while with nothing else (the yardstick), then while
the file is read, checked and staged, and then while it is written and phones are told. Printed are the milliseconds
waited at the median, at p99 and at most. Right is: p99 of a push at most 250 ms, a page at most 500 ms.
"""

from __future__ import annotations

import argparse
import csv
import io
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx

from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.queries import jobs
from sync_server.people.permissions import Role
from tests.bench.push import PLACE, document
from tests.bench.running import running
from tests.sync_server.desk import add_account, sign_in
from tests.sync_server.season_files import example_season, rows_of
from tests.sync_server.season_kit import TOKEN

IDLE_S = 10.0
EVERY_S = 0.05


class Waiting:
    """Asks again and again in a thread of its own, and notes how long each answer took, by phase."""

    def __init__(self, ask: Callable[[], httpx.Response]) -> None:
        self._ask = ask
        self._ended = threading.Event()
        self.phase = "idle"
        self.waited_ms: dict[str, list[float]] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            phase, begun = self.phase, time.perf_counter()
            answer = self._ask()
            assert answer.status_code == 200, answer.text[:300]
            self.waited_ms.setdefault(phase, []).append(1000 * (time.perf_counter() - begun))


def season(rows: int) -> dict[str, bytes]:
    """The example season under a name of its own, with so many assignments."""
    files = {
        name: content.replace(b"harbour-ferry", b"kite-cargo").replace(b"central-pier", b"kite-pier")
        for name, content in example_season().items()
        if name != "rounds.csv"
    }
    (example,) = rows_of(files["assignments.csv"])
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(example))
    writer.writeheader()
    # One assessor has them all: the reason lets them pass rotation.
    writer.writerows(example | {"assignment": f"kite-{number:06}", "exception": "measured"} for number in range(rows))
    return {**files, "assignments.csv": out.getvalue().encode()}


def import_it(client: httpx.Client, database: Database, rows: int, enter: Callable[[str], None]) -> dict[str, float]:
    """Import as a coordinator does; return how long each part took, in seconds."""
    took: dict[str, float] = {}
    token = client.get("/account").text.partition('name="csrf" value="')[2].partition('"')[0]
    files = [("files", (name, content, "text/csv")) for name, content in season(rows).items()]
    enter("read")
    begun = time.perf_counter()
    page = client.post("/imports", data={"csrf": token}, files=files, follow_redirects=True)
    while "<progress" in page.text or 'role="status">\n  <p>' in page.text:
        time.sleep(0.5)
        page = client.get(page.url.path)
    assert "This would change" in page.text, page.text[-2000:]
    took["read"] = time.perf_counter() - begun
    enter("written")
    begun = time.perf_counter()
    written = client.post(f"{page.url.path}/confirm", data={"csrf": token}, follow_redirects=True)
    assert "This was changed" in written.text, written.text[-2000:]
    took["written"] = time.perf_counter() - begun
    enter("told")
    begun = time.perf_counter()
    while True:
        with database.reading() as db:
            waiting = jobs.job_names(db, "import")
        if not waiting:
            break
        time.sleep(0.5)
    took["told"] = time.perf_counter() - begun
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), "--season") as process:
        database = Database(Config(data_dir=Path(folder)).database)
        with database.transaction() as db:
            add_account(db, Role.COORDINATOR)
        body = document()
        phone = httpx.Client(base_url=process.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
        desk = httpx.Client(base_url=process.url, timeout=600, headers={"Accept": "text/html"})
        sign_in(desk, Role.COORDINATOR)
        reader = httpx.Client(base_url=process.url, timeout=60, headers={"Accept": "text/html"}, cookies=desk.cookies)

        def push() -> httpx.Response:
            name = str(uuid.uuid4())
            return phone.put(f"/api/v1/assessments/{name}", content=body.replace(PLACE.encode(), name.encode()))

        waits = {"push": Waiting(push), "page": Waiting(lambda: reader.get("/assignments"))}
        time.sleep(IDLE_S)

        def enter(phase: str) -> None:
            for each in waits.values():
                each.phase = phase

        took = import_it(desk, database, asked.rows, enter)
        for each in waits.values():
            each.stop()
        print(f"{asked.rows} rows: " + ", ".join(f"{name} in {seconds:.1f} s" for name, seconds in took.items()))
        print(f"memory {process.memory_mb:.0f} MB")
        for name, each in waits.items():
            for phase, waited in each.waited_ms.items():
                p99 = sorted(waited)[int(len(waited) * 0.99)]
                print(
                    f"{name:5} {phase:8} {len(waited):5} times: median {statistics.median(waited):7.1f} ms,"
                    f" p99 {p99:7.1f} ms, most {max(waited):7.1f} ms"
                )
            every = sorted(ms for phase, waited in each.waited_ms.items() if phase != "idle" for ms in waited)
            print(f"{name:5} import   {len(every):5} times: p99 {every[int(len(every) * 0.99)]:7.1f} ms")
        database.close()


if __name__ == "__main__":
    main()
