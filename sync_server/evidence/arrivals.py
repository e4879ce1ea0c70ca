"""A file has arrived: its row, the records that were waiting for it, and the work it sets going.

ARR-1  A file that is held has derivatives, or a word that says why not, or a job that will bring one of both.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from sync_server.database.queries import jobs
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.media import (
    MediaRow,
    add_media,
    assessments_naming,
    count_held_files,
    files_without_a_word,
)

DERIVE = "derive"
ASKED_AT_ONCE = 500  # the rest an hour later


def derive_job(sha256: str) -> jobs.Job:
    """Return the job that makes what is shown instead of a file."""
    return jobs.Job(DERIVE, sha256)


def ask_for_missing_derivatives(db: Connection, now: datetime) -> int:
    """Ask for the jobs of files that came before anybody could show their kind; return how many."""
    wanted = [derive_job(sha256) for sha256 in files_without_a_word(db, DERIVE, ASKED_AT_ONCE)]
    jobs.ask_for(db, wanted, now)
    return len(wanted)


def note_arrival(db: Connection, row: MediaRow) -> None:
    """Note that the store holds a file. A repeat changes nothing. Inside a write transaction, after the bytes."""
    if not add_media(db, row):
        return
    waiting = assessments_naming(db, row.sha256)
    for assessment_id in waiting:
        count_held_files(db, assessment_id)
    append_changes(
        db,
        [
            NewChange(audience="office", kind="media", subject_id=assessment_id, changed_at=row.stored_at)
            for assessment_id in waiting
        ],
    )
    jobs.ask_for(db, [derive_job(row.sha256)], row.stored_at)
