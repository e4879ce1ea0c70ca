"""Rulings of the office: void and count again, penalty, ease of access, consistency. Appended, and told."""

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
from sync_server.jobs.wishes import standing_job
from sync_server.review.decision import By, CannotDecideError, Told, append_ruling, conclude, held_by_id, tell_office
from sync_server.season.rules import rules_in_force


def void(db: Connection, assessment_id: str, reason: str, by: By) -> None:
    """Void an assessment: it counts nowhere. Raises as `review`."""
    held = held_by_id(db, assessment_id)
    status = after(RECORD_TRANSITIONS, RecordStatus(held.status), RecordEvent.VOID)
    decision_id = append_ruling(db, held, "void", reason, by)
    conclude(db, held, status, Told(f"decision-{decision_id}", "void", reason, {}), by.now)


def count_again(db: Connection, assessment_id: str, reason: str, by: By) -> None:
    """Lift a void: the record is as finished as it was sent, and waits for review again."""
    held = held_by_id(db, assessment_id)
    if held.status != RecordStatus.VOID:
        raise CannotDecideError(sentence(N_("This assessment is not void.")))
    append_ruling(db, held, "unvoid", reason, by)
    queries.change_status(db, held.id, RecordStatus.FINISHED.value)
    tell_office(db, held, by.now)


# What may be decided about how an assessment counts; the last of each pair holds (SEN-1).
STANDING_DECISIONS = frozenset({"penalty", "no_penalty", "unreached", "no_unreached", "ease", "no_ease"})


def decide_standing(db: Connection, assessment_id: str, kind: str, reason: str, by: By) -> None:
    """Set or lift the penalty, "never reached" or the ease of access. The record itself stays as it is."""
    held = held_by_id(db, assessment_id)
    if kind not in STANDING_DECISIONS:
        raise CannotDecideError(sentence(N_("Choose what to decide.")))
    if held.status in (RecordStatus.DRAFT, RecordStatus.VOID):
        raise CannotDecideError(sentence(N_("This assessment does not count; there is nothing to decide.")))
    append_ruling(db, held, kind, reason, by)
    tell_office(db, held, by.now)


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
