"""Jobs: work that one of the processes sharing a database does once. Asking twice for the same is asking once.

`due_at` is also the wish's version: asked for again while the work is under way, it differs, and it is done again. It
differs by the clock that stands still, too: who takes a wish dates it a little earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, delete, or_, select, update

from sync_server.database.columns import moment_text
from sync_server.database.queries.driver import insert_rows, run_many
from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import jobs

FURTHEST = timedelta(days=2)
_A_LITTLE = timedelta(microseconds=1)  # the least that a moment is kept to


class Job(NamedTuple):
    """What is to be done (`kind`: "standing") to what (`subject`)."""

    kind: str  # without "/"
    subject: str

    @property
    def name(self) -> str:
        """The key of its row. Nothing outside this module takes it apart."""
        return f"{self.kind}/{self.subject}"


class DueJob(NamedTuple):
    """A job to do. `tries` before this one; this one is counted already."""

    job: Job
    due_at: datetime
    tries: int


class _Wish(NamedTuple):
    name: str
    due_at: datetime


def ask_for(db: Connection, wanted: Collection[Job], due_at: datetime) -> None:
    """Ask for jobs."""
    rows = [_Wish(job.name, due_at) for job in sorted(wanted)]
    insert_rows(db, jobs, rows, key="name", changed=("due_at",))


def ask_not_before(db: Connection, job: Job, due_at: datetime) -> None:
    """Ask for one job; where it is asked for already and due earlier, put it off to `due_at`."""
    db.execute(insert_ignoring_duplicates(db, jobs).values(name=job.name, due_at=due_at))
    db.execute(update(jobs).where(jobs.c.name == job.name, jobs.c.due_at < due_at).values(due_at=due_at))


def forget_job(db: Connection, job: Job) -> None:
    """Drop a wish."""
    db.execute(delete(jobs).where(jobs.c.name == job.name))


def any_due(db: Connection, kinds: Collection[str], *, taken_by: str, now: datetime) -> bool:
    """Return whether there is a job of `kinds` for `taken_by` to take. For a look before a transaction is opened."""
    return db.execute(select(jobs.c.name).where(_is_due(kinds, taken_by, now)).limit(1)).first() is not None


def job_names(db: Connection, kind: str) -> Sequence[str]:
    """Return the names of the jobs of a kind that are asked for, due or not."""
    return db.execute(select(jobs.c.name).where(jobs.c.name.startswith(f"{kind}/", autoescape=True))).scalars().all()


def subjects_asked_for(db: Connection, kind: str) -> Sequence[str]:
    """Return the subjects of the jobs of a kind that are asked for, due or not."""
    return [_job(name).subject for name in job_names(db, kind)]


def take_due(
    db: Connection, kinds: Collection[str], *, taken_by: str, now: datetime, until: datetime, limit: int
) -> Sequence[DueJob]:
    """Take up to `limit` due jobs of `kinds` for `taken_by` until `until`, and return them, the oldest first.

    What `taken_by` holds already comes again: it asks only when it is doing nothing. Each taking counts as a try, so
    that a job which ends its process is counted too; what comes again because the database was away does not. Inside
    a write transaction, which is serial: no other process takes the same.
    """
    comes_again = case((jobs.c.taken_by == taken_by, 1), else_=0)
    due = select(jobs.c.name, jobs.c.due_at, (jobs.c.tries - comes_again).label("tries"))
    rows = db.execute(due.where(_is_due(kinds, taken_by, now)).order_by(jobs.c.due_at).limit(limit))
    taken = [DueJob(_job(row.name), row.due_at - _A_LITTLE, row.tries) for row in rows]
    sql = "UPDATE jobs SET taken_by = ?, taken_until = ?, tries = ?, due_at = ? WHERE name = ?"
    ends = moment_text(until)
    run_many(db, sql, [(taken_by, ends, one.tries + 1, moment_text(one.due_at), one.job.name) for one in taken])
    return taken


def free_taken(db: Connection) -> None:
    """Let whatever a process has taken be taken anew; its tries stay counted."""
    db.execute(update(jobs).where(jobs.c.taken_by.is_not(None)).values(taken_by=None, taken_until=None))


def finish(db: Connection, done: Sequence[DueJob]) -> None:
    """Forget jobs that are done; one that was asked for again meanwhile may be taken anew."""
    rows = [(due.job.name, moment_text(due.due_at)) for due in done]
    run_many(db, "DELETE FROM jobs WHERE name = ? AND due_at = ?", rows)
    names = [(name,) for name, _ in rows]
    run_many(db, "UPDATE jobs SET taken_by = NULL, taken_until = NULL, tries = 0 WHERE name = ?", names)


def put_off(db: Connection, failed: DueJob, due_at: datetime, problem: str) -> None:
    """Let a job that failed wait until `due_at`."""
    values = {"due_at": due_at, "taken_by": None, "taken_until": None, "problem": problem}
    db.execute(update(jobs).where(jobs.c.name == failed.job.name).values(values))


def _job(name: str) -> Job:
    kind, _, subject = name.partition("/")
    return Job(kind, subject)


def _is_due(kinds: Collection[str], taken_by: str, now: datetime) -> ColumnElement[bool]:
    of_kinds = or_(*(jobs.c.name.startswith(f"{kind}/", autoescape=True) for kind in sorted(kinds)))
    # No wish lies further ahead than FURTHEST: it was made by a clock that ran ahead and has been put back.
    is_due = or_(jobs.c.due_at <= now, jobs.c.due_at > now + FURTHEST)
    is_free = or_(jobs.c.taken_until.is_(None), jobs.c.taken_until < now, jobs.c.taken_by == taken_by)
    return and_(is_due, is_free, of_kinds)
