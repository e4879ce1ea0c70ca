"""The three tables of transitions: every state can be reached, and no step is taken that is not in them."""

from __future__ import annotations

import pytest

from checklists.record.assessment import (
    Contact,
    RecordStatus,
    SyncState,
)
from checklists.record.transitions import (
    CONTACT_TRANSITIONS,
    RECORD_TRANSITIONS,
    SYNC_TRANSITIONS,
    ContactEvent,
    NotAllowedError,
    RecordEvent,
    SyncEvent,
    after,
)


def reachable(table: dict, start: object) -> set:
    seen = {start}
    while more := {to for (state, _), to in table.items() if state in seen} - seen:
        seen |= more
    return seen


@pytest.mark.parametrize(
    ("table", "start", "states"),
    [
        pytest.param(CONTACT_TRANSITIONS, Contact.OPEN, Contact, id="contact"),
        pytest.param(RECORD_TRANSITIONS, RecordStatus.DRAFT, RecordStatus, id="record"),
        pytest.param(SYNC_TRANSITIONS, SyncState.WAITING, SyncState, id="sync"),
    ],
)
def test_every_state_can_be_reached_from_the_first(table, start, states):
    assert reachable(table, start) == set(states)


@pytest.mark.parametrize(
    ("table", "state", "event"),
    [
        pytest.param(CONTACT_TRANSITIONS, Contact.VOID, ContactEvent.REACHED, id="a void contact stays void"),
        pytest.param(CONTACT_TRANSITIONS, Contact.CONNECTED, ContactEvent.SERIES_FAILED, id="connected is no failure"),
        pytest.param(RECORD_TRANSITIONS, RecordStatus.DRAFT, RecordEvent.ACCEPT, id="a draft is not accepted"),
        pytest.param(RECORD_TRANSITIONS, RecordStatus.FINISHED, RecordEvent.FINISH, id="finished once"),
        pytest.param(RECORD_TRANSITIONS, RecordStatus.VOID, RecordEvent.REVISE, id="void is the end"),
        pytest.param(SYNC_TRANSITIONS, SyncState.WAITING, SyncEvent.ACKNOWLEDGED, id="safe only after sending"),
        pytest.param(SYNC_TRANSITIONS, SyncState.REFUSED, SyncEvent.STARTED, id="refused is not sent by itself"),
    ],
)
def test_a_step_that_is_not_in_the_table_is_refused(table, state, event):
    with pytest.raises(NotAllowedError):
        after(table, state, event)
