"""Rulings of the office: void and count again, penalty, never reached, ease of access, consistency.

RUL-1  A ruling is appended with its reason and its author; nothing is overwritten, and without a reason there is none.
RUL-2  What does not count (a draft, a void record) can be given no penalty, "never reached" or ease of access.
RUL-3  A void reaches the phone, and lifting it sends the record back to review.
RUL-4  A consistency bonus is set only where the rules leave it to the coordinator, within their limits.
RUL-5  In the same transaction open pages are told and the entry's standing is asked for.
RUL-6  What the rules give no effect (ease of access where it earns nothing) is neither offered nor ruled.
"""

from __future__ import annotations

from sqlalchemy import Connection

from checklists.award.consistency import refusal
from checklists.language import N_, sentence
from checklists.number import NotANumberError, exact, exact_text
from checklists.record.assessment import RecordStatus
from checklists.record.transitions import RECORD_TRANSITIONS, RecordEvent, after
from checklists.rules.score_rules import ScoreRules
from sync_server.database.queries import reviewing as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.reviewing import CurrentAssessment, NewRuling
from sync_server.feed.phones import Review
from sync_server.jobs.wishes import standing_job
from sync_server.review.outcome import By, CannotDecideError, conclude, current_assessment, tell_office
from sync_server.season.rules import versions_in_force

# How an assessment may be ruled to count; the last of each pair holds (SEN-1).
COUNTING = ("penalty", "no_penalty", "unreached", "no_unreached", "ease", "no_ease")


def void(db: Connection, assessment_id: str, reason: str, by: By) -> None:
    """Void an assessment: it counts nowhere.

    Raises:
        CannotDecideError: there is no such assessment, or no reason.
        checklists.record.transitions.NotAllowedError: the record's status does not allow it.
    """
    assessment = current_assessment(db, assessment_id)
    status = after(RECORD_TRANSITIONS, RecordStatus(assessment.status), RecordEvent.VOID)
    number = _append(db, assessment, "void", reason, by)
    review = Review(f"decision-{number}", assessment.id, assessment.revision, "void", reason, {})
    conclude(db, assessment, status, review, by.now)


def count_again(db: Connection, assessment_id: str, reason: str, by: By) -> None:
    """Lift a void: the record is as finished as it was sent, and waits for review again. Raises CannotDecideError."""
    assessment = current_assessment(db, assessment_id)
    if assessment.status != RecordStatus.VOID:
        raise CannotDecideError(sentence(N_("This assessment is not void.")))
    _append(db, assessment, "unvoid", reason, by)
    queries.change_status(db, assessment.id, RecordStatus.FINISHED.value)
    tell_office(db, assessment, by.now)


def counting_on(channel: str, rules: ScoreRules) -> tuple[str, ...]:
    """Return the kinds of COUNTING that have an effect on this channel (RUL-6): none where it is not the award's."""
    if channel not in rules.ease_points:
        return ()
    without = {"ease", "no_ease"} if not rules.ease_points[channel] else set()
    without |= {"penalty", "no_penalty"} if not rules.unreached_penalty else set()
    return tuple(kind for kind in COUNTING if kind not in without)


def rule_on_counting(db: Connection, assessment_id: str, kind: str, reason: str, by: By) -> None:
    """Set or lift the penalty, "never reached" or the ease of access. The record itself stays as it is.

    Raises:
        CannotDecideError: `kind` is not in COUNTING, or it cannot be ruled about this assessment.
    """
    assessment = current_assessment(db, assessment_id)
    if kind not in COUNTING:
        raise CannotDecideError(sentence(N_("Choose what to decide.")))
    if assessment.status in (RecordStatus.DRAFT, RecordStatus.VOID):
        raise CannotDecideError(sentence(N_("This assessment does not count; there is nothing to decide.")))
    rules = versions_in_force(db).of_round(assessment.round).programme.rules
    if kind not in counting_on(assessment.channel, ScoreRules.of(rules)):
        raise CannotDecideError(
            sentence(N_("The rules give it no points on this channel; there is nothing to decide."))
        )
    _append(db, assessment, kind, reason, by)
    tell_office(db, assessment, by.now)


def set_consistency(
    db: Connection, key: tuple[str, str], round_number: int, points: str, *, reason: str, by: By
) -> None:
    """Set the consistency bonus of one round of the entry named by (entrant, channel), where the rules leave it to
    the coordinator. The last one set holds.

    Raises:
        CannotDecideError: the rules work it out themselves, or the points may not stand.
    """
    in_force = versions_in_force(db).of_round(round_number).programme.rules
    rules = ScoreRules.of(in_force).consistency
    if rules.method != "manual":
        raise CannotDecideError(sentence(N_("The rules work the consistency bonus out; nothing is to be set.")))
    try:
        bonus = exact(points)
    except NotANumberError as error:
        raise CannotDecideError(sentence(N_("Give the points as a number, such as 1.5."))) from error
    refused = refusal(bonus, rules)
    if refused is not None:
        raise CannotDecideError(refused)
    if not 1 <= round_number <= len(in_force.numbers("rounds.weights")):
        raise CannotDecideError(sentence(N_("There is no such round.")))
    ruling = NewRuling(
        assessment_id=None,
        entrant_id=key[0],
        channel=key[1],
        round=round_number,
        kind="consistency",
        value=exact_text(bonus),
        reason=_reason(reason),
        decided_by=by.user_id,
        decided_at=by.now,
    )
    queries.append_ruling(db, ruling)
    ask_for(db, [standing_job(*key)], by.now)


def _append(db: Connection, assessment: CurrentAssessment, kind: str, reason: str, by: By) -> int:
    """Append a ruling about an assessment and return its number."""
    ruling = NewRuling(
        assessment_id=assessment.id,
        entrant_id=assessment.entrant_id,
        channel=assessment.channel,
        round=assessment.round,
        kind=kind,
        value="",
        reason=_reason(reason),
        decided_by=by.user_id,
        decided_at=by.now,
    )
    return queries.append_ruling(db, ruling)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    return reason.strip()
