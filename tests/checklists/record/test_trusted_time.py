"""TIM and CLK: what time it was by a clock that may be wrong, and whether it was moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from checklists import wire
from checklists.forms.form import Channel
from checklists.record import clock_moves, moments
from checklists.record.assessment import Answer, Assessment, Attempt, Contact, Draw, Measurement, Outcome
from checklists.record.assignment import ServiceHours
from checklists.record.attempts import Verdict, in_order, judge, next_try
from checklists.record.clock_readings import with_readings
from checklists.record.round_of_contact import began_at
from checklists.record.trusted_time import ClockReading, Moment, corrected, elapsed
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.programme import load_programme
from tests.builders import NOON, a_stamp, an_assessment, an_attempt, at, evidence

RULES = AttemptRules.of(load_programme("mystery_caller_2021").rules)
DAY_S = 86_400


def clock(timer_s: int = 0, offset_s: int | None = 0, start: str = "one") -> ClockReading:
    return ClockReading(start, timer_s, offset_s)


@pytest.mark.parametrize(
    ("reading", "moved_s"),
    [
        pytest.param(clock(offset_s=3600), 3600, id="the phone is an hour behind"),
        pytest.param(clock(offset_s=-DAY_S), -DAY_S, id="the phone is a day ahead"),
        pytest.param(clock(offset_s=None), 0, id="no offset was heard yet"),
        pytest.param(None, 0, id="a record of an older release"),
        pytest.param(clock(offset_s=10**20), 0, id="no clock is off by that much"),
    ],
)
def test_tim_1_corrected_time_is_wall_time_and_offset(reading: ClockReading | None, moved_s: int) -> None:
    assert corrected(NOON, reading) == NOON + timedelta(seconds=moved_s)


def test_tim_2_a_time_typed_in_is_corrected_already() -> None:
    assert replace(an_attempt(5), clock=clock(offset_s=60)).trusted_at == at(6)
    assert replace(an_attempt(5), clock=clock(offset_s=60), stamped=False).trusted_at == at(5)
    assert Measurement(at=at(5), clock=clock(offset_s=60)).trusted_at == at(6)
    assert Measurement(at=at(5), clock=clock(offset_s=60), stamped=False).trusted_at == at(5)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        pytest.param(Moment(at(0)), Moment(at(1)), 60, id="nothing known"),
        pytest.param(
            Moment(at(0), clock(0)), Moment(at(1), clock(60, 3600)), 60, id="TIM-3 the offset was learnt late"
        ),
        pytest.param(Moment(at(60), clock(0)), Moment(at(1), clock(60, 3600)), 60, id="the clock was put back an hour"),
        pytest.param(Moment(at(0), clock(0)), Moment(at(1), clock(0, 3600, "two")), 3660, id="another start"),
    ],
)
def test_tim_3_how_long_it_was(start: Moment, end: Moment, seconds: int) -> None:
    assert elapsed(start, end) == timedelta(seconds=seconds)


def test_tim_4_each_moment_has_the_reading_of_the_change_that_put_it_down() -> None:
    """A moment of an older release stays without, whatever becomes of it."""
    old = an_assessment(
        attempts=(an_attempt(1),), measurements={"t_dial": a_stamp(1)}, answers={"PB1": Answer(value=True, at=at(1))}
    )
    first, second = clock(10), clock(20)
    new = replace(
        old,
        attempts=(replace(old.attempts[0], taken_back_at=at(9)), an_attempt(9)),
        measurements={**old.measurements, "t_agent": a_stamp(9), "hold_spans": Measurement(spans=((at(9), None),))},
        answers={**old.answers, "PB2": Answer(value=True, at=at(9))},
        evidence=(evidence(),),
        draws=(Draw(at=at(9), seed="s", listed=9, picked=(1,)),),
        finished_at=at(9),
    )
    kept = with_readings(old, new, first)
    dated = (*kept.attempts, *kept.measurements.values(), *kept.answers.values(), *kept.evidence, *kept.draws)
    assert [one.clock for one in dated] == [None, first, None, first, None, None, first, first, first]
    assert kept.measurements["hold_spans"].span_clocks == ((first, None),)
    assert kept.finished_clock == first
    ended = replace(kept.measurements["hold_spans"], spans=((at(9), at(10)),))
    later = with_readings(kept, replace(kept, measurements={**kept.measurements, "hold_spans": ended}), second)
    assert later.measurements["hold_spans"].span_clocks == ((first, second),)
    assert wire.decode(wire.encode(later), Assessment) == later
    assert with_readings(later, later, clock(30)) is later


def test_what_was_stamped_first_keeps_its_own_reading() -> None:
    before = an_assessment(measurements={"t_dial": Measurement(at=at(1), clock=clock(1, 60))})
    typed = moments.put_down(before.measurements["t_dial"], at(5), "tapped late", latest=at(9), at=at(8))
    kept = with_readings(before, replace(before, measurements={"t_dial": typed}), clock(8, 120))
    measured = kept.measurements["t_dial"]
    assert (measured.trusted_at, measured.first_moment) == (at(5), Moment(at(1), clock(1, 60)))


FIVE = (0, 300, 1440, 1740, 2880)  # minutes: three days' tries


@pytest.mark.parametrize(
    ("offset_s", "state"),
    [
        pytest.param(0, Contact.UNREACHABLE, id="the sixth within three days"),
        pytest.param(None, Contact.UNREACHABLE, id="no offset: the wall clock's word"),
        pytest.param(DAY_S, Contact.OPEN, id="R-ATT-8 the clock was a day behind at the sixth"),
    ],
)
def test_r_att_8_windows_go_by_corrected_time(offset_s: int | None, state: Contact) -> None:
    tries = [replace(an_attempt(minutes), clock=clock()) for minutes in FIVE]
    sixth = replace(an_attempt(3180), clock=clock(offset_s=offset_s))
    assert judge([*tries, sixth], RULES).state is state


def test_r_att_8_a_phone_a_day_ahead_still_fills_its_window_and_its_next_try_is_right() -> None:
    """Five tries by a right clock, the sixth by one a week ahead of the time."""
    tries = [an_attempt(minutes) for minutes in FIVE]
    sixth = replace(an_attempt(3180 + 7 * 1440), clock=clock(offset_s=-7 * DAY_S))
    assert judge([*tries, sixth], RULES).state is Contact.UNREACHABLE
    upcoming = next_try(judge(tries, RULES), corrected(sixth.at, sixth.clock))
    assert upcoming
    assert upcoming.number == 6


def test_r_att_8_the_log_stands_in_corrected_order_and_service_hours_go_by_it() -> None:
    office = ServiceHours(days=(1,), hours=(("09:00", "13:00"),))
    evening = replace(an_attempt(540), clock=clock(offset_s=-540 * 60))
    morning = an_attempt(-30)
    series = judge(in_order([evening, morning]), RULES, office)
    assert [one.attempt for one in series.tries] == [morning, evening]
    assert [one.verdict for one in series.tries] == [Verdict.COUNTS, Verdict.COUNTS]


def test_the_round_of_a_contact_goes_by_corrected_time() -> None:
    call = an_assessment(attempts=(replace(an_attempt(0), clock=clock(offset_s=-DAY_S)),))
    assert began_at(call) == at(-1440)
    assert began_at(an_assessment(started_clock=clock(offset_s=60))) == at(1)


@pytest.mark.parametrize(
    ("timer_s", "clock_s", "changes", "moved_s"),
    [
        pytest.param(40, 40, {}, 0, id="CLK-1 they agree"),
        pytest.param(40, 42, {}, 0, id="CLK-1 but for whole seconds"),
        pytest.param(40, 640, {}, 600, id="CLK-1 put forward"),
        pytest.param(40, -560, {}, -600, id="CLK-1 put back"),
        pytest.param(40, 640, {"start": "two"}, 0, id="the app was started anew"),
        pytest.param(40, 640, {"email": True}, 0, id="CLK-3 the phone slept"),
        pytest.param(40, -560, {"email": True}, -600, id="CLK-3 put back while a reply was waited for"),
        pytest.param(40, 640, {"email": True, "offset_s": -600}, 600, id="CLK-3 put forward, and the server says so"),
    ],
)
def test_a_clock_that_moved_against_the_timer_is_noticed(
    timer_s: int, clock_s: int, changes: dict[str, Any], moved_s: int
) -> None:
    reading = clock(timer_s, changes.get("offset_s", 0), changes.get("start", "one"))
    stamps = {"t_dial": replace(a_stamp(), clock=clock()), "t_agent": replace(a_stamp(seconds=clock_s), clock=reading)}
    email = {"channel": Channel.ONLINE, "subchannel": "email"} if changes.get("email") else {}
    record = an_assessment(measurements=stamps, **email)
    assert clock_moves.moved_stamps(record) == ({"t_agent": moved_s} if moved_s else {})
    assert clock_moves.has_moved(record) is bool(moved_s)
    if not email:
        without = replace(record, measurements={"t_agent": stamps["t_agent"]})
        assert not clock_moves.has_moved(without), "CLK-2"


def test_what_an_older_release_noticed_is_still_said() -> None:
    record = an_assessment(measurements={"t_agent": replace(a_stamp(), clock_moved_s=-300)})
    assert clock_moves.moved_stamps(record) == {"t_agent": -300}


def test_clk_3_a_clock_put_back_between_two_tries_is_noticed_and_costs_nothing() -> None:
    first = Attempt(at=at(0), outcome=Outcome.NO_ANSWER, clock=clock(0))
    slept = Attempt(at=at(600), outcome=Outcome.NO_ANSWER, clock=clock(60))
    put_back = Attempt(at=at(300), outcome=Outcome.NO_ANSWER, clock=clock(18_060))
    log = [first, slept, put_back]
    assert clock_moves.moved_tries(log) == {2: -36_000}
    assert judge(in_order(log), RULES).penalty == 0
    assert judge(in_order(log), RULES).counted == 3


@pytest.mark.parametrize(
    ("changes", "received", "is_out"),
    [
        pytest.param({"finished_at": at(40)}, 45, False, id="begun, stamped, finished, received"),
        pytest.param({"finished_at": at(-20)}, 45, True, id="finished before it was begun"),
        pytest.param({"finished_at": at(5)}, 45, True, id="stamped after it was finished"),
        pytest.param({"finished_at": at(9)}, 45, False, id="a clock that sets itself"),
        pytest.param({"finished_at": at(40)}, -2 * 24 * 60, True, id="received days before"),
        pytest.param({}, 45, False, id="a draft"),
        pytest.param({}, -2 * 24 * 60, True, id="a draft of the day after tomorrow"),
        pytest.param({"answers": {"PA1": Answer(value=True, at=at(3 * 24 * 60))}}, 45, True, id="an answer ahead"),
        pytest.param({"answers": {"PA1": Answer(value=True, at=at(60))}}, 45, False, id="an answer of an hour ahead"),
        pytest.param(
            {"attempts": (Attempt(at=at(3 * 24 * 60), outcome=Outcome.BUSY),)}, 45, True, id="a try of days ahead"
        ),
    ],
)
def test_times_that_cannot_be_right_together_are_the_clocks(
    changes: dict[str, Any], received: int, is_out: bool
) -> None:
    """CLK-4."""
    record = an_assessment(
        measurements={"t_agent": Measurement(at=at(10)), "ring_count": Measurement(number=2)}, **changes
    )
    assert clock_moves.is_out_of_time(record, at(received)) is is_out
