"""Every status change there is: one table for each of the three axes, and the one function that reads it.

The state of the contact, what the record is, and where it is never mix: no table names another's states.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from checklists.language import N_, SentenceError, sentence
from checklists.record.assessment import Contact, RecordStatus, SyncState


class ContactEvent(StrEnum):
    """What happens to a contact."""

    REACHED = "reached"  # somebody answered, or the visit was begun
    SERIES_FAILED = "series_failed"  # the six-tries rule is met (`attempts` decides)
    TRY_TAKEN_BACK = "try_taken_back"  # the try that settled it was a mistake
    BROKEN_OFF = "broken_off"  # recognised, unsafe, void for a reason


class RecordEvent(StrEnum):
    """What happens to a record."""

    FINISH = "finish"  # the assessor, with no blocking finding
    RETURN = "return"  # the reviewer, with comments
    TAKE_BACK = "take_back"  # the reviewer: the return or the acceptance was a mistake
    ACCEPT = "accept"  # the reviewer
    VOID = "void"  # the reviewer, with a reason
    REVISE = "revise"  # the assessor opens the next revision


class SyncEvent(StrEnum):
    """What happens to a copy on its way to the server."""

    CHANGED = "changed"  # there is something new to send
    STARTED = "started"
    ACKNOWLEDGED = "acknowledged"  # the receipt for the record and every file it names
    FAILED = "failed"  # will be tried again
    REFUSED = "refused"  # will not be tried again by itself
    RETRIED = "retried"  # a person asked for another try


State = TypeVar("State", Contact, RecordStatus, SyncState)
Event = TypeVar("Event", ContactEvent, RecordEvent, SyncEvent)

CONTACT_TRANSITIONS: Mapping[tuple[Contact, ContactEvent], Contact] = MappingProxyType(
    {
        (Contact.OPEN, ContactEvent.REACHED): Contact.CONNECTED,
        (Contact.OPEN, ContactEvent.SERIES_FAILED): Contact.UNREACHABLE,
        (Contact.UNREACHABLE, ContactEvent.TRY_TAKEN_BACK): Contact.OPEN,
        (Contact.CONNECTED, ContactEvent.TRY_TAKEN_BACK): Contact.OPEN,
        (Contact.OPEN, ContactEvent.BROKEN_OFF): Contact.VOID,
        (Contact.UNREACHABLE, ContactEvent.REACHED): Contact.CONNECTED,  # until the round closes (award-rules 1.2)
        (Contact.UNREACHABLE, ContactEvent.BROKEN_OFF): Contact.VOID,
        (Contact.CONNECTED, ContactEvent.REACHED): Contact.CONNECTED,
        (Contact.CONNECTED, ContactEvent.BROKEN_OFF): Contact.VOID,
    }
)

RECORD_TRANSITIONS: Mapping[tuple[RecordStatus, RecordEvent], RecordStatus] = MappingProxyType(
    {
        (RecordStatus.DRAFT, RecordEvent.FINISH): RecordStatus.FINISHED,
        (RecordStatus.FINISHED, RecordEvent.RETURN): RecordStatus.RETURNED,
        (RecordStatus.FINISHED, RecordEvent.ACCEPT): RecordStatus.ACCEPTED,
        (RecordStatus.FINISHED, RecordEvent.VOID): RecordStatus.VOID,
        (RecordStatus.RETURNED, RecordEvent.ACCEPT): RecordStatus.ACCEPTED,
        (RecordStatus.RETURNED, RecordEvent.VOID): RecordStatus.VOID,
        (RecordStatus.RETURNED, RecordEvent.TAKE_BACK): RecordStatus.FINISHED,
        (RecordStatus.ACCEPTED, RecordEvent.TAKE_BACK): RecordStatus.FINISHED,
        (RecordStatus.ACCEPTED, RecordEvent.RETURN): RecordStatus.RETURNED,
        (RecordStatus.ACCEPTED, RecordEvent.VOID): RecordStatus.VOID,
        (RecordStatus.FINISHED, RecordEvent.REVISE): RecordStatus.DRAFT,
        (RecordStatus.RETURNED, RecordEvent.REVISE): RecordStatus.DRAFT,
        (RecordStatus.ACCEPTED, RecordEvent.REVISE): RecordStatus.DRAFT,
    }
)

SYNC_TRANSITIONS: Mapping[tuple[SyncState, SyncEvent], SyncState] = MappingProxyType(
    {
        (SyncState.WAITING, SyncEvent.CHANGED): SyncState.WAITING,
        (SyncState.WAITING, SyncEvent.STARTED): SyncState.SENDING,
        (SyncState.SENDING, SyncEvent.STARTED): SyncState.SENDING,  # the app was killed while it sent
        (SyncState.SENDING, SyncEvent.CHANGED): SyncState.WAITING,
        (SyncState.SENDING, SyncEvent.ACKNOWLEDGED): SyncState.SAFE,
        (SyncState.SENDING, SyncEvent.FAILED): SyncState.WAITING,
        (SyncState.SENDING, SyncEvent.REFUSED): SyncState.REFUSED,
        (SyncState.SAFE, SyncEvent.CHANGED): SyncState.WAITING,
        (SyncState.SAFE, SyncEvent.ACKNOWLEDGED): SyncState.SAFE,
        (SyncState.REFUSED, SyncEvent.CHANGED): SyncState.WAITING,
        (SyncState.REFUSED, SyncEvent.RETRIED): SyncState.WAITING,
    }
)


class NotAllowedError(SentenceError, ValueError):
    """That cannot happen in this state; `message` says which state it is in."""


def after(table: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """Return the state that `event` leads to from `state`.

    Raises:
        NotAllowedError: the table has no such step.
    """
    try:
        return table[state, event]
    except KeyError:
        raise NotAllowedError(
            sentence(N_('"{event}" is not possible while this is "{state}".'), event=event.value, state=state.value)
        ) from None
