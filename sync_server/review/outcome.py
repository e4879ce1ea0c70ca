"""What a verdict on a record and a ruling about it have in common: who makes it, why it cannot be, and who is told."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.record.assessment import RecordStatus
from sync_server.database.queries import reviewing as queries
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.reviewing import CurrentAssessment
from sync_server.feed.phones import Review, tell_review
from sync_server.jobs.wishes import standing_job


class CannotDecideError(SentenceError, ValueError):
    """It cannot be decided like this."""


class By(NamedTuple):
    """Who decides, and when."""

    user_id: str
    now: datetime


def current_assessment(db: Connection, assessment_id: str) -> CurrentAssessment:
    """Return the assessment to decide about. Raises CannotDecideError when there is none."""
    assessment = queries.current_assessment(db, assessment_id)
    if assessment is None:
        raise CannotDecideError(sentence(N_("There is no such assessment.")))
    return assessment


def conclude(
    db: Connection, assessment: CurrentAssessment, status: RecordStatus, review: Review, now: datetime
) -> None:
    """Change the status, and tell the phone and the office."""
    queries.change_status(db, assessment.id, status.value)
    tell_review(db, assessment.assessor_id, review, now)
    tell_office(db, assessment, now)


def tell_office(db: Connection, assessment: CurrentAssessment, now: datetime) -> None:
    """Tell open pages, and ask for the entry's standing to be recomputed."""
    append_changes(db, [NewChange(audience="office", kind="assessment", subject_id=assessment.id, changed_at=now)])
    ask_for(db, [standing_job(assessment.entrant_id, assessment.channel)], now)
