"""What happened before today: one visit for each assignment whose time is over, decided by its own random state.

HIST-1  Whatever the day and the seed, one visit was broken off (void), one contact was never reached, and one record
        was returned with a question: by choice, so that there is always one to show. The others are a matter of odds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.record.assignment import Assignment
from checklists.record.service_hours import is_open
from checklists.record.sheet import sheet_of
from checklists.wire import decode
from sync_server.database.queries.season import rows_of
from sync_server.demo import visits
from sync_server.demo.calendar import ZONE
from sync_server.demo.visits import Visit

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
STILL_OPEN, NEVER_REACHED, RECOGNISED, RETURNED = 0.12, 0.05, 0.04, 0.08
BEHIND = ("harbour-ferry", "lion-rock-express", "cloud-ladder-travel", "kapok-fibre")
STILL_OPEN_BEHIND = 0.5  # of those entries: round 2 is under way, and they are behind
ACCEPTED = 0.8  # of round 2; the others wait for somebody to look at them
HOURS = range(11, 18)


class Fate(Enum):
    """What became of a visit."""

    STILL_OPEN = auto()
    UNREACHED = auto()
    RECOGNISED = auto()
    FILLED = auto()
    RETURNED = auto()  # filled in, and questioned by the reviewer


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
    assignments = [decode(row["body"], Assignment) for row in over]
    chosen = _chosen(assignments)
    made = [_past(assignment, seed, chosen.get(assignment.id)) for assignment in assignments]
    yield from sorted((one for one in made if one is not None), key=lambda one: one.sent_at)


def _chosen(over: Sequence[Assignment]) -> Mapping[str, Fate]:
    """Choose the assignments that HIST-1 speaks of, the first that fit: the plan is the same whatever the day."""
    wanted: Mapping[Fate, Callable[[Assignment], bool]] = {
        # One that is open at all hours: every try is in service hours, so that the log says "never reached" too.
        Fate.UNREACHED: lambda one: one.channel is Channel.PHONE_IN and one.round == 1 and one.service is None,
        Fate.RECOGNISED: lambda one: one.branch is not None and one.round == 1,
        # A call is sent within hours, and so is reviewed before today.
        Fate.RETURNED: lambda one: one.channel is Channel.PHONE_IN and one.round > 1,
    }
    return {next(one.id for one in over if fits(one)): fate for fate, fits in wanted.items()}


def _past(assignment: Assignment, seed: int, chosen: Fate | None) -> Past | None:
    random = Random(f"{seed}/{assignment.id}")  # noqa: S311 - repeatable, nothing secret
    fate = chosen or _fate(assignment, random)
    if fate is Fate.STILL_OPEN:
        return None
    begin = _when(assignment, random)
    record = visits.begun(assignment, begin, random)
    if fate is Fate.UNREACHED:
        visit = visits.unreached(assignment, record, sheet_of(record, shipped_forms()), random)
    elif fate is Fate.RECOGNISED:
        visit = visits.recognised(record, sheet_of(record, shipped_forms()))
    else:
        record = visits.with_draw(record, assignment, begin, random)
        sheet = sheet_of(record, shipped_forms())
        visit = visits.filled(assignment, record, sheet, QUALITY.get(assignment.entrant_id, 0.5), random)
    sent_at = (visit.record.finished_at or begin) + timedelta(minutes=3 + random.randrange(300))
    questioned = next(iter(visit.record.answers), "")
    is_accepted = assignment.round == 1 or (fate is not Fate.RETURNED and random.random() < ACCEPTED)
    verdict = "accepted" if is_accepted else "returned" if fate is Fate.RETURNED and questioned else ""
    return Past(visit, assignment.assessor_id, sent_at, verdict, questioned)


def _fate(assignment: Assignment, random: Random) -> Fate:
    still_open = STILL_OPEN_BEHIND if assignment.entrant_id in BEHIND else STILL_OPEN
    if assignment.round > 1 and random.random() < still_open:
        return Fate.STILL_OPEN
    drawn = random.random()
    if assignment.channel == Channel.PHONE_IN and drawn < NEVER_REACHED:
        return Fate.UNREACHED
    if assignment.branch is not None and drawn < RECOGNISED:
        return Fate.RECOGNISED
    return Fate.RETURNED if assignment.round > 1 and random.random() < RETURNED else Fate.FILLED


def _when(assignment: Assignment, random: Random) -> datetime:
    """Return a moment in which the assignment is due and the entrant is open."""
    last = assignment.due_until - timedelta(days=LATEST_DAYS_AGO)
    days = max(1, (last - assignment.due_from).days)
    for _ in range(50):
        day = (assignment.due_from + timedelta(days=random.randrange(days))).astimezone(ZONE)
        at = day.replace(hour=random.choice(HOURS), minute=random.randrange(60), second=random.randrange(60))
        if assignment.service is None or is_open(assignment.service, at, ZONE):
            return at
    return at
