"""Verdicts and decisions: appended, never changed; and the status they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import assessments, decisions, reviews


class HeldAssessment(NamedTuple):
    """What a decision must know of an assessment."""

    id: str
    entrant_id: str
    channel: str
    round: int
    assessor_id: str
    revision: int
    digest: str
    status: str


def held_assessment(db: Connection, assessment_id: str) -> HeldAssessment | None:
    """Return the assessment as it is now, or None."""
    a = assessments.c
    statement = select(
        a.id, a.entrant_id, a.channel, a.round, a.assessor_id, a.revision, a.digest, a.status
    ).where(a.id == assessment_id)  # fmt: skip
    row = db.execute(statement).first()
    return HeldAssessment(*row) if row else None


def change_status(db: Connection, assessment_id: str, status: str) -> None:
    """Move the record's status on."""
    db.execute(update(assessments).where(assessments.c.id == assessment_id).values(status=status))


def append_review(
    db: Connection,
    *,
    assessment_id: str,
    revision: int,
    verdict: str,
    comments: Mapping[str, str],
    reason: str,
    reviewer_id: str,
    reviewed_at: datetime,
) -> int:
    """Append a verdict and return its number."""
    statement = insert(reviews).values(
        assessment_id=assessment_id,
        revision=revision,
        verdict=verdict,
        comments=dict(comments),
        reason=reason,
        reviewer_id=reviewer_id,
        reviewed_at=reviewed_at,
    )
    return int(db.execute(statement.returning(reviews.c.id)).scalar_one())


def append_decision(
    db: Connection,
    *,
    assessment_id: str | None,
    entrant_id: str,
    channel: str,
    round_number: int | None,
    kind: str,
    reason: str,
    decided_by: str,
    decided_at: datetime,
    value: str = "",
) -> int:
    """Append a decision and return its number. Without `assessment_id` it is about a round of an entry."""
    statement = insert(decisions).values(
        assessment_id=assessment_id,
        entrant_id=entrant_id,
        channel=channel,
        round=round_number,
        kind=kind,
        value=value,
        reason=reason,
        decided_by=decided_by,
        decided_at=decided_at,
    )
    return int(db.execute(statement.returning(decisions.c.id)).scalar_one())
