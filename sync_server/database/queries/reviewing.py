"""Verdicts and rulings: appended, never changed; and the status they lead to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import assessments, decisions, reviews


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


def append_ruling(db: Connection, row: NewRuling) -> int:
    """Append a ruling and return its number."""
    statement = insert(decisions).values(**row._asdict())
    return int(db.execute(statement.returning(decisions.c.id)).scalar_one())
