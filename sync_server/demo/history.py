"""What happened before today: one visit for each assignment whose time is over, decided by its own random state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.assignment import Assignment
from checklists.form import Channel
from checklists.form_file import shipped_forms
from checklists.service_hours import is_open
from checklists.sheet import sheet_of
from checklists.wire import decode
from sync_server.demo import visits
from sync_server.demo.visits import Visit
from sync_server.importing.cells import ZONE
from sync_server.queries.season import rows_of

# How well each entrant serves, 0 to 1: from below the pass line to gold.
QUALITY: Mapping[str, float] = {
    "jade-peak-mobile": 0.97,
    "harbour-ferry": 0.93,
    "lion-rock-express": 0.72,
    "egret-bay-hotel": 0.66,
    "cloud-ladder-travel": 0.6,
    "red-lantern-broadband": 0.5,
    "silver-bay-coaches": 0.45,
    "moon-gate-dim-sum": 0.4,
    "paper-crane-holidays": 0.3,
    "kite-air-cargo": 0.55,
    "tidewave-telecom": 0.25,
    "kapok-fibre": 0.05,
}
LATEST_DAYS_AGO = 4
STILL_OPEN, NEVER_REACHED, RECOGNISED, RETURNED = 0.12, 0.05, 0.08, 0.2
HOURS = range(11, 18)


class Past(NamedTuple):
    """A visit, who made it, when it reached the server, and what a reviewer thought of it ("" for not yet)."""

    visit: Visit
    assessor_id: str
    sent_at: datetime
    verdict: str
    questioned: str


def past_visits(db: Connection, seed: int, now: datetime) -> Iterator[Past]:
    """Yield the visits of assignments that are over, in the order they reached the server."""
    over = [
        row for row in rows_of(db, "assignments") if row["due_until"] <= now and row["assessor_id"].startswith("A-")
    ]
    made = [_past(decode(row["body"], Assignment), seed) for row in over]
    yield from sorted((one for one in made if one is not None), key=lambda one: one.sent_at)


def _past(assignment: Assignment, seed: int) -> Past | None:
    random = Random(f"{seed}/{assignment.id}")  # noqa: S311 - repeatable, nothing secret
    if assignment.round > 1 and random.random() < STILL_OPEN:
        return None
    begin = _when(assignment, random)
    record = visits.begun(assignment, begin, random)
    fate = random.random()
    if assignment.channel == Channel.PHONE_IN and fate < NEVER_REACHED:
        visit = visits.unreached(record, sheet_of(record, shipped_forms()))
    elif assignment.branch is not None and fate < RECOGNISED:
        visit = visits.recognised(record, sheet_of(record, shipped_forms()))
    else:
        record = visits.with_draw(record, assignment, begin, random)
        sheet = sheet_of(record, shipped_forms())
        visit = visits.filled(assignment, record, sheet, QUALITY.get(assignment.entrant_id, 0.5), random)
    sent_at = (visit.record.finished_at or begin) + timedelta(minutes=3 + random.randrange(300))
    questioned = next(iter(visit.record.answers), "")
    returned = assignment.round > 1 and questioned and random.random() < RETURNED
    verdict = "accepted" if assignment.round == 1 else "returned" if returned else ""
    return Past(visit, assignment.assessor_id, sent_at, verdict, questioned)


def _when(assignment: Assignment, random: Random) -> datetime:
    """Return a moment in which the assignment is due and the entrant is open."""
    last = assignment.due_until - timedelta(days=LATEST_DAYS_AGO)
    days = max(1, (last - assignment.due_from).days)
    zone = ZoneInfo("Asia/Hong_Kong")
    for _ in range(50):
        day = (assignment.due_from + timedelta(days=random.randrange(days))).astimezone(ZONE)
        at = day.replace(hour=random.choice(HOURS), minute=random.randrange(60), second=random.randrange(60))
        if assignment.service is None or is_open(assignment.service, at, zone):
            return at
    return at
