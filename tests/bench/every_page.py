"""Every page of the desk, asked of a server in a process of its own that keeps a whole season: its p95, page by page.

The addresses are those of the permissions' table, so that a page which is added later is measured by itself; one that a
season of visits alone does not have is named, and not counted.
"""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import Connection, select, update

from sync_server import clock
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.people import accounts, sessions
from sync_server.people.permissions import RULES, Role
from sync_server.routes.gate import SESSION_COOKIE
from tests.bench.running import Process, running
from tests.builders import NOON

PAGE_MS, TODAY_MS = 150, 100
WAITING = 600  # visits that wait for their review; the others were accepted
TIMES = 15
SLOWEST = 8
NO_PAGES = ("/api/", "/static", "/app", "/ca", "/metrics", "/healthz", "/readyz", "/events")
FILES = re.compile(
    r"\.(csv|zip|pdf|ics|json|geojson|toml)$|/(pdf|svg|csv|export|downloads|letter)$|/imports/templates/"
)


def make_current(db: Connection) -> str:
    """Let round 2 be under way today and most visits be accepted; return the cookie of an administrator."""
    now, a = clock.now(), tables.assessments
    for number in (1, 2, 3):
        opens = now.replace(hour=0, minute=0) + timedelta(days=60 * (number - 2) - 30)
        values = {"opens_at": opens, "closes_at": opens + timedelta(days=60)}
        if number == 1:
            values["opens_at"] = NOON - timedelta(days=1)  # its visits began then: none of them lies outside it
        db.execute(update(tables.rounds).where(tables.rounds.c.number == number).values(**values))
    done = list(db.execute(select(a.c.id).order_by(a.c.id)).scalars())[WAITING:]
    for start in range(0, len(done), 500):
        db.execute(update(a).where(a.c.id.in_(done[start : start + 500])).values(status="accepted"))
    account = accounts.add_account(
        db, username="office", name="Office", role=Role.ADMIN, password_hash="-", entrant_id=None, now=now
    )
    return sessions.open_session(db, account.id, now, lasts=timedelta(hours=12))


def addresses(database: Database) -> list[str]:
    """Return the address of each page an administrator may open, filled with what the season has."""
    with database.reading() as db:
        one = db.execute(select(tables.assessments.c.id).limit(1)).scalar_one()
    places = {
        "assessment_id": one, "entrant_id": "entrant-00", "channel": "phone_in", "round_number": "1",
        "part": "rounds", "table": "entries", "form_id": "phone_in@1", "form_name": "phone_in", "what": "round-1",
        "organisation": "entrant-00", "paper_name": "progress", "company": "supermarkets-a",
    }  # fmt: skip
    own = [path for (method, path), roles in RULES.items() if method == "GET" and Role.ADMIN in roles]
    pages = [path for path in own if not path.startswith(NO_PAGES) and not FILES.search(path)]
    more = ["/assessments?channel=phone_in&search=entrant", "/assessments?state=finished", "/assignments?state="]
    more += [f"/quality/{part}" for part in ("agreement", "items", "service", "coverage")]
    more += ["/standings?round=1", "/papers/award-draft"]
    # One that is told by the figures of rounds, one that scores every visit again, and one that judges its ease too.
    tried = ("unreachable.score_mode%3Dzero", "ease.points.phone_in%3D3", "ease.test.agent_wait_s%3D5")
    more += [f"/what-if?changes={each}" for each in tried]
    return [re.sub(r"\{(\w+)\}", lambda found: places.get(found[1], "-"), path) for path in (*pages, *more)]


def p95(taken: list[float]) -> float:
    """Return the figure that 95 of 100 keep to."""
    return statistics.quantiles(taken, n=20)[-1]


def measure(data: Path, database: Database, cookie: str, asked: int = TIMES) -> None:
    """Ask each page `asked` times after a first, and say how long the slowest took."""
    with running(data) as server, httpx.Client(base_url=server.url, cookies={SESSION_COOKIE: cookie}) as office:
        office.timeout = httpx.Timeout(60)
        told = [(path, times) for path in addresses(database) if (times := _times(server, office, path, asked))]
    left_out = [path for path, times in told if len(times) < asked]
    measured = {path: times for path, times in told if len(times) == asked}
    slowest = sorted(measured, key=lambda path: -p95([wall for wall, _ in measured[path]]))
    every = [wall for times in measured.values() for wall, _ in times]
    over = [path for path in slowest if p95([wall for wall, _ in measured[path]]) > PAGE_MS]
    print(f"{len(measured)} kinds of page, {asked} times each: p95 {p95(every):.0f} ms (target {PAGE_MS})")
    print(f"pages whose own p95 is over {PAGE_MS} ms: {', '.join(over) or 'none'}{'  MISSED' if over else ''}")
    for path in [*slowest[:SLOWEST], "/today"]:
        wall, cpu = p95([one for one, _ in measured[path]]), statistics.median(used for _, used in measured[path])
        most = TODAY_MS if path == "/today" else PAGE_MS
        missed = "  MISSED" if wall > most else ""
        print(f"  {path:<52} p95 {wall:6.0f} ms (target {most})  {cpu:5.0f} ms of CPU{missed}")
    print(f"not in this season, not measured: {', '.join(left_out) or 'none'}")


def _times(server: Process, office: httpx.Client, path: str, asked: int) -> list[tuple[float, float]]:
    """Return wall and processor milliseconds of each time after a first; one alone of what is no page here."""
    if office.get(path, follow_redirects=False).status_code != 200:
        return [(0.0, 0.0)]
    taken = []
    for _ in range(asked):
        begun, used = time.perf_counter(), server.cpu_s
        office.get(path)
        taken.append(((time.perf_counter() - begun) * 1000, (server.cpu_s - used) * 1000))
    return taken
