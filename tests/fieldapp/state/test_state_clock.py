"""Time on the phone: typed times and their day, a clock that is moved, tries taken back, and a list that follows."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.form import Channel
from checklists.record.assessment import Contact, Outcome
from checklists.record.trusted_time import ClockReading
from fieldapp.state import Due
from tests.builders import NOON, an_assignment, at
from tests.fieldapp.app_kit import Phone, fill


async def a_phone(**changes: Any) -> Phone:
    phone = await fill(Phone(), an_assignment(**changes))
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def test_a_reply_typed_in_days_later_is_of_the_day_it_came() -> None:
    """MOM-1: begun on Monday at noon; on Wednesday at 18:00 the reply of 17:32 is of Wednesday."""
    phone = await a_phone(channel=Channel.ONLINE, subchannel="email")
    assert await phone.visit.stamp("t_sent")
    phone.clock.pass_(days=2, hours=6)
    assert phone.visit.moment_meant("t_human", time(17, 32)) == at(2 * 1440 + 332)
    assert phone.visit.moment_meant("t_human", time(17, 32), days=-1) == at(1440 + 332)
    assert await phone.visit.edit_stamp("t_human", at(1440 + 332), "seen late")
    assert phone.visit.reading.derived["frt_sec"] > 86_400


async def test_a_stamp_after_midnight_is_corrected_to_the_evening_before() -> None:
    phone = await a_phone()
    phone.clock.pass_(hours=12, minutes=5)
    assert await phone.visit.stamp("t_dial")
    assert phone.visit.moment_meant("t_dial", time(23, 58)) == at(718)
    assert await phone.visit.edit_stamp("t_dial", at(718), "tapped late")
    kept = phone.visit.assessment.measurements["t_dial"]
    assert (kept.at, kept.original_at, kept.reason) == (at(718), at(725), "tapped late")


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        pytest.param(at(-1), " ", id="MOM-4 no reason"),
        pytest.param(at(1), "soon", id="MOM-2 not yet"),
    ],
)
async def test_a_typed_time_that_cannot_be_is_refused_and_told(moment: Any, reason: str) -> None:
    phone = await a_phone()
    assert not await phone.visit.edit_stamp("t_dial", moment, reason)
    assert phone.app.notice
    assert "t_dial" not in phone.visit.assessment.measurements


async def test_what_a_typed_time_would_disorder_is_told_before_it_is_kept() -> None:
    phone = await a_phone()
    await phone.visit.stamp("t_dial")
    problem = phone.visit.disorder_at("t_agent", at(-1))
    assert str(problem) == '"Agent speaks" stands before "Number dialled"; put one of the two right.'
    assert phone.visit.disorder_at("t_agent", at(1)) is None
    far = str(phone.visit.disorder_at("t_end", at(48 * 60)))
    assert far.startswith('"Number dialled" and "Call ended, and by whom" lie 48 h apart; at most 12 h are possible.')


async def test_a_phone_whose_clock_is_wrong_stamps_its_own_time_and_goes_by_the_servers() -> None:
    """TIM-1, TIM-2: the clock is a day ahead, as the server said."""
    phone = await a_phone()
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=-86_400))
    phone.clock.move(days=1)
    await phone.visit.stamp("t_dial")
    await phone.visit.attempt(Outcome.NO_ANSWER)
    record = phone.visit.assessment
    stamp, tried = record.measurements["t_dial"], record.attempts[0]
    assert (stamp.at, stamp.trusted_at, stamp.clock) == (at(1440), NOON, ClockReading("start-1", 0, -86_400))
    assert (tried.at, tried.trusted_at) == (at(1440), NOON)
    assert phone.visit.now() == NOON
    assert phone.visit.reading.next_try
    assert phone.visit.reading.next_try.number == 2
    phone.clock.pass_(minutes=10)
    assert phone.visit.moment_meant("t_agent", time(12, 5)) == at(5)
    assert not await phone.visit.edit_stamp("t_agent", at(11), "not yet, by the server's clock")
    assert await phone.visit.edit_stamp("t_agent", at(5), "tapped late")
    assert phone.visit.reading.derived["wait_sec"] == 300


async def test_five_tries_by_a_wrong_clock_and_one_by_a_right_one_are_six_in_their_window() -> None:
    phone = await a_phone()
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=30 * 86_400))
    phone.clock.move(days=-30)
    for _ in range(5):
        await phone.visit.attempt(Outcome.NO_ANSWER)
        phone.clock.pass_(hours=4)
    phone.clock.move(days=30)
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=0))
    await phone.visit.attempt(Outcome.NO_ANSWER)
    assert phone.visit.assessment.contact is Contact.UNREACHABLE


@pytest.mark.parametrize("minutes", [pytest.param(-5, id="put back"), pytest.param(60, id="put forward")])
async def test_a_clock_moved_during_a_measurement_is_told_and_the_measurement_taken_back(minutes: int) -> None:
    phone = await a_phone()
    await phone.visit.stamp("t_queue_in")
    phone.clock.pass_(seconds=30)
    phone.clock.move(minutes=minutes)
    await phone.visit.stamp("t_agent")
    assert phone.app.notice
    assert phone.app.notice.code == "clock-moved"
    assert phone.visit.clock_moved_s("t_agent") == minutes * 60
    assert await phone.visit.clear_measurement("t_agent")
    assert "t_agent" not in phone.visit.assessment.measurements
    await phone.visit.stamp("t_agent")
    assert phone.visit.clock_moved_s("t_agent") == minutes * 60, "CLK-2"
    phone.clock.pass_(seconds=5)
    await phone.visit.stamp("t_end", choice="agent")
    assert phone.visit.clock_moved_s("t_end") == 0


async def test_a_hold_during_which_the_clock_moved_is_told_and_taken_back() -> None:
    phone = await a_phone()
    await phone.visit.toggle_span("hold_spans")
    phone.clock.move(minutes=-5)
    await phone.visit.toggle_span("hold_spans")
    assert {"clock-moved", "measurements-disordered"} <= {finding.code for finding in phone.visit.findings}
    assert await phone.visit.take_back_span("hold_spans")
    assert "hold_spans" not in phone.visit.assessment.measurements


async def test_a_mistaken_outcome_is_taken_back_and_the_series_goes_on() -> None:
    """R-TRY-1: the log keeps both, and the window's figures follow."""
    phone = await a_phone()
    for _ in range(6):
        await phone.visit.attempt(Outcome.NO_ANSWER)
        phone.clock.pass_(hours=4)
    sixth = phone.visit.assessment.attempts[-1]
    assert phone.visit.assessment.contact is Contact.UNREACHABLE
    assert await phone.visit.correct_attempt(sixth, None)
    assert phone.visit.assessment.contact is Contact.OPEN
    assert phone.visit.reading.next_try
    assert phone.visit.reading.next_try.number == 6
    await phone.visit.attempt(Outcome.CONNECTED)
    assert await phone.visit.correct_attempt(phone.visit.assessment.attempts[-1], Outcome.BUSY)
    assert phone.visit.assessment.contact is Contact.UNREACHABLE
    assert len(phone.visit.assessment.attempts) == 8


async def test_the_list_and_the_next_try_follow_the_clock_while_the_app_stays_open() -> None:
    phone = await a_phone(due_until=at(3120))
    await phone.visit.attempt(Outcome.NO_ANSWER)
    assert phone.app.rows[0].due is Due.WEEK
    rows = phone.app.rows
    phone.app.look_again()
    assert phone.app.rows is rows, "nothing is drawn anew for nothing"
    phone.clock.pass_(days=3)
    phone.app.look_again()
    assert phone.app.rows[0].due is Due.OVERDUE
    assert phone.visit.reading.next_try
    assert phone.visit.reading.next_try.number == 1


async def test_an_annex_left_out_is_counted_nowhere() -> None:
    phone = await a_phone(annex="ivrs_annex@1")
    await phone.visit.answer("PB1", True)
    whole = phone.app.rows[0].asked
    await phone.visit.answer("ivrs_annex", "na")
    assert phone.app.rows[0].asked < whole
    assert phone.app.rows[0].asked == len(phone.visit.sheet.items)
    assert {one.section_id for one in phone.visit.reading.progress} == {one.key for one in phone.visit.sheet.sections}
