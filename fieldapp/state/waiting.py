"""What a visit waits for that others must do: a call-back, a reply. Pure.

WAIT-1  After a voicemail a call-back is waited for until four hours of service have passed.
WAIT-2  A message that is not a chat waits for a complete answer once it is sent; what was promised says until when.
WAIT-3  A finished visit waits for what was promised for later, while such a question is open and the visit is not due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from checklists.forms.form import Channel
from checklists.record.asked import asked_items
from checklists.record.assessment import Assessment, Attempt, Contact, Measurement, RecordStatus
from checklists.record.assignment import Assignment
from checklists.record.call_back import awaited_until
from checklists.record.sheet import Sheet

SENT, ANSWERED = "t_sent", ("t_resolved",)  # measurements of an online form
CHAT = "chat"
_NONE = Measurement()


class Wait(StrEnum):
    """What for."""

    CALL_BACK = "call_back"
    REPLY = "reply"
    LATE_ANSWER = "late_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is waited for, since when, and until when; None: nobody promised."""

    wait: Wait
    since: datetime
    until: datetime | None


def waiting(
    assignment: Assignment, assessment: Assessment, tries: Sequence[Attempt], now: datetime, zone: ZoneInfo | None
) -> Waiting | None:
    """Return what the open visit waits for at `now`; `tries` are everybody's, oldest first."""
    if assessment.contact in (Contact.CONNECTED, Contact.VOID) and assignment.channel is not Channel.ONLINE:
        return None
    until = awaited_until(tries, assignment.service, zone) if zone else None
    if until is not None and now < until:
        return Waiting(wait=Wait.CALL_BACK, since=tries[-1].trusted_at, until=until)
    return _reply(assignment, assessment)


def waiting_late(assignment: Assignment, assessment: Assessment, sheet: Sheet, now: datetime) -> Waiting | None:
    """Return what a finished visit waits for at `now` (WAIT-3)."""
    done_at = assessment.end.corrected if assessment.end else None
    if done_at is None or assessment.contact is not Contact.CONNECTED or now >= assignment.due_until:
        return None
    if assessment.status is RecordStatus.DRAFT:
        return None
    asked = asked_items(assessment, sheet).items()
    if not any(item.question.late_answer and key not in assessment.answers for key, item in asked):
        return None
    return Waiting(wait=Wait.LATE_ANSWER, since=done_at, until=assignment.due_until)


def _reply(assignment: Assignment, assessment: Assessment) -> Waiting | None:
    if assignment.channel is not Channel.ONLINE or assignment.subchannel == CHAT:
        return None
    sent_at = assessment.measurements.get(SENT, _NONE).trusted_at
    if sent_at is None or any(assessment.measurements.get(key, _NONE).at for key in ANSWERED):
        return None
    promised_s = assignment.reply_target_s
    until = sent_at + timedelta(seconds=promised_s) if promised_s else None
    return Waiting(wait=Wait.REPLY, since=sent_at, until=until)
