"""The jobs that several rooms request, and what their subjects say."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from sync_server.database.queries.jobs import Job, ask_not_before

RELEASE_JOB = Job("release", "rounds")
STANDING = "standing"
FAQ_JOB = Job("faqs", "day")
RETAIN_JOB = Job("retain", "files")
FIRST_AFTER = timedelta(hours=1)  # whoever has just restored a season can still set a legal hold


def ask_for_retention(db: Connection, now: datetime) -> None:
    """Ask for the job at a server's start: not within the first hour, however long it has been due."""
    ask_not_before(db, RETAIN_JOB, now + FIRST_AFTER)


def standing_job(entrant_id: str, channel: str) -> Job:
    """Return the job that recomputes one entry's standing."""
    return Job(STANDING, f"{entrant_id}/{channel}")


def entry_of(subject: str) -> tuple[str, str]:
    """Return the entrant and the channel that the subject of a `standing_job` names."""
    entrant_id, _, channel = subject.rpartition("/")  # no channel holds a "/"
    return entrant_id, channel
