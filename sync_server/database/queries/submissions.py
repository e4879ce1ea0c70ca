"""Submissions of other apps: what came, what became of it, and which assignments an assessor may still answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update

from checklists.record.assessment import RecordStatus
from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import assessments, assessors, assignments, submissions

DONE = (RecordStatus.FINISHED.value, RecordStatus.ACCEPTED.value, RecordStatus.VOID.value)


class SubmissionRow(NamedTuple):
    """One submission. `files` and `why` are plain JSON, as they are kept."""

    id: str
    digest: str
    instance_id: str
    assessor_id: str
    token_id: str
    form_id: str
    assessment_id: str | None
    state: str
    why: list[Any]
    document: bytes
    files: list[Any]
    received_at: datetime
    reason: str
    decided_at: datetime | None


def add_submission(db: Connection, row: SubmissionRow) -> None:
    """Keep what came; a repeat changes nothing."""
    values = row._asdict()
    db.execute(insert_ignoring_duplicates(db, submissions).values(**values))


def submission(db: Connection, id_: str, digest: str) -> SubmissionRow | None:
    """Return one submission, or None."""
    found = db.execute(_rows().where(submissions.c.id == id_, submissions.c.digest == digest)).first()
    return SubmissionRow(*found) if found else None


def assessment_of(db: Connection, id_: str) -> str | None:
    """Return the assessment that a submission of this id has become."""
    c = submissions.c
    statement = select(c.assessment_id).where(c.id == id_, c.assessment_id.is_not(None))
    return db.execute(statement.limit(1)).scalar()


def keep_files(db: Connection, id_: str, digest: str, files: list[Any]) -> None:
    """Note which files of a submission are held."""
    c = submissions.c
    db.execute(update(submissions).where(c.id == id_, c.digest == digest).values(files=files))


def note_state(db: Connection, row: SubmissionRow) -> None:
    """Write what became of a submission: its state, why, its assessment, and its document where that may go."""
    c = submissions.c
    values = {"state": row.state, "why": row.why, "assessment_id": row.assessment_id, "document": row.document}
    db.execute(update(submissions).where(c.id == row.id, c.digest == row.digest).values(**values))


def note_decision(db: Connection, row: SubmissionRow, *, by: str, reason: str, now: datetime) -> None:
    """Note who decided about a submission, and why."""
    c = submissions.c
    values = {"reason": reason, "decided_by": by, "decided_at": now}
    db.execute(update(submissions).where(c.id == row.id, c.digest == row.digest).values(**values))


def list_submissions(db: Connection, limit: int = 200) -> Sequence[tuple[SubmissionRow, str]]:
    """Return submissions, what waits for the desk first, then the newest, each with its assessor's name."""
    c = submissions.c
    is_done = c.state.in_(("taken", "set_aside"))
    statement = _rows().add_columns(assessors.c.name).join(assessors, assessors.c.id == c.assessor_id)
    rows = db.execute(statement.order_by(is_done, c.received_at.desc(), c.id).limit(limit))
    return [(SubmissionRow(*row[:-1]), row[-1]) for row in rows]


def documents_with_words(db: Connection) -> Sequence[tuple[str, str]]:
    """Return assessment and entrant wherever the document is still kept of which an assessment was made."""
    c = submissions.c
    statement = select(assessments.c.id, assessments.c.entrant_id).join(
        submissions, c.assessment_id == assessments.c.id
    )
    return [(row.id, row.entrant_id) for row in db.execute(statement.where(c.document != b"").distinct())]


def forget_documents(db: Connection, assessment_id: str) -> int:
    """Let go of documents whose words' time is over; return how many there were."""
    c = submissions.c
    statement = update(submissions).where(c.assessment_id == assessment_id, c.document != b"")
    return db.execute(statement.values(document=b"")).rowcount


def forget_before(db: Connection, before: datetime) -> int:
    """Remove what never became an assessment and came before `before`; return how many."""
    c = submissions.c
    statement = delete(submissions).where(c.assessment_id.is_(None), c.received_at < before)
    return db.execute(statement).rowcount


def open_assignments(db: Connection, assessor_id: str) -> Sequence[str]:
    """Return the bodies of the assignments that an assessor has still to answer, the most urgent first."""
    a = assignments.c
    done = select(assessments.c.id).where(assessments.c.assignment_id == a.id, assessments.c.status.in_(DONE)).exists()
    statement = select(a.body).where(a.assessor_id == assessor_id, a.withdrawn.is_(False), ~done)
    return db.execute(statement.order_by(a.due_until, a.id)).scalars().all()


def assignments_held(db: Connection, assessor_id: str) -> Sequence[str]:
    """Return the bodies of every assignment of an assessor, the latest first."""
    a = assignments.c
    statement = select(a.body).where(a.assessor_id == assessor_id)
    return db.execute(statement.order_by(a.due_until.desc(), a.id)).scalars().all()


def other_records(db: Connection, assignment_id: str, assessment_id: str) -> Sequence[str]:
    """Return the finished records of an assignment beside `assessment_id`."""
    c = assessments.c
    statement = select(c.id).where(c.assignment_id == assignment_id, c.id != assessment_id, c.status.in_(DONE[:2]))
    return db.execute(statement).scalars().all()


def _rows() -> Any:
    return select(*(submissions.c[name] for name in SubmissionRow._fields))
