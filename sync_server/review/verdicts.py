"""What people decide about a record: accept it, return it with comments, void it, count it again. Appended, and told.

REV-1  A verdict is about the revision the reviewer saw; if another became current meanwhile, nothing is done.
REV-2  Status changes follow `record.transitions`; what the table does not allow is refused with its sentence.
REV-3  In one transaction: the row, the record's status, the phone's change, the dashboard's change, and the wish that
       the entry's standing be worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, sentence
from checklists.record.assessment import RecordStatus
from checklists.record.transitions import RECORD_TRANSITIONS, RecordEvent, after
from sync_server.database.queries import reviewing as queries
from sync_server.review.decision import By, CannotDecideError, Told, conclude, held_by_id

VERDICTS: Mapping[str, tuple[RecordEvent, RecordStatus]] = {
    "accepted": (RecordEvent.ACCEPT, RecordStatus.ACCEPTED),
    "returned": (RecordEvent.RETURN, RecordStatus.RETURNED),
}


class Verdict(NamedTuple):
    """What a reviewer says of the revision named by `digest`."""

    verdict: str  # accepted, returned
    digest: str
    reason: str
    comments: Mapping[str, str]


def review(db: Connection, assessment_id: str, verdict: Verdict, by: By) -> None:
    """Keep a verdict and tell the phone.

    Raises:
        CannotDecideError: another revision is current, the status does not allow it, or a return says nothing.
        checklists.record.transitions.NotAllowedError: the record's status does not allow it.
    """
    held = held_by_id(db, assessment_id)
    if held.digest != verdict.digest:
        raise CannotDecideError(sentence(N_("Another revision arrived meanwhile. Look at it and review that one.")))
    if verdict.verdict not in VERDICTS:
        raise CannotDecideError(sentence(N_("Choose to accept or to return.")))
    if verdict.verdict == "returned" and not verdict.reason and not verdict.comments:
        raise CannotDecideError(sentence(N_("Say what should be looked at again: in general, or at a question.")))
    event, _ = VERDICTS[verdict.verdict]
    status = after(RECORD_TRANSITIONS, RecordStatus(held.status), event)
    comments = verdict.comments if verdict.verdict == "returned" else {}
    review_id = queries.append_review(
        db,
        assessment_id=assessment_id,
        revision=held.revision,
        verdict=verdict.verdict,
        comments=comments,
        reason=verdict.reason,
        reviewer_id=by.user_id,
        reviewed_at=by.now,
    )
    told = Told(str(review_id), verdict.verdict, verdict.reason, comments)
    conclude(db, held, status, told, by.now)
