"""Work that follows from arrivals, done once, by one of the processes that share a database.

WRK-1  A job is requested in the transaction that makes it necessary, so it is never forgotten.
WRK-2  A process takes it for LEASE; when that process dies, another one takes it after the lease.
WRK-3  A job that is requested again while it is under way is done again.
WRK-4  A job that fails waits longer each time. Others go on, and its reason is in the table and the log.
WRK-5  When the database is away, full or too busy, no job has failed: the process goes on with those it took.
WRK-6  A try counts when the job is taken, so one that ends its process counts too. Where a kind can give up, it does so
       after MOST_TRIES; such jobs are taken one by one, so that none is counted for another's fault.
WRK-7  The thread rests after each job, a few seconds at most: a slow one takes the machine's time, not the others'.
WRK-8  Jobs of a kind that is done together end in the one transaction that keeps what came of them. When one of them
       fails, each is done by itself.
WRK-9  SQLite is served by one process: when the next starts, what the last had taken waits for no lease. A power cut
       delays neither a release nor a letter by it.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.clock import Clock, monotonic_s
from sync_server.database.engine import Database, is_away
from sync_server.database.queries import jobs
from sync_server.database.queries.jobs import DueJob
from sync_server.database.writer import DatabaseAwayError, StorageFullError, TooBusyError, Writer

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
POLL_S = 2.0
MOST_TRIES = 3
LONGEST_REST_S = 3.0
MANY_PER_S = 50  # writes that devices and people wait for: so many, and somebody waits nearly always
BREATH_S = 0.2
AT_ONCE = 20

Work = Callable[[str], None]  # given the subject of a job of its kind; blocks, raises when it failed
Write = Callable[[Connection], object]
Together = Callable[[Sequence[str]], Write]  # given several; blocks, and returns what keeps all that came of them


class Rests(NamedTuple):
    """How many times as long as the work the thread rests, LONGEST_REST_S at most."""

    times: float = 3
    while_devices_wait: float = 12


RESTS = Rests()


class Worker:
    """One thread that takes due jobs and does them, one after the other, or all of a kind that is done `together`.

    `give_up` is done instead of the work, with the same subject, once MOST_TRIES have failed. A kind without it is
    tried for ever.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Clock,
        kinds: Mapping[str, Work],
        *,
        give_up: Mapping[str, Work] | None = None,
        together: Mapping[str, Together] | None = None,
        rests: Rests = RESTS,
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._kinds = dict(kinds)
        self._give_up = dict(give_up or {})
        self._together = dict(together or {})
        self._rests = rests
        self._at_once = 1  # until it is known how long one takes
        self._submitted, self._asked_s = 0, monotonic_s()  # as `_writes_per_s` looked last
        self._name = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(3)}"
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now. From any thread."""
        self._due.set()

    def close(self, timeout_s: float) -> None:
        """Finish the job under way and stop. Jobs not begun stay in the table."""
        self._stopping.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def do_due(self) -> int:
        """Take the jobs that are due, do them, and return how many were done."""
        return self._work(lambda _worked_s: None)

    def _work(self, rest: Callable[[float], None]) -> int:
        done = 0
        for due in self._groups(self._take()):
            if self._stopping.is_set():
                break
            begun = monotonic_s()
            self._do(due)
            done += len(due)
            worked_s = monotonic_s() - begun
            self._at_once = at_once(worked_s / len(due), self._rests)
            rest(worked_s)
        return done

    def _groups(self, taken: Sequence[DueJob]) -> Iterator[Sequence[DueJob]]:
        for kind, group in groupby(taken, key=lambda due: due.job.kind):
            if kind in self._together:
                left = list(group)
                if self._writer.submitted - self._submitted > AT_ONCE:
                    self._at_once = 1  # not known any more: a burst brings each many new records
                while left:
                    # Slow ones fewer at a time: else the longest rest would be too short for its share.
                    many = self._at_once  # another one by the time that these are done
                    yield left[:many]
                    del left[:many]
            else:
                yield from ([due] for due in group)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            done = 0
            try:
                done = self._work(self._rest)
            except Exception as error:
                if _is_of_the_database(error):
                    logger.info("work waits for the database (%s)", type(error).__name__)
                else:
                    logger.exception("looking for work failed")
            if not done:
                self._writes_per_s()
                self._due.wait(POLL_S)
            self._stopping.wait(BREATH_S)

    def _rest(self, worked_s: float) -> None:
        # Arrivals come by the thousand, and devices come first: background work gets a small share of the time. They
        # come in waves, so what came during the last rest counts, too.
        devices_wait = self._writes_per_s() > MANY_PER_S or self._writer.waiting > 0
        self._stopping.wait(rest_s(worked_s, devices_wait=devices_wait, rests=self._rests))

    def _writes_per_s(self) -> float:
        """Return how many writes a second came since this was asked last."""
        since_s, since = self._asked_s, self._submitted
        self._asked_s, self._submitted = monotonic_s(), self._writer.submitted
        return (self._submitted - since) / max(self._asked_s - since_s, 0.001)

    def _take(self) -> Sequence[DueJob]:
        now, kinds = self._clock(), {*self._kinds, *self._together}
        with self._database.reading() as db:
            if not jobs.any_due(db, kinds, taken_by=self._name, now=now):
                return []

        limit = 1 if self._give_up else AT_ONCE

        def take(db: Connection) -> Sequence[DueJob]:
            return jobs.take_due(db, kinds, taken_by=self._name, now=now, until=now + LEASE, limit=limit)

        return self._writer.run_from_thread(take)

    def _do(self, due: Sequence[DueJob]) -> None:
        kind = due[0].job.kind
        try:
            write = self._done(due)

            def end(db: Connection) -> None:
                if write:
                    write(db)
                jobs.finish(db, due)

            self._writer.run_from_thread(end)
        except Exception as error:
            if _is_of_the_database(error):
                raise
            if len(due) > 1:
                for each in due:
                    self._do([each])
                return
            logger.exception("a job of kind %s failed", kind)
            due_at = self._clock() + min(FIRST_WAIT * 2 ** min(due[0].tries, 12), LONGEST_WAIT)
            problem = type(error).__name__
            self._writer.run_from_thread(lambda db: jobs.put_off(db, due[0], due_at, problem))

    def _done(self, due: Sequence[DueJob]) -> Write | None:
        kind, subject = due[0].job
        if kind in self._together:
            return self._together[kind]([each.job.subject for each in due])
        is_over = due[0].tries >= MOST_TRIES and kind in self._give_up
        (self._give_up if is_over else self._kinds)[kind](subject)
        return None


def rest_s(worked_s: float, *, devices_wait: bool, rests: Rests = RESTS) -> float:
    """Return how long the thread rests after work that took `worked_s`."""
    return min(LONGEST_REST_S, (rests.while_devices_wait if devices_wait else rests.times) * worked_s)


def at_once(each_s: float, rests: Rests = RESTS) -> int:
    """Return how many jobs that take `each_s` are done together, so that a rest is not longer than the longest."""
    return max(1, min(AT_ONCE, int(LONGEST_REST_S / rests.while_devices_wait / max(each_s, 0.001))))


def _is_of_the_database(error: Exception) -> bool:
    return isinstance(error, (TooBusyError, StorageFullError, DatabaseAwayError)) or is_away(error)
