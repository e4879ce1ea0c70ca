"""What every decision about a visit has in common: who and when, why not, the row, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import RecordStatus
from sync_server.database.queries import reviewing as queries
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.jobs import ask_for
from sync_server.feed import phones
from sync_server.jobs.wishes import standing_job


class CannotDecideError(ValueError):
    """It cannot be decided like this; `.message` says why and what to do."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


class By(NamedTuple):
    """Who decides, and when."""

    user_id: str
    now: datetime


class Told(NamedTuple):
    """What the phone is told."""

    review_id: str
    verdict: str
    reason: str
    comments: Mapping[str, str]


def held_by_id(db: Connection, assessment_id: str) -> queries.HeldAssessment:
    """Return the assessment a decision is about. Raises CannotDecideError when there is none."""
    held = queries.held_assessment(db, assessment_id)
    if held is None:
        raise CannotDecideError(sentence(N_("There is no such assessment.")))
    return held


def append_ruling(db: Connection, held: queries.HeldAssessment, kind: str, reason: str, by: By) -> int:
    """Append what was decided about an assessment and return its number. Raises CannotDecideError without a reason."""
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    return queries.append_decision(
        db,
        assessment_id=held.id,
        entrant_id=held.entrant_id,
        channel=held.channel,
        round_number=held.round,
        kind=kind,
        reason=reason.strip(),
        decided_by=by.user_id,
        decided_at=by.now,
    )


def conclude(db: Connection, held: queries.HeldAssessment, status: RecordStatus, told: Told, now: datetime) -> None:
    """Change the status, and tell the phone and the office."""
    queries.change_status(db, held.id, status.value)
    phones.tell_review(
        db,
        held.assessor_id,
        held.id,
        review_id=told.review_id,
        revision=held.revision,
        decision=told.verdict,
        reason=told.reason,
        comments=told.comments,
        now=now,
    )
    tell_office(db, held, now)


def tell_office(db: Connection, held: queries.HeldAssessment, now: datetime) -> None:
    """Tell open pages, and wish that the entry's standing be worked out again."""
    append_changes(db, [NewChange(audience="office", kind="assessment", subject_id=held.id, changed_at=now)])
    ask_for(db, [standing_job(held.entrant_id, held.channel)], now)
