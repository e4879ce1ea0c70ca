"""Jobs: work that one of the processes sharing a database does once. Asking twice for the same is asking once.

`due_at` is also the wish's version: asked for again while the work is under way, it differs, and it is done again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from sync_server.database.queries.driver import insert_rows
from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import jobs


class DueJob(NamedTuple):
    """A job to do. `tries` before this one."""

    name: str
    due_at: datetime
    tries: int


def ask_for(db: Connection, names: Collection[str], due_at: datetime) -> None:
    """Ask for jobs by name ("standing/harbour-ferry/phone_in")."""
    rows = [{"name": name, "due_at": due_at} for name in sorted(names)]
    insert_rows(db, jobs, rows, key="name", changed=("due_at",))


def ask_unless_asked(db: Connection, name: str, due_at: datetime) -> None:
    """Ask for one job, unless it is asked for already, however late."""
    db.execute(insert_ignoring_duplicates(db, jobs).values(name=name, due_at=due_at))


def any_due(db: Connection, kinds: Collection[str], *, taken_by: str, now: datetime) -> bool:
    """Return whether there is a job of `kinds` for `taken_by` to take. For a look before a transaction is opened."""
    return db.execute(select(jobs.c.name).where(_is_due(kinds, taken_by, now)).limit(1)).first() is not None


def take_due(
    db: Connection, kinds: Collection[str], *, taken_by: str, now: datetime, until: datetime, limit: int
) -> Sequence[DueJob]:
    """Take up to `limit` due jobs of `kinds` for `taken_by` until `until`, and return them, the oldest first.

    What `taken_by` holds already comes again: it asks only when it is doing nothing. Inside a write transaction, which
    is serial: no other process takes the same.
    """
    due = select(jobs.c.name, jobs.c.due_at, jobs.c.tries).where(_is_due(kinds, taken_by, now))
    taken = [DueJob(*row) for row in db.execute(due.order_by(jobs.c.due_at).limit(limit))]
    if taken:
        names = [job.name for job in taken]
        db.execute(update(jobs).where(jobs.c.name.in_(names)).values(taken_by=taken_by, taken_until=until))
    return taken


def finish(db: Connection, job: DueJob) -> None:
    """Forget a job that is done, unless it was asked for again meanwhile; then it may be taken anew."""
    db.execute(delete(jobs).where(jobs.c.name == job.name, jobs.c.due_at == job.due_at))
    db.execute(update(jobs).where(jobs.c.name == job.name).values(taken_by=None, taken_until=None, tries=0))


def put_off(db: Connection, job: DueJob, due_at: datetime, problem: str) -> None:
    """Let a job that failed wait until `due_at`."""
    values = {"due_at": due_at, "taken_by": None, "taken_until": None, "tries": job.tries + 1, "problem": problem}
    db.execute(update(jobs).where(jobs.c.name == job.name).values(values))


def _is_due(kinds: Collection[str], taken_by: str, now: datetime) -> ColumnElement[bool]:
    known = or_(*(jobs.c.name.startswith(f"{kind}/", autoescape=True) for kind in sorted(kinds)))
    free = or_(jobs.c.taken_until.is_(None), jobs.c.taken_until < now, jobs.c.taken_by == taken_by)
    return and_(jobs.c.due_at <= now, free, known)
