"""A data folder given its demo season, once, and what each start adds: fresh codes, accounts that can be signed in to.

SEED-1  The season is remembered by its first day and a number; everything in it follows from these, so that seeding
        that was killed goes on where it was, and sends nothing twice.
SEED-2  What came in earlier arrives through the devices' own API, by a clock that stands at the day it happened.
SEED-3  A folder whose season is not the demo's is never changed, save for accounts and enrolment codes.
SEED-4  Nor does a restart change the demo's, while whoever enrols with a new code still finds visits of all channels;
        later the same visits are due again. Codes are for those without a phone first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection

from checklists.forms.form import AWARD_CHANNELS
from checklists.wire import encode
from sync_server.app import create_app
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import season
from sync_server.database.queries.devices import note_seen
from sync_server.database.queries.settings import REVIEW_SEED, keep_setting, setting
from sync_server.demo import calendar as calendars
from sync_server.demo.calendar import ZONE
from sync_server.demo.consortium import add_consortium
from sync_server.demo.customers import add_customers
from sync_server.demo.enrolments import add_enrolments
from sync_server.demo.history import Past, past_visits
from sync_server.demo.office import add_office
from sync_server.demo.proposals import add_proposals
from sync_server.demo.quotes import quote_some
from sync_server.demo.rota import Rota, newcomers
from sync_server.demo.season import Row, as_csv, season_files
from sync_server.demo.second_scores import score_twice
from sync_server.demo.signing import sign_first_round
from sync_server.demo.site_visits import decide_first_visit, site_visits
from sync_server.exchange.csv.calendar_sheets import EDITIONS
from sync_server.exchange.csv.season_import import import_files
from sync_server.exchange.csv.sheets import ASSESSORS, ASSIGNMENTS
from sync_server.exchange.loopback import Sender, client_of, enrolled
from sync_server.people import enrolment_codes
from sync_server.review import verdicts
from sync_server.review.outcome import By
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rules import rules_in_force
from sync_server.season.set_up import set_up

CODES = 5
SILENT = 3  # phones that were not heard of since they sent their last visit
SMALL = {"quota.contacts": [6, 10, 16, 20], "quota.visits": [4, 6, 8, 10]}  # quotas of an edition that is ready sooner
AT_ONCE = 8  # visits sent together: the server commits in groups
SEEDED = "demo-season"  # the setting that remembers it
COMMAND = "command"


class DemoError(RuntimeError):
    """The demo season could not be made; a defect of the demo itself, never of the person who started it."""


_STANDS_AT: ContextVar[datetime] = ContextVar("the moment a phone of the demo sends at")


class StandingClock:
    """A clock that stands at the moment of the visit being sent: each task has its own.

    Whoever else asks reads `begun_at`, so that the work that visits leave behind is done by the server that is started.
    """

    def __init__(self, begun_at: datetime) -> None:
        self._begun_at = begun_at

    def __call__(self) -> datetime:
        """Return the moment it stands at."""
        return _STANDS_AT.get(self._begun_at)


class Seeded(NamedTuple):
    """What the folder remembers of its demo season."""

    start: date
    seed: int
    sent: bool

    def kept(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"start": self.start.isoformat(), "seed": self.seed, "sent": self.sent}


def begin(database: Database, now: datetime, *, seed: int = 1, small: bool = False) -> Seeded | None:
    """Give the folder the demo's season where it has none. None: it holds a season that is not the demo's.

    A `small` one has an edition whose rules ask for fewer visits.
    """
    upgrade(database)
    with database.transaction() as db:
        return _seeded(db) or _new_season(db, now, seed, SMALL if small else {})


def send_the_past(config: Config, database: Database, seeded: Seeded, now: datetime, reviewer: str) -> None:
    """Send what came in before today, and let `reviewer` (an account's id) look at it. Once; goes on after a kill."""
    if seeded.sent:
        return
    begun_at = datetime.combine(seeded.start, datetime.min.time(), ZONE)
    with database.transaction() as db:
        past = list(past_visits(db, seeded.seed, now))
        past += [Past(*one, "", "") for one in site_visits(db, seeded.seed, now)]
        codes = _codes_of_the_past(db, past, begun_at, config.enrolment_code_lasts)
    asyncio.run(_send(config, begun_at, past, codes))
    with database.transaction() as db:
        add_enrolments(db, calendars.from_start(seeded.start, now.astimezone(ZONE).date()))
        _review(db, past, reviewer, now)
        confirm_clock(db, now)  # what was sent by clocks of the past says nothing about today's
        score_twice(db, now)
        quote_some(db, By(reviewer, now))
        sign_first_round(db, now)
        decide_first_visit(db, now)
        add_customers(db, seeded.seed, now)
        release_due(db, now, now)  # as its server would have done on the day
        add_consortium(db, now)
        add_proposals(db, now)
        add_office(db, calendars.from_start(seeded.start, now.astimezone(ZONE).date()), now)
        for assessor in sorted(codes)[SILENT:]:
            note_seen(db, _device_of(assessor), now)  # the others' phones looked for news today
        keep_setting(db, SEEDED, seeded._replace(sent=True).kept(), now)


def _device_of(assessor: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"demo/{assessor}"))


def fresh_codes(database: Database, now: datetime, count: int = CODES, *, lasts: timedelta) -> list[str]:
    """Issue `count` enrolment codes: each for an assessor without a phone, if there are, with visits in the demo."""
    with database.transaction() as db:
        seeded = _seeded(db)
        with_visits = None if seeded is None else _with_bundles(db, seeded, count, now)
        without = season.assessors_without_phone(db)
        if with_visits is None:
            assessors = list(without or season.working_assessors(db))[:count]
        else:
            assessors = sorted(with_visits, key=lambda one: one not in without)
        return [
            enrolment_codes.issue_code(db, assessor_id=assessor, created_by=COMMAND, now=now, lasts=lasts).code
            for assessor in assessors
        ]


def _seeded(db: Connection) -> Seeded | None:
    kept = setting(db, SEEDED)
    return None if kept is None else Seeded(date.fromisoformat(kept["start"]), kept["seed"], kept["sent"])


def _new_season(db: Connection, now: datetime, seed: int, quotas: Mapping[str, object]) -> Seeded | None:
    if season.rows_of(db, "entrants"):
        return None
    calendar = calendars.around(now.astimezone(ZONE).date())
    before = datetime.combine(calendar.start - timedelta(days=1), datetime.min.time(), ZONE)
    overrides = {
        "faq.deadline": calendar.faq_deadline.isoformat(),
        "report.release_at": [f"{calendar.released_on(number).isoformat()}T09:00:00+08:00" for number in (1, 2, 3)],
        "results.release_at": f"{calendar.ceremony_on.isoformat()}T18:00:00+08:00",
        **quotas,
    }
    set_up(db, before, overrides=overrides)
    files = season_files(calendar)
    # The edition was begun when its days still lay ahead.
    edition = {EDITIONS.file: files.pop(EDITIONS.file)}
    _import(db, edition, before - timedelta(days=100))
    rota = Rota(files, calendar, Random(f"{seed}/fieldwork"))  # noqa: S311 - repeatable, nothing secret
    rows = rota.fieldwork(rules_in_force(db).rules)
    _import(db, {**files, ASSIGNMENTS.file: as_csv(ASSIGNMENTS, rows)}, before)
    seeded = Seeded(calendar.start, seed, sent=False)
    keep_setting(db, SEEDED, seeded.kept(), now)
    keep_setting(db, REVIEW_SEED, f"demo/{seed}", now)  # what is drawn to be scored twice is the same in every demo
    return seeded


def _with_bundles(db: Connection, seeded: Seeded, count: int, now: datetime) -> list[str]:
    """Make newcomers until there are `count`, and give visits due from today on to each who lacks a channel's."""
    today = now.astimezone(ZONE).date()
    calendar = calendars.from_start(seeded.start, today)
    earlier = [assessor for assessor in season.working_assessors(db) if assessor.startswith("B-")]
    new = list(newcomers(count - len(earlier), len(earlier)))
    chosen = [*earlier, *(row["assessor"] for row in new)]
    due = {(row["assessor_id"], row["channel"]) for row in season.rows_of(db, "assignments") if row["due_until"] > now}
    files = season_files(calendar)
    languages = {row["id"]: ";".join(row["languages"]) for row in season.rows_of(db, "assessors")}
    languages |= {row["assessor"]: row["languages"] for row in new}
    rows: list[Row] = []
    for assessor in chosen:
        if all((assessor, channel) in due for channel in AWARD_CHANNELS):
            continue
        rota = Rota(files, calendar, Random(f"{seeded.seed}/{assessor}"))  # noqa: S311
        rows += rota.bundle(assessor, languages[assessor], today)
    _import(db, {ASSESSORS.file: as_csv(ASSESSORS, new), ASSIGNMENTS.file: as_csv(ASSIGNMENTS, rows)}, now)
    return chosen


def _import(db: Connection, files: dict[str, bytes], now: datetime) -> None:
    checked = import_files(db, files, now=now)
    if checked.problems:
        raise DemoError("; ".join(map(str, checked.problems)))


def _codes_of_the_past(db: Connection, past: Sequence[Past], at: datetime, lasts: timedelta) -> dict[str, str]:
    assessors = sorted({one.assessor_id for one in past})
    return {
        assessor: enrolment_codes.issue_code(db, assessor_id=assessor, created_by=COMMAND, now=at, lasts=lasts).code
        for assessor in assessors
    }


async def _send(config: Config, begun_at: datetime, past: Sequence[Past], codes: dict[str, str]) -> None:
    app = create_app(config, clock=StandingClock(begun_at))
    async with app.lifespan(), client_of(app) as client:
        phones: dict[str, Sender] = {}
        for assessor, code in codes.items():
            phones[assessor] = await enrolled(client, code, _device_of(assessor), f"Phone of {assessor}")
        for first in range(0, len(past), AT_ONCE):
            await asyncio.gather(*(_send_one(phones, one) for one in past[first : first + AT_ONCE]))


async def _send_one(phones: dict[str, Sender], one: Past) -> None:
    _STANDS_AT.set(one.sent_at)
    record = one.visit.record
    if not await phones[one.assessor_id].send(record.id, encode(record), one.visit.files, one.sent_at):
        raise DemoError(f"the server still misses files of {record.assignment_id}")


def _review(db: Connection, past: Sequence[Past], reviewer: str, now: datetime) -> None:
    """Accept what arrived long ago, and return a little of the rest with a question."""
    for one, digest in _unreviewed(db, past):
        at = one.sent_at + timedelta(days=2)
        if at < now and one.verdict:
            comments = {one.questioned: "Which exact words were used?"} if one.verdict == "returned" else {}
            verdict = verdicts.Verdict(one.verdict, digest, "", comments)
            verdicts.review(db, one.visit.record.id, verdict, By(reviewer, at))


def _unreviewed(db: Connection, past: Sequence[Past]) -> Iterator[tuple[Past, str]]:
    finished = season.finished_assessments(db)
    for one in past:
        digest = finished.get(one.visit.record.id)
        if digest is not None:
            yield one, digest
