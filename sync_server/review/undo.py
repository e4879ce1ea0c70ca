"""A decision on the bench that was a slip: for ten minutes whoever made it takes it back with one press.

SLP-1  Undone is one's own last acceptance, return or void of a visit, within WITHIN of it, once, while nothing came
       after it: no other verdict or decision, no revision, no correction, no second reading.
SLP-2  The visit then waits for review again; the decision stays in the log beside who undid it, and the phone is told
       as of a return that was taken back.
SLP-3  Of a round that a copy stands of nothing is undone: a correction is decided there.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import RecordStatus
from checklists.record.transitions import RECORD_TRANSITIONS, RecordEvent, after
from sync_server.database.queries import reviewing as queries
from sync_server.database.queries.publications import standing_copy, what_of
from sync_server.database.queries.reviewing import CurrentAssessment
from sync_server.feed.phones import Review, tell_review
from sync_server.review import rulings
from sync_server.review.outcome import By, CannotDecideError, conclude, current_assessment

WITHIN = timedelta(minutes=10)
WORDS = "↶ 10 min"  # kept with it in the place of a reason
KINDS = {"accepted": RecordStatus.ACCEPTED, "returned": RecordStatus.RETURNED, "void": RecordStatus.VOID}


def refusal(db: Connection, assessment: CurrentAssessment, by: By) -> Sentence | None:
    """Return why the last decision about a visit is not undone (SLP-1, SLP-3); None: it can be."""
    last = queries.last_decision(db, assessment.id)
    if last is None or KINDS.get(last.kind) != assessment.status or last.revision != assessment.revision:
        return sentence(N_("There is no decision to undo: something came after it."))
    if last.by != by.user_id:
        return sentence(N_("Somebody else decided it: only they can undo it."))
    if by.now - last.at > WITHIN:
        return sentence(N_("Ten minutes are over: decide it anew, with a reason."))
    if queries.put_down_after(db, assessment.id, last.at):
        return sentence(N_("There is no decision to undo: something came after it."))
    if standing_copy(db, what_of(assessment.round)) is not None:
        return sentence(N_("A copy of this round stands: what changes it is decided there."))
    return None


def undo(db: Connection, assessment_id: str, by: By) -> None:
    """Undo the last decision about a visit.

    Raises:
        CannotDecideError: there is nothing that this person may undo now.
    """
    assessment = current_assessment(db, assessment_id)
    refused = refusal(db, assessment, by)
    if refused is not None:
        raise CannotDecideError(refused)
    last = queries.last_decision(db, assessment_id)
    if last is not None and last.kind == "void":
        rulings.count_again(db, assessment_id, WORDS, by)
        tell_review(db, assessment.assessor_id, _told(assessment, f"decision-{last.number}"), by.now)
    elif last is not None:
        status = after(RECORD_TRANSITIONS, RecordStatus(assessment.status), RecordEvent.TAKE_BACK)
        queries.note_taken_back(db, last.number, WORDS, by.user_id, by.now)
        conclude(db, assessment, status, _told(assessment, str(last.number)), by.now)


def _told(assessment: CurrentAssessment, number: str) -> Review:
    return Review(f"taken-back-{number}", assessment.id, assessment.revision, "taken-back", WORDS, {})
