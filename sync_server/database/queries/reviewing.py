"""Verdicts and rulings: appended, never changed; and the status they lead to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import (
    assessments,
    corrections,
    decisions,
    reviews,
    second_readings,
    taken_back_reviews,
)


class NewVerdict(NamedTuple):
    """A reviewer's verdict on one revision."""

    assessment_id: str
    revision: int
    verdict: str
    comments: dict[str, str]
    reason: str
    reviewer_id: str
    reviewed_at: datetime


class NewRuling(NamedTuple):
    """A coordinator's ruling about an assessment; without `assessment_id`, about a round of an entry."""

    assessment_id: str | None
    entrant_id: str
    channel: str
    round: int | None
    kind: str
    value: str
    reason: str
    decided_by: str
    decided_at: datetime


class LastDecision(NamedTuple):
    """What was decided last about an assessment: "accepted", "returned", "void" or another word, on which revision."""

    kind: str
    number: int
    by: str
    at: datetime
    revision: int


class CurrentAssessment(NamedTuple):
    """What a verdict or a ruling rests on."""

    id: str
    entrant_id: str
    channel: str
    round: int
    assessor_id: str
    revision: int
    digest: str
    status: str


def current_assessment(db: Connection, assessment_id: str) -> CurrentAssessment | None:
    """Return the assessment as it is now, or None."""
    a = assessments.c
    statement = select(
        a.id, a.entrant_id, a.channel, a.round, a.assessor_id, a.revision, a.digest, a.status
    ).where(a.id == assessment_id)  # fmt: skip
    row = db.execute(statement).first()
    return CurrentAssessment(*row) if row else None


def change_status(db: Connection, assessment_id: str, status: str) -> None:
    """Move the record's status on."""
    db.execute(update(assessments).where(assessments.c.id == assessment_id).values(status=status))


def append_verdict(db: Connection, row: NewVerdict) -> int:
    """Append a verdict and return its number."""
    statement = insert(reviews).values(**row._asdict())
    return int(db.execute(statement.returning(reviews.c.id)).scalar_one())


def newest_verdict(db: Connection, assessment_id: str) -> tuple[int, str] | None:
    """Return number and verdict of the last review of the assessment, or None."""
    c = reviews.c
    statement = select(c.id, c.verdict).where(c.assessment_id == assessment_id).order_by(c.id.desc()).limit(1)
    row = db.execute(statement).first()
    return (row.id, row.verdict) if row else None


def last_decision(db: Connection, assessment_id: str) -> LastDecision | None:
    """Return the last verdict or decision about an assessment; one that was taken back is none, and nothing before."""
    r, d, back = reviews.c, decisions.c, taken_back_reviews.c
    verdict = db.execute(
        select(r.verdict, r.id, r.reviewer_id, r.reviewed_at, r.revision, back.taken_back_at)
        .join_from(reviews, taken_back_reviews, back.review_id == r.id, isouter=True)
        .where(r.assessment_id == assessment_id)
        .order_by(r.id.desc())
        .limit(1)
    ).first()
    ruling = db.execute(
        select(d.kind, d.id, d.decided_by, d.decided_at)
        .where(d.assessment_id == assessment_id)
        .order_by(d.id.desc())
        .limit(1)
    ).first()
    if ruling is not None and (verdict is None or ruling.decided_at >= verdict.reviewed_at):
        c = assessments.c
        revision = db.execute(select(c.revision).where(c.id == assessment_id)).scalar_one()
        return LastDecision(ruling.kind, ruling.id, ruling.decided_by, ruling.decided_at, revision)
    if verdict is None or verdict.taken_back_at is not None:
        return None
    return LastDecision(*verdict[:5])


def put_down_after(db: Connection, assessment_id: str, at: datetime) -> bool:
    """Return whether a correction or a second reading of an assessment came after a moment."""
    made = select(corrections.c.id).where(corrections.c.assessment_id == assessment_id, corrections.c.corrected_at > at)
    read = select(second_readings.c.id).where(
        second_readings.c.assessment_id == assessment_id, second_readings.c.read_at > at
    )
    return db.execute(made.limit(1)).first() is not None or db.execute(read.limit(1)).first() is not None


def note_taken_back(db: Connection, review_id: int, reason: str, by: str, at: datetime) -> None:
    """Note that a review was taken back. Only once."""
    row = {"review_id": review_id, "reason": reason, "taken_back_by": by, "taken_back_at": at}
    db.execute(insert(taken_back_reviews).values(row))


def append_ruling(db: Connection, row: NewRuling) -> int:
    """Append a ruling and return its number."""
    statement = insert(decisions).values(**row._asdict())
    return int(db.execute(statement.returning(decisions.c.id)).scalar_one())
