"""How fast 50,000 assessments go out through OData, and how flat memory stays: `python -m tests.bench.odata_bench`.

A SQLite database of one assessment copied, read page after page as Power BI reads it, over HTTP from a server in a
process of its own. Processor time is that of the server, which a busy machine does not change. Before, the server adds
up what it finds: here all of it is one entry, as no season has it, and its 50,000 visits are held at once.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import httpx
from sqlalchemy import text

from sync_server import clock
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.jobs import job_names
from sync_server.people.api_tokens import READING, issue
from sync_server.people.permissions import Role
from tests.bench.running import running
from tests.bench.standing_bench import arrive, stored
from tests.sync_server.desk import add_account

ROWS_A_SECOND, MEMORY_MB = 5_000, 20
COPY = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, n WHERE {first}
"""


def fill(data: Path, count: int) -> str:
    """Store one assessment, copied `count` times, and return a token that reads it."""
    data.mkdir(parents=True, exist_ok=True)
    database = Database(Config(data_dir=data).database)
    upgrade(database)
    with database.transaction() as db:
        stored(db, 1, 0)
        arrive(db, "entrant-00", 1, "first")
        for table, copied in (
            ("assignments", {"id"}),
            ("assessments", {"id", "assignment_id"}),
            ("assessment_revisions", {"assessment_id", "assignment_id"}),
        ):
            names = [row[1] for row in db.execute(text(f"PRAGMA table_info({table})"))]
            values = [f"{name} || printf('-%06d', i)" if name in copied else name for name in names]
            first = "id = 'assignment-first'" if table == "assignments" else "assignment_id = 'assignment-first'"
            sql = COPY.format(table=table, columns=", ".join(names), values=", ".join(values), first=first)
            db.execute(text(sql), {"count": count - 1})
        user = add_account(db, Role.VIEWER)
        asked = {"name": "bench", "speaks_for": ("user", user), "scopes": READING, "lasts_days": 30}
        _, token = issue(db, created_by=user, now=clock.now(), **asked)
    database.close()
    return token


def added_up(data: Path, within_s: float = 300) -> None:
    """Return once the server has done what it asks of itself when it starts."""
    database, until = Database(Config(data_dir=data).database), time.monotonic() + within_s
    while True:
        with database.reading() as db:
            if not job_names(db, "standing"):
                break
        assert time.monotonic() < until, "the server does not come to rest"
        time.sleep(0.5)
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        token = fill(Path(folder), asked.count)
        with running(Path(folder)) as server, httpx.Client(timeout=60) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            client.get(f"{server.url}/odata/v4/").raise_for_status()
            added_up(Path(folder))
            for what in ("Assessments", "Assessments?$orderby=ReceivedAt desc,Id desc", "Answers?$top=50000",
                         "Assessments?$select=Id&$expand=Answers($select=Question,Value)&$top=10000"):  # fmt: skip
                client.get(f"{server.url}/odata/v4/Assessments?$top=5000")
                memory, cpu, begun, rows, most = server.memory_mb, server.cpu_s, time.monotonic(), 0, 0.0
                address: str | None = f"{server.url}/odata/v4/{what}"
                while address:
                    page = client.get(address).raise_for_status().json()
                    rows += len(page["value"])
                    most = max(most, server.memory_mb - memory)
                    address = page.get("@odata.nextLink")
                taken, worked = time.monotonic() - begun, server.cpu_s - cpu
                print(
                    f"{what}: {rows} rows, {rows / taken:.0f} a second, {rows / worked:.0f} a second of CPU "
                    f"(target {ROWS_A_SECOND}), memory +{most:.0f} MB (target {MEMORY_MB})"
                )


if __name__ == "__main__":
    main()
