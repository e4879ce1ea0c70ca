"""When a round is to be released, and that it was. What entrants see, and what retention counts, begins with the event.

REL-1  The moment of a round is `report.release_at` of the rules in force; `rounds.csv` sets it there. Rules kept by an
       earlier release are joined by what its `rounds.csv` said, until a moment is set anew.
REL-2  A round is released once its end and its moment have both passed by observed time, and two people have signed its
       copy. The server writes that once, and it stays: a moment changed later, an import or a clock set back takes
       nothing away.
REL-3  A round without a moment is not released, whatever the day.
REL-4  The server looks when the next moment comes and every TICK, and at once after a moment was set or a copy signed.
REL-5  So are the results, by `results.release_at`: once the last of the rules' rounds has ended, and not before.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.queries import releases as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.publications import RESULTS, signed_off, what_of
from sync_server.database.queries.releases import ReleaseRow
from sync_server.database.writer import Writer
from sync_server.jobs.wishes import RELEASE_JOB
from sync_server.season.observed_time import ObservedTime
from sync_server.season.round_dates import RoundDates
from sync_server.season.rule_changes import freeze_opened
from sync_server.season.rules import release_moments, results_moment, version_in_force

logger = logging.getLogger(__name__)

TICK = timedelta(minutes=10)


def dated_rounds(db: Connection) -> Mapping[int, RoundDates]:
    """Return every round kept, with the moment it is to be released."""
    moments = release_moments(db)
    return {row.number: RoundDates(*row, moments.get(row.number)) for row in queries.round_rows(db)}


def release_due(db: Connection, observed: datetime, now: datetime) -> list[int | None]:
    """Write the event of each round whose end and moment have passed by `observed`, and return their numbers.

    None among them stands for the results. Inside a write transaction. A repeat changes nothing.
    """
    released = []
    for one in _waiting(db):
        if max(one.closes_at, one.release_at) > observed:
            continue
        event = ReleaseRow(one.round, one.release_at, max(observed, one.release_at), "system")
        if queries.append_release(db, event):
            released.append(one.round)
            details = {"release_at": one.release_at.isoformat()}
            kind, name = ("season", "results") if one.round is None else ("round", str(one.round))
            append_audit(db, [AuditRow(now, "system", "release", "round-released", kind, name, details)])
    return released


def next_due(db: Connection, now: datetime) -> datetime | None:
    """Return when the next round opens after `now`, or is to be released that is not yet; None: no moment is set."""
    opening = [one.opens_at for one in dated_rounds(db).values() if one.opens_at > now]
    return min([*opening, *(max(one.closes_at, one.release_at) for one in _waiting(db))], default=None)


class _Waiting(NamedTuple):
    """What is to be released. `round` None: the results, which end with the last round."""

    round: int | None
    closes_at: datetime
    release_at: datetime


def _waiting(db: Connection) -> list[_Waiting]:
    events, rounds, signed = queries.release_events(db), dated_rounds(db), signed_off(db)
    waiting = [
        _Waiting(one.number, one.closes_at, one.release_at)
        for one in rounds.values()
        if one.number not in events and one.release_at is not None and what_of(one.number) in signed
    ]
    moment, last = results_moment(db), rounds.get(max(version_in_force(db).rounds, default=0))
    if moment is not None and last is not None and RESULTS in signed and queries.results_event(db) is None:
        waiting.append(_Waiting(None, last.closes_at, moment))
    return waiting


class ReleaseJob:
    """Looks at the clock, releases what is due, and asks for itself again. Safe to repeat, and from two processes."""

    def __init__(self, writer: Writer, clock: Clock, time: ObservedTime) -> None:
        self._writer = writer
        self._clock = clock
        self._time = time

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks."""

        def look(db: Connection) -> list[int | None]:
            now = self._clock()
            observed = self._time.note(db, now)
            freeze_opened(db, observed, now)
            released = release_due(db, observed, now)
            due = next_due(db, now)
            again = now + TICK if due is None or due <= now else min(due, now + TICK)
            ask_for(db, [RELEASE_JOB], again)
            return released

        for number in self._writer.run_from_thread(look):
            logger.info("released: %s", "the results" if number is None else f"round {number}")
