"""The visits list and the sync list as plain values, worked out from what the device holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checklists.assessment import Contact, RecordStatus, SyncState
from checklists.form import Channel
from checklists.language import Sentence, Text


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
