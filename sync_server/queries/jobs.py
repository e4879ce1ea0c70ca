"""Jobs: work that one of the processes sharing a database does once. Asking twice for the same is asking once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from sync_server.queries.portable import insert_ignoring_duplicates
from sync_server.tables import jobs


def ask_for(db: Connection, names: Collection[str], due_at: datetime) -> None:
    """Ask for jobs by name ("standing/harbour-ferry/phone_in"). One that already waits stays as it is."""
    if names:
        rows = [{"name": name, "due_at": due_at} for name in sorted(names)]
        db.execute(insert_ignoring_duplicates(db, jobs), rows)


def take_due(db: Connection, taken_by: str, now: datetime, until: datetime, limit: int) -> Sequence[str]:
    """Take up to `limit` due jobs for this process until `until`, and return their names, the oldest first.

    Inside a write transaction, which is serial: no other process takes the same.
    """
    free = or_(jobs.c.taken_until.is_(None), jobs.c.taken_until < now)
    names = (
        db.execute(select(jobs.c.name).where(jobs.c.due_at <= now, free).order_by(jobs.c.due_at).limit(limit))
        .scalars()
        .all()
    )
    if names:
        db.execute(
            update(jobs)
            .where(jobs.c.name.in_(names))
            .values(taken_by=taken_by, taken_until=until, tries=jobs.c.tries + 1)
        )
    return names


def finish(db: Connection, name: str) -> None:
    """Forget a job that is done. Do so at the start of its own transaction, so that a new wish is kept."""
    db.execute(delete(jobs).where(jobs.c.name == name))


def put_off(db: Connection, name: str, due_at: datetime, problem: str) -> None:
    """Let a job that failed wait until `due_at`."""
    db.execute(
        update(jobs).where(jobs.c.name == name).values(due_at=due_at, taken_by=None, taken_until=None, problem=problem)
    )
