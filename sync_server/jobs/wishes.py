"""The names of jobs, and the requests for them that several rooms make."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from sync_server.database.queries.jobs import ask_unless_asked

RETAIN_JOB = "retain/files"
FIRST_AFTER = timedelta(hours=1)  # whoever has just restored a season can still set a legal hold


def ask_for_retention(db: Connection, now: datetime) -> None:
    """Ask for the job at a server's start; how often that happens makes no difference."""
    ask_unless_asked(db, RETAIN_JOB, now + FIRST_AFTER)


def standing_job(entrant_id: str, channel: str) -> str:
    """Return the name of the job that recomputes one entry's standing."""
    return f"standing/{entrant_id}/{channel}"
