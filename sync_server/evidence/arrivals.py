"""A file has arrived: its row, the records that were waiting for it, and the work it sets going."""

from __future__ import annotations

from sqlalchemy import Connection

from sync_server.database.queries import jobs
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.media import MediaRow, add_media, assessments_naming, count_held_files


def derive_job(sha256: str) -> jobs.Job:
    """Return the job that makes what is shown instead of a file."""
    return jobs.Job("derive", sha256)


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
