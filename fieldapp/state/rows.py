"""The visits list and the sync list as plain values, worked out from what the device holds. Pure.

DUE-1  What was sent back comes first, then what is overdue, then tries whose window closes within a day.
DUE-2  What waits for others stands apart from what there is to do, until it is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from checklists.forms.form import Channel
from checklists.language import Sentence, Text
from checklists.record.assessment import Assessment, Contact, RecordStatus, SyncState
from checklists.record.assignment import Assignment
from checklists.record.attempts import NextTry
from fieldapp.kept import Delivery, Review
from fieldapp.state.returns import is_returned, short_reason
from fieldapp.state.waiting import Waiting

WEEK, SOON = timedelta(days=7), timedelta(days=1)


class Due(StrEnum):
    """The groups of the visits list, in the order they are shown."""

    RETURNED = "returned"  # sent back by a reviewer
    OVERDUE = "overdue"
    CLOSING = "closing"  # a window of tries is open and closes within a day
    TODAY = "today"
    WAITING = "waiting"  # for a call-back or a reply
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
    is_given: bool = False  # to another phone, by this one
    reason: str = ""  # why a reviewer sent it back
    notes: int = 0  # of the reviewer, at questions
    upcoming: NextTry | None = None  # while tries are counted and nobody was reached
    waits: Waiting | None = None
    serves: tuple[datetime, datetime] | None = None  # when the entrant is open: now, or next
    dials: str = ""  # the number to call
    finished_at: datetime | None = None

    @property
    def is_put_through(self) -> bool:
        """Whether somebody is to be got through to: by telephone, or in a chat."""
        return self.channel is Channel.PHONE_IN or self.subchannel == "chat"

    @property
    def calls(self) -> bool:
        """Whether the next step is one more try to get through."""
        return self.due is not Due.RETURNED and self.upcoming is not None and not self.upcoming.rule_met


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the tries and the hours of an open visit come to at a moment."""

    upcoming: NextTry | None = None
    waits: Waiting | None = None
    serves: tuple[datetime, datetime] | None = None

    def closes_soon(self, now: datetime) -> bool:
        """Whether a window of tries is open that is not full yet and closes within a day."""
        upcoming = self.upcoming
        if upcoming is None or upcoming.rule_met or upcoming.closes_at is None:
            return False
        return upcoming.closes_at - now <= SOON


NOTHING_AHEAD = Outlook()


def due_group(
    assignment: Assignment,
    assessment: Assessment | None,
    review: Review | None,
    now: datetime,
    zone: ZoneInfo | None,
    *,
    outlook: Outlook = NOTHING_AHEAD,
) -> Due:
    """Return the group at `now`; days are those of the programme's `zone`, without it the device's own."""
    if assessment and is_returned(assessment, review):
        return Due.RETURNED
    if assessment and assessment.is_given:
        return Due.FINISHED
    if assessment and assessment.status is not RecordStatus.DRAFT:
        return Due.WAITING if outlook.waits is not None else Due.FINISHED
    if now >= assignment.due_until:
        return Due.OVERDUE
    if now < assignment.due_from:
        return Due.NOT_YET
    if outlook.closes_soon(now):
        return Due.CLOSING
    if outlook.waits is not None:
        return Due.WAITING
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
    outlook: Outlook = NOTHING_AHEAD,
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
        is_given=assessment is not None and assessment.is_given,
        reason=short_reason(review) if due is Due.RETURNED else "",
        notes=sum(map(bool, review.comments)) if review and due is Due.RETURNED else 0,
        upcoming=outlook.upcoming,
        waits=outlook.waits,
        serves=outlook.serves,
        dials=number_of(assignment),
        finished_at=assessment.finished_at if assessment else None,
    )


def number_of(assignment: Assignment) -> str:
    """Return the telephone number that is to be called, as it is dialled; "" where none is given or it is no call."""
    return written_number(assignment).replace(" ", "")


def written_number(assignment: Assignment) -> str:
    """Return the same as it is written, "+852 5555 1008"."""
    if assignment.channel is not Channel.PHONE_IN:
        return ""
    values = (point.value for point in assignment.contact_points)
    return next((value for value in values if value.isascii() and value.replace(" ", "").lstrip("+").isdigit()), "")


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
    """Sort key of the visits list: by group, the soonest due, or soonest to happen, first."""
    soonest = row.due_until
    if row.due is Due.CLOSING and row.upcoming and row.upcoming.closes_at:
        soonest = row.upcoming.closes_at
    elif row.due is Due.WAITING and row.waits:
        soonest = row.waits.until or soonest
    elif row.due is Due.NOT_YET:
        soonest = row.due_from
    return ORDER[row.due], soonest, row.assignment_id
