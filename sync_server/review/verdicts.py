"""What people decide about a record: accept it, return it with comments, void it, count it again. Appended, and told.

REV-1  A verdict is about the revision the reviewer saw; if another became current meanwhile, nothing is done.
REV-2  Status changes follow `checklists.transitions`; what the table does not allow is refused with its sentence.
REV-3  In one transaction: the row, the record's status, the phone's change, the dashboard's change, and the wish that
       the entry's standing be worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.award.consistency import refusal
from checklists.language import N_, Sentence, sentence
from checklists.number import NotANumberError, exact, exact_text
from checklists.record.assessment import RecordStatus
from checklists.record.transitions import RECORD_TRANSITIONS, RecordEvent, after
from checklists.rules.score_rules import ScoreRules
from sync_server.database.queries import reviewing as queries
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.jobs import ask_for
from sync_server.feed import phones
from sync_server.jobs.wishes import standing_job
from sync_server.season.rules import rules_in_force

VERDICTS: Mapping[str, tuple[RecordEvent, RecordStatus]] = {
    "accepted": (RecordEvent.ACCEPT, RecordStatus.ACCEPTED),
    "returned": (RecordEvent.RETURN, RecordStatus.RETURNED),
}


class CannotDecideError(ValueError):
    """It cannot be decided like this; `.message` says why and what to do."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


class By(NamedTuple):
    """Who decides, and when."""

    user_id: str
    now: datetime


class Verdict(NamedTuple):
    """What a reviewer says of the revision named by `digest`."""

    verdict: str  # accepted, returned
    digest: str
    reason: str
    comments: Mapping[str, str]


class Told(NamedTuple):
    """What the phone is told."""

    review_id: str
    verdict: str
    reason: str
    comments: Mapping[str, str]


def review(db: Connection, assessment_id: str, verdict: Verdict, by: By) -> None:
    """Keep a verdict and tell the phone.

    Raises:
        CannotDecideError: another revision is current, the status does not allow it, or a return says nothing.
        checklists.transitions.NotAllowedError: the record's status does not allow it.
    """
    held = _held(db, assessment_id)
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
    _conclude(db, held, status, told, by.now)


def void(db: Connection, assessment_id: str, reason: str, by: By) -> None:
    """Void an assessment: it counts nowhere. Raises as `review`."""
    held = _held(db, assessment_id)
    status = after(RECORD_TRANSITIONS, RecordStatus(held.status), RecordEvent.VOID)
    decision_id = _decided(db, held, "void", reason, by)
    _conclude(db, held, status, Told(f"decision-{decision_id}", "void", reason, {}), by.now)


def count_again(db: Connection, assessment_id: str, reason: str, by: By) -> None:
    """Lift a void: the record is as finished as it was sent, and waits for review again."""
    held = _held(db, assessment_id)
    if held.status != RecordStatus.VOID:
        raise CannotDecideError(sentence(N_("This assessment is not void.")))
    _decided(db, held, "unvoid", reason, by)
    queries.change_status(db, held.id, RecordStatus.FINISHED.value)
    _tell_office(db, held, by.now)


# What may be decided about how an assessment counts; the last of each pair holds (SEN-1).
STANDING_DECISIONS = frozenset({"penalty", "no_penalty", "unreached", "no_unreached", "ease", "no_ease"})


def decide_standing(db: Connection, assessment_id: str, kind: str, reason: str, by: By) -> None:
    """Set or lift the penalty, "never reached" or the ease of access. The record itself stays as it is."""
    held = _held(db, assessment_id)
    if kind not in STANDING_DECISIONS:
        raise CannotDecideError(sentence(N_("Choose what to decide.")))
    if held.status in (RecordStatus.DRAFT, RecordStatus.VOID):
        raise CannotDecideError(sentence(N_("This assessment does not count; there is nothing to decide.")))
    _decided(db, held, kind, reason, by)
    _tell_office(db, held, by.now)


def decide_consistency(
    db: Connection, key: tuple[str, str], round_number: int, points: str, *, reason: str, by: By
) -> None:
    """Set the consistency bonus of one round of the entry named by (entrant, channel), where the rules leave it to
    the coordinator. The last one set holds.

    Raises:
        CannotDecideError: the rules work it out themselves, or the points may not stand.
    """
    in_force = rules_in_force(db).rules
    rules = ScoreRules.of(in_force).consistency
    if rules.method != "manual":
        raise CannotDecideError(sentence(N_("The rules work the consistency bonus out; nothing is to be set.")))
    try:
        told = exact(points)
    except NotANumberError as error:
        raise CannotDecideError(sentence(N_("Give the points as a number, such as 1.5."))) from error
    refused = refusal(told, rules)
    if refused is not None:
        raise CannotDecideError(refused)
    if not 1 <= round_number <= len(in_force.numbers("rounds.weights")):
        raise CannotDecideError(sentence(N_("There is no such round.")))
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    queries.append_decision(
        db,
        assessment_id=None,
        entrant_id=key[0],
        channel=key[1],
        round_number=round_number,
        kind="consistency",
        value=exact_text(told),
        reason=reason.strip(),
        decided_by=by.user_id,
        decided_at=by.now,
    )
    ask_for(db, [standing_job(*key)], by.now)


def _held(db: Connection, assessment_id: str) -> queries.HeldAssessment:
    held = queries.held_assessment(db, assessment_id)
    if held is None:
        raise CannotDecideError(sentence(N_("There is no such assessment.")))
    return held


def _decided(db: Connection, held: queries.HeldAssessment, kind: str, reason: str, by: By) -> int:
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


def _conclude(db: Connection, held: queries.HeldAssessment, status: RecordStatus, told: Told, now: datetime) -> None:
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
    _tell_office(db, held, now)


def _tell_office(db: Connection, held: queries.HeldAssessment, now: datetime) -> None:
    append_changes(db, [NewChange(audience="office", kind="assessment", subject_id=held.id, changed_at=now)])
    ask_for(db, [standing_job(held.entrant_id, held.channel)], now)
