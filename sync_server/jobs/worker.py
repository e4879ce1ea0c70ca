"""Work that follows from arrivals, done once, by one of the processes that share a database.

WRK-1  A job is requested in the transaction that makes it necessary, so it is never forgotten.
WRK-2  A process takes it for LEASE; when that process dies, another one takes it after the lease.
WRK-3  A job that is requested again while it is under way is done again.
WRK-4  A job that fails waits longer each time. Others go on, and its reason is in the table and the log.
WRK-5  When the database is away, full or too busy, no job has failed: the process goes on with those it took.
WRK-6  Jobs of a kind that is done together end in the one transaction that keeps what came of them. When one of them
       fails, each is done by itself.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

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
REST, REST_WHILE_DEVICES_WAIT = 3, 12  # times as long as the work before
MANY_PER_S = 50  # writes of devices and people: so many, and somebody waits nearly always
BREATH_S = 0.2
AT_ONCE = 20

Work = Callable[[str], None]  # given the subject of a job of its kind; blocks, raises when it failed
Write = Callable[[Connection], object]
Together = Callable[[Sequence[str]], Write]  # given several; blocks, and returns what keeps all that came of them


class Worker:
    """One thread that takes due jobs and does them, one after the other."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Clock,
        kinds: Mapping[str, Work],
        together: Mapping[str, Together] | None = None,
        *,
        rest_while_devices_wait: float = REST_WHILE_DEVICES_WAIT,
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._kinds = dict(kinds)
        self._together = dict(together or {})
        self._rest_while_devices_wait = rest_while_devices_wait
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
        done = 0
        for kind, group in groupby(self._take(), key=lambda due: due.job.kind):
            due_of_kind = list(group)
            together = self._together.get(kind)
            for due in [due_of_kind] if together else [[each] for each in due_of_kind]:
                if self._stopping.is_set():
                    return done
                self._do(due, together or _alone(self._kinds[kind]))
                done += len(due)
        return done

    def _run(self) -> None:
        while not self._stopping.is_set():
            begun, submitted = monotonic_s(), self._writer.submitted
            try:
                self.do_due()
            except Exception as error:
                if _is_of_the_database(error):
                    logger.info("work waits for the database (%s)", type(error).__name__)
                else:
                    logger.exception("looking for work failed")
            worked_s, writes = monotonic_s() - begun, self._writer.submitted - submitted
            self._due.wait(POLL_S)
            self._due.clear()
            do_devices_wait = self._writer.waiting > 0 or writes > MANY_PER_S * worked_s
            rest = self._rest_while_devices_wait if do_devices_wait else REST
            # Arrivals come by the thousand, and devices come first: background work gets a small share of the time.
            self._stopping.wait(max(BREATH_S, rest * worked_s))

    def _take(self) -> Sequence[DueJob]:
        now, kinds = self._clock(), {*self._kinds, *self._together}
        with self._database.reading() as db:
            if not jobs.any_due(db, kinds, taken_by=self._name, now=now):
                return []

        def take(db: Connection) -> Sequence[DueJob]:
            return jobs.take_due(db, kinds, taken_by=self._name, now=now, until=now + LEASE, limit=AT_ONCE)

        return self._writer.run_from_thread(take)

    def _do(self, due: Sequence[DueJob], work: Together) -> None:
        try:
            write = work([each.job.subject for each in due])

            def end(db: Connection) -> None:
                write(db)
                jobs.finish(db, due)

            self._writer.run_from_thread(end)
        except Exception as error:
            if _is_of_the_database(error):
                raise
            if len(due) > 1:
                for each in due:
                    self._do([each], work)
                return
            logger.exception("a job of kind %s failed", due[0].job.kind)
            due_at = self._clock() + min(FIRST_WAIT * 2 ** min(due[0].tries, 12), LONGEST_WAIT)
            problem = type(error).__name__
            self._writer.run_from_thread(lambda db: jobs.put_off(db, due[0], due_at, problem))


def _alone(work: Work) -> Together:
    def done(subjects: Sequence[str]) -> Write:
        for subject in subjects:
            work(subject)
        return _nothing

    return done


def _nothing(_db: Connection) -> None:
    """What a kind that keeps its own results leaves to write."""


def _is_of_the_database(error: Exception) -> bool:
    return isinstance(error, (TooBusyError, StorageFullError, DatabaseAwayError)) or is_away(error)
