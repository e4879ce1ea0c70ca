"""Verdicts of reviewers about a record: accepted, or returned with comments; and a return that is taken back.

REV-1  A verdict is about the revision the reviewer saw; if another became current meanwhile, nothing is done.
REV-2  Status changes follow `record.transitions`; what the table does not allow is refused with its sentence.
REV-3  In one transaction: the row, the record's status, the phone's change, the dashboard's change, and the request
       for the entry's standing.
REV-4  A return can be taken back, with a reason, until the assessor's next revision is there: the record waits for
       review again, the phone is told, and the return stays in the log beside who took it back and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, sentence
from checklists.record.assessment import RecordStatus
from checklists.record.transitions import RECORD_TRANSITIONS, RecordEvent, after
from sync_server.database.queries import reviewing as queries
from sync_server.database.queries.reviewing import CurrentAssessment, NewVerdict
from sync_server.feed.phones import Review
from sync_server.review.outcome import By, CannotDecideError, conclude, current_assessment

TAKEN_BACK = "taken-back"
EVENTS: Mapping[str, RecordEvent] = {"accepted": RecordEvent.ACCEPT, "returned": RecordEvent.RETURN}


class Verdict(NamedTuple):
    """What a reviewer says of the revision named by `digest`."""

    verdict: str  # accepted, returned, taken-back (of the return that was the last verdict)
    digest: str
    reason: str
    comments: Mapping[str, str]


def review(db: Connection, assessment_id: str, verdict: Verdict, by: By) -> None:
    """Keep a verdict and tell the phone.

    Raises:
        CannotDecideError: another revision is current, a return says nothing, or none can be taken back.
        checklists.record.transitions.NotAllowedError: the record's status does not allow it.
    """
    assessment = current_assessment(db, assessment_id)
    if assessment.digest != verdict.digest:
        raise CannotDecideError(sentence(N_("Another revision arrived meanwhile. Look at it and review that one.")))
    if verdict.verdict == TAKEN_BACK:
        _take_back(db, assessment, verdict.reason, by)
        return
    if verdict.verdict not in EVENTS:
        raise CannotDecideError(sentence(N_("Choose to accept or to return.")))
    if verdict.verdict == "returned" and not verdict.reason and not verdict.comments:
        raise CannotDecideError(sentence(N_("Say what should be looked at again: in general, or at a question.")))
    status = after(RECORD_TRANSITIONS, RecordStatus(assessment.status), EVENTS[verdict.verdict])
    comments = verdict.comments if verdict.verdict == "returned" else {}
    number = queries.append_verdict(
        db,
        NewVerdict(
            assessment_id=assessment_id,
            revision=assessment.revision,
            verdict=verdict.verdict,
            comments=dict(comments),
            reason=verdict.reason,
            reviewer_id=by.user_id,
            reviewed_at=by.now,
        ),
    )
    sent = Review(str(number), assessment_id, assessment.revision, verdict.verdict, verdict.reason, comments)
    conclude(db, assessment, status, sent, by.now)


def _take_back(db: Connection, assessment: CurrentAssessment, reason: str, by: By) -> None:
    last = queries.newest_verdict(db, assessment.id)
    if last is None or {assessment.status, last[1]} != {RecordStatus.RETURNED.value}:
        raise CannotDecideError(sentence(N_("There is no return to take back.")))
    if not reason:
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    status = after(RECORD_TRANSITIONS, RecordStatus(assessment.status), RecordEvent.TAKE_BACK)
    queries.note_taken_back(db, last[0], reason, by.user_id, by.now)
    sent = Review(f"taken-back-{last[0]}", assessment.id, assessment.revision, TAKEN_BACK, reason, {})
    conclude(db, assessment, status, sent, by.now)
