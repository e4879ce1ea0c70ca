"""How far time has come, as this server has seen it pass: what may happen only once a moment is really over asks here.

A clock can be wrong: a flat battery, an image of another day, a typed date, a folder that stood still for a year. So
the server keeps a mark, the latest moment it believes, beside what its clock said last and how long it has run since.

OBS-1  Observed time is the earlier of the clock and the mark. It never runs ahead of either.
OBS-2  A clock at most GAP ahead of the mark is believed: the mark goes to it. Restarts and weekends are covered.
OBS-3  A clock further ahead (a jump) is not believed, nor is one behind the mark. Once it has gone on steadily for
       LONG_ENOUGH, which the processes measure while they run, it is, and the mark goes to it, forward or back. Time in
       which no process ran adds nothing; another jump begins anew.
OBS-4  Somebody of the office may look at a clock and confirm it; that is kept in the audit log. Until then every page
       of the desk says what the clock shows and how far time was seen.
OBS-5  A folder that has no mark yet begins with the newest entry of its audit log, or with the clock where it has none.

The mark is a setting: it goes with a backup, so that a season restored later waits before it believes its new clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from sync_server.clock import monotonic_s
from sync_server.database.queries.audit_log import newest_entry_at
from sync_server.database.queries.settings import keep_setting, setting

GAP = timedelta(days=7)
SLACK = timedelta(hours=1)  # a clock set back by less is no news
LONG_ENOUGH = timedelta(days=7)
MARK = "observed-time"


class Mark(msgspec.Struct, frozen=True):
    """`at`: the latest moment believed. `seen`: what the clock said last. `ran_s`: how long it ran unbelieved."""

    at: datetime
    seen: datetime
    ran_s: float = 0.0

    @property
    def believes_its_clock(self) -> bool:
        """Whether the clock stood about where the mark is when it was looked at last."""
        return abs(self.seen - self.at) <= SLACK

    def observed(self, now: datetime) -> datetime:
        """Return how far time has come, when the clock says `now`."""
        return min(now, self.after(now).at)

    def after(self, now: datetime, ran_s: float = 0.0) -> Mark:
        """Return the mark once the clock was seen at `now`, `ran_s` after the same process saw it before."""
        if timedelta() <= now - self.at <= GAP:
            return Mark(now, now)
        step = now - self.seen
        ran = self.ran_s + min(ran_s, step.total_seconds()) if timedelta() <= step <= GAP else 0.0
        return Mark(now, now) if ran >= LONG_ENOUGH.total_seconds() else Mark(self.at, now, ran)


class ObservedTime:
    """What one process has seen of time. `monotonic` are seconds that no clock can set."""

    def __init__(self, monotonic: Callable[[], float] = monotonic_s) -> None:
        self._monotonic = monotonic
        self._looked_s = monotonic()

    def note(self, db: Connection, now: datetime) -> datetime:
        """Look at the clock, keep the mark and return observed time. Inside a write transaction."""
        looked_s, self._looked_s = self._looked_s, self._monotonic()
        mark = mark_of(db, now).after(now, self._looked_s - looked_s)
        _keep(db, mark, now)
        return mark.observed(now)


def mark_of(db: Connection, now: datetime) -> Mark:
    """Return the mark as kept; of a folder that has none, the one it begins with."""
    kept = setting(db, MARK)
    if kept is not None:
        return msgspec.convert(kept, Mark)
    begins_at = newest_entry_at(db) or now
    return Mark(begins_at, begins_at)


def observed_now(db: Connection, now: datetime) -> datetime:
    """Return observed time without keeping anything."""
    return mark_of(db, now).observed(now)


def is_ahead(db: Connection, moment: datetime) -> bool:
    """Return whether `moment` lies ahead of the mark kept; where none is, nothing was seen to pass."""
    kept = setting(db, MARK)
    return kept is None or msgspec.convert(kept, Mark).at < moment


def confirm_clock(db: Connection, now: datetime) -> None:
    """Believe the clock as it stands at `now`: somebody looked at it."""
    _keep(db, Mark(now, now), now)


def _keep(db: Connection, mark: Mark, now: datetime) -> None:
    keep_setting(db, MARK, msgspec.to_builtins(mark), now)
