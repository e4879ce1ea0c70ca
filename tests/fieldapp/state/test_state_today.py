"""DUE, TOD, WAIT: what stands where in the list of today, and what comes next, as the clock goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.form import Channel
from checklists.language import in_language
from checklists.record.assessment import Assessment, Attempt, Contact, Measurement, Outcome, RecordStatus
from checklists.record.assignment import Assignment, ServiceHours
from fieldapp.kept import Review
from fieldapp.state import Due, VisitRow
from fieldapp.state.today import matching, next_row
from fieldapp.state.waiting import Wait
from fieldapp.views.today.lines import told
from tests.builders import NOON, an_assessment, an_assignment, an_attempt
from tests.fieldapp.app_kit import Phone, fill

OFFICE = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),))


async def rows_of(*pairs: tuple[Assignment, Assessment | None], now: datetime = NOON) -> tuple[VisitRow, ...]:
    """The list of a phone that holds these, at `now`."""
    phone = await fill(Phone(), *(assignment for assignment, _ in pairs))
    for _, assessment in pairs:
        if assessment is not None:
            await phone.store.save(assessment)
    phone.clock.moment = now
    await phone.app.start()
    await phone.worker.stop()
    return phone.app.rows


def tried(*attempts: Attempt, contact: Contact = Contact.OPEN, **changes: object) -> Assessment:
    return an_assessment(attempts=attempts, contact=contact, **changes)


VOICEMAIL = an_attempt(0, Outcome.VOICEMAIL)
SENT = {"t_sent": Measurement(at=NOON)}
EMAIL = an_assignment(channel=Channel.ONLINE, subchannel="email", reply_target_s=7200)


@pytest.mark.parametrize(
    ("assignment", "assessment", "after", "due"),
    [
        pytest.param(an_assignment(), None, timedelta(), Due.LATER, id="nothing done, due in a month"),
        pytest.param(an_assignment(), None, timedelta(days=25), Due.WEEK, id="the clock goes on: this week"),
        pytest.param(an_assignment(), None, timedelta(days=30), Due.OVERDUE, id="and is overdue"),
        pytest.param(an_assignment(), tried(an_attempt()), timedelta(hours=1), Due.LATER, id="two days left"),
        pytest.param(
            an_assignment(), tried(an_attempt()), timedelta(days=1, hours=12), Due.CLOSING, id="DUE-1 24 h left"
        ),
        pytest.param(an_assignment(), tried(an_attempt()), timedelta(days=3), Due.LATER, id="the window lapsed"),
        pytest.param(an_assignment(), tried(VOICEMAIL), timedelta(hours=3), Due.WAITING, id="WAIT-1 a call-back"),
        pytest.param(an_assignment(), tried(VOICEMAIL), timedelta(hours=4), Due.LATER, id="WAIT-1 no more"),
        pytest.param(
            an_assignment(due_until=NOON + timedelta(hours=2)),
            tried(VOICEMAIL),
            timedelta(hours=3),
            Due.OVERDUE,
            id="DUE-2 overdue comes before waiting",
        ),
    ],
)
async def test_a_visit_moves_between_the_groups_as_the_clock_goes_on(
    assignment: Assignment, assessment: Assessment | None, after: timedelta, due: Due
) -> None:
    (row,) = await rows_of((assignment, assessment), now=NOON + after)
    assert row.due is due


async def test_a_message_waits_for_a_full_answer_by_the_time_promised() -> None:
    """WAIT-2."""
    record = an_assessment(channel=Channel.ONLINE, subchannel="email", measurements=SENT)
    (row,) = await rows_of((EMAIL, record))
    assert row.due is Due.WAITING
    assert row.waits
    assert (row.waits.wait, row.waits.until) == (Wait.REPLY, NOON + timedelta(hours=2))
    answered = replace(record, measurements={**SENT, "t_resolved": Measurement(at=NOON)})
    (row,) = await rows_of((EMAIL, answered))
    assert row.waits is None


@pytest.mark.parametrize(
    ("changes", "after", "due"),
    [
        pytest.param({}, timedelta(), Due.WAITING, id="WAIT-3 a promise is open"),
        pytest.param({"answers": {"PG4": "na"}}, timedelta(), Due.FINISHED, id="WAIT-3 nothing was promised"),
        pytest.param({}, timedelta(days=30), Due.FINISHED, id="WAIT-3 the visit was due"),
        pytest.param({"contact": Contact.UNREACHABLE}, timedelta(), Due.FINISHED, id="WAIT-3 nobody was reached"),
    ],
)
async def test_a_finished_visit_stands_under_waiting_while_a_promise_is_open(
    changes: dict[str, Any], after: timedelta, due: Due
) -> None:
    record = an_assessment(status=RecordStatus.FINISHED, finished_at=NOON, **changes)
    (row,) = await rows_of((an_assignment(), record), now=NOON + after)
    assert row.due is due
    assert bool(row.waits) is (due is Due.WAITING)
    if row.waits:
        assert "answer it by Wed 31/3" in told(row, NOON, None).state


async def test_what_was_sent_back_comes_first_with_the_reviewer_s_words() -> None:
    late = an_assignment(id="late", due_until=NOON - timedelta(days=1))
    phone = await fill(Phone(), an_assignment(), late)
    record = an_assessment(status=RecordStatus.FINISHED, finished_at=NOON)
    await phone.store.save(record)
    review = Review(
        id="review-1",
        assessment_id=record.id,
        revision=1,
        decision="returned",
        reason="Which pier?",
        comments={"PD1": "?"},
    )
    await phone.store.save_feed(replace(phone.store.feed(), reviews={record.id: review}))
    await phone.app.start()
    await phone.worker.stop()
    first = phone.app.rows[0]
    assert (first.due, first.reason, first.notes) == (Due.RETURNED, "Which pier?", 1)
    assert next_row(phone.app.rows, NOON) is first


NEAR, FAR = {"due_until": NOON + timedelta(days=1)}, {"due_until": NOON + timedelta(days=2)}


@pytest.mark.parametrize(
    ("near", "attempts", "following"),
    [
        pytest.param({}, (), "near", id="TOD-1 the soonest due"),
        pytest.param({}, (an_attempt(-10),), "far", id="TOD-2 not before the gap is over"),
        pytest.param({"service": replace(OFFICE, days=(2,))}, (), "far", id="TOD-2 not outside service hours"),
        pytest.param({"withdrawn": True}, (an_attempt(-30),), "far", id="nothing that was withdrawn"),
    ],
)
async def test_next_is_what_can_be_done_now(
    near: dict[str, object], attempts: tuple[Attempt, ...], following: str
) -> None:
    record = tried(*attempts, assignment_id="near") if attempts else None
    soon, later = an_assignment(id="near", **(NEAR | near)), an_assignment(id="far", **FAR)
    chosen = next_row(await rows_of((soon, record), (later, None)), NOON)
    assert chosen
    assert chosen.assignment_id == following


async def test_when_nothing_can_be_done_the_first_that_will_is_next() -> None:
    chosen = next_row(await rows_of((an_assignment(service=replace(OFFICE, days=(2,))), None)), NOON)
    assert chosen
    assert chosen.serves == (NOON.replace(hour=1) + timedelta(days=1), NOON.replace(hour=10) + timedelta(days=1))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("harbour UMBRELLA", 1, id="TOD-3 entrant and scenario"),
        pytest.param("遺失", 1, id="TOD-3 the other language"),
        pytest.param("harbour tram", 0, id="every word counts"),
        pytest.param("", 1, id="nothing written yet"),
    ],
)
async def test_search_finds_by_names(words: str, found: int) -> None:
    rows = await rows_of((an_assignment(), None))
    assert [in_language(row.entrant, "en") for row in matching(rows, words)] == ["Harbour Ferry Hotline"] * found


async def test_a_row_whose_visit_did_not_change_stays_the_same_within_a_minute() -> None:
    phone = await fill(Phone(), an_assignment(), an_assignment(id="other"))
    await phone.app.start()
    await phone.worker.stop()
    before = {row.assignment_id: row for row in phone.app.rows}
    await phone.app.open_visit("other")
    await phone.visit.answer("PA1", True)
    after = {row.assignment_id: row for row in phone.app.rows}
    assert after["assignment-1"] is before["assignment-1"]
    assert after["other"] != before["other"]
