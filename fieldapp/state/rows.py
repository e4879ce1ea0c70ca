"""The visits list and the sync list as plain values, worked out from what the device holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from checklists.forms.form import Channel
from checklists.language import Sentence, Text
from checklists.record.assessment import Assessment, Contact, RecordStatus, SyncState
from checklists.record.assignment import Assignment
from fieldapp.kept import Delivery, Review
from fieldapp.state.returns import is_returned

WEEK = timedelta(days=7)


class Due(StrEnum):
    """The groups of the visits list, in the order they are shown."""

    RETURNED = "returned"  # sent back by a reviewer
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"  # within seven days
    LATER = "later"
    NOT_YET = "not_yet"  # the due window has not begun
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One assignment on the visits list, joined with its assessment on this device."""

    assignment_id: str
    assessment_id: str | None  # None: not started
    entrant: Text
    branch: Text | None
    scenario: Text
    channel: Channel
    subchannel: str | None
    round: int
    due: Due
    due_from: datetime
    due_until: datetime  # exclusive
    answered: int
    asked: int  # 0 when the form is not on this device yet
    contact: Contact
    status: RecordStatus | None  # None: not started
    sync: SyncState | None  # None: nothing to send yet
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncItem:
    """One finished assessment on the sync screen."""

    assessment_id: str
    assignment_id: str
    entrant: Text
    channel: Channel
    state: SyncState
    reason: Sentence | None  # the last failure, or why it was refused
    code: str
    next_try_at: datetime | None
    files: int
    files_missing: int
    safe_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an assessment is."""

    answered: int = 0
    asked: int = 0


def status_of(assessment: Assessment, review: Review | None) -> RecordStatus:
    """Return what the record is, with what a reviewer decided on it."""
    if assessment.status is RecordStatus.DRAFT or review is None or review.revision < assessment.revision:
        return assessment.status
    decided = {status.value: status for status in (RecordStatus.RETURNED, RecordStatus.ACCEPTED, RecordStatus.VOID)}
    return decided.get(review.decision, assessment.status)


def due_group(
    assignment: Assignment, assessment: Assessment | None, review: Review | None, now: datetime, zone: ZoneInfo | None
) -> Due:
    """Return the group at `now`; days are those of the programme's `zone`, without it the device's own."""
    if assessment and is_returned(assessment, review):
        return Due.RETURNED
    if assessment and assessment.status is not RecordStatus.DRAFT:
        return Due.FINISHED
    if now >= assignment.due_until:
        return Due.OVERDUE
    if now < assignment.due_from:
        return Due.NOT_YET
    last_moment = assignment.due_until - timedelta(microseconds=1)
    if last_moment.astimezone(zone).date() <= now.astimezone(zone).date():
        return Due.TODAY
    return Due.WEEK if assignment.due_until - now <= WEEK else Due.LATER


def visit_row(
    assignment: Assignment,
    assessment: Assessment | None,
    *,
    progress: Progress,
    delivery: Delivery | None,
    review: Review | None,
    due: Due,
    handed_on: bool,
) -> VisitRow:
    """Join what the device holds of one assignment."""
    return VisitRow(
        assignment_id=assignment.id,
        assessment_id=assessment.id if assessment else None,
        entrant=assignment.entrant_name,
        branch=assignment.branch.name if assignment.branch else None,
        scenario=assignment.scenario.title,
        channel=assignment.channel,
        subchannel=assignment.subchannel,
        round=assignment.round,
        due=due,
        due_from=assignment.due_from,
        due_until=assignment.due_until,
        answered=progress.answered,
        asked=progress.asked,
        contact=assessment.contact if assessment else Contact.OPEN,
        status=status_of(assessment, review) if assessment else None,
        sync=delivery.state if delivery else None,
        withdrawn=assignment.withdrawn or handed_on,
    )


def sync_item(assessment: Assessment, delivery: Delivery, entrant: Text) -> SyncItem:
    """Return one line of the sync screen. Until the server has the record, every file counts as missing."""
    files = len({evidence.sha256 for evidence in assessment.evidence})
    return SyncItem(
        assessment_id=assessment.id,
        assignment_id=assessment.assignment_id,
        entrant=entrant,
        channel=assessment.channel,
        state=delivery.state,
        reason=delivery.reason,
        code=delivery.code,
        next_try_at=delivery.next_try_at,
        files=files,
        files_missing=len(delivery.missing) if delivery.recorded else files,
        safe_at=delivery.safe_at,
    )


ORDER = {due: place for place, due in enumerate(Due)}


def row_order(row: VisitRow) -> tuple[int, datetime, str]:
    """Sort key of the visits list: by group, the soonest due first."""
    return ORDER[row.due], row.due_until, row.assignment_id
