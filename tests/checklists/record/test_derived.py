"""Quantities worked out from marks, and the ease-of-access test that reads them (EASE-n: checklists/score/ease.py)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.number import as_answer
from checklists.record.assessment import Assessment, Contact, Measurement, Outcome
from checklists.record.assignment import ServiceHours
from checklists.record.derived import Circumstances, values
from checklists.record.sheet import sheet_of
from checklists.record.verbs import with_measurement
from checklists.score.ease import EaseResult, EaseTest, ease
from tests.builders import NOON, a_count, a_stamp, an_assessment, an_attempt, at

FORMS = shipped_forms()
WEEKDAYS = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),))
DAY = 24 * 60
HOME = "Asia/Hong_Kong"


def number(assessment: Assessment, key: str, **circumstances: Any) -> Fraction | None:
    layout = sheet_of(assessment, FORMS)
    return values(layout, assessment.measurements, circumstances=Circumstances(**({"tz": HOME} | circumstances)))[key]


def stamps(**seconds: float) -> dict[str, Measurement]:
    return {key: a_stamp(seconds=moment) for key, moment in seconds.items()}


HOLDS = {"hold_spans": Measurement(spans=((at(1), at(2)), (at(3), at(3, seconds=15)), (at(4), None)))}


@pytest.mark.parametrize(
    ("marks", "key", "expected"),
    [
        pytest.param(stamps(t_dial=0, t_first_answer=7), "ring_sec", 7, id="ringing"),
        pytest.param(stamps(t_dial=0, t_queue_in=30, t_agent=50), "wait_sec", 20, id="wait from the queue"),
        pytest.param(stamps(t_dial=0, t_agent=50), "wait_sec", 50, id="wait from dialling without an IVRS"),
        pytest.param(stamps(t_queue_in=30, t_agent=50.25), "wait_sec", Fraction(81, 4), id="parts of a second"),
        pytest.param(stamps(t_dial=0), "wait_sec", None, id="a mark is missing"),
        pytest.param(stamps(t_dial=60, t_agent=50), "wait_sec", None, id="marks out of order"),
        pytest.param(HOLDS, "hold_total_sec", 75, id="holds together, an open one not counted yet"),
        pytest.param(HOLDS, "longest_hold_sec", 60, id="the longest hold"),
        pytest.param({}, "longest_hold_sec", None, id="no hold"),
        pytest.param({**stamps(t_agent=0, t_end=600), **HOLDS}, "talk_sec", 525, id="talk without the holds"),
        pytest.param(stamps(t_agent=0, t_end=600), "talk_sec", 600, id="talk where nothing was held"),
        pytest.param({"ring_count": a_count(3)}, "ring_count", 3, id="a count is a number as it stands"),
    ],
)
def test_a_phone_quantity_is_worked_out_from_its_marks(marks, key, expected):
    assert number(an_assessment(measurements=marks), key) == expected


@pytest.mark.parametrize(
    ("channel", "marks", "key", "expected"),
    [
        (Channel.ONSITE, stamps(t_ticket=0, t_served=181), "queue_wait_sec", 181),
        (Channel.FACE_TO_FACE, stamps(t_arrive=0, t_ack=30, t_served=180), "ack_sec", 30),
        (Channel.FACE_TO_FACE, stamps(t_arrive=0, t_ack=30, t_served=180), "served_sec", 180),
        (Channel.ONLINE, stamps(t_sent=0, t_human=31), "frt_sec", 31),
        (Channel.ONLINE, stamps(t_sent=0, t_resolved=900), "ttr_sec", 900),
    ],
)
def test_a_quantity_of_another_channel_is_worked_out_from_its_marks(channel, marks, key, expected):
    assert number(an_assessment(channel=channel, measurements=marks), key) == expected


def test_the_time_to_bring_up_recordings_counts_from_asking_for_them():
    marks = stamps(t_asked=0, t_retrieved=300)
    recording = an_assessment(channel=Channel.ONSITE, variant="recording", measurements=marks)
    assert number(recording, "retrieval_sec") == 300


def test_the_time_through_the_ivrs_is_the_annex_s_own():
    marks = stamps(t_prompt=0, t_agent_queue=61)
    assert number(an_assessment(annex="ivrs_annex@1", measurements=marks), "ivrs_sec") == 61


@pytest.mark.parametrize(
    ("subchannel", "expected"),
    [
        pytest.param("chat", DAY * 60, id="clock time for chat"),
        pytest.param("social", DAY * 60, id="clock time for social"),
        pytest.param("email", 9 * 3600, id="service hours for e-mail"),
        pytest.param("form", 9 * 3600, id="service hours for forms"),
    ],
)
def test_a_first_reply_is_counted_in_the_time_of_its_sub_channel(subchannel, expected):
    marks = {"t_sent": a_stamp(), "t_human": a_stamp(DAY)}  # Monday noon to Tuesday noon
    contact = an_assessment(channel=Channel.ONLINE, subchannel=subchannel, measurements=marks)
    assert number(contact, "frt_sec", service=WEEKDAYS) == expected


def test_nothing_is_measured_in_service_hours_before_the_rules_name_a_zone():
    stamped = {"t_sent": a_stamp(), "t_human": a_stamp(60)}
    by_mail = an_assessment(channel=Channel.ONLINE, subchannel="email", measurements=stamped)
    by_chat = an_assessment(channel=Channel.ONLINE, subchannel="chat", measurements=stamped)
    assert number(by_mail, "frt_sec", service=WEEKDAYS, tz=None) is None
    assert number(by_chat, "frt_sec", service=WEEKDAYS, tz=None) == 3600
    assert number(by_mail, "frt_sec", tz=None) == 3600


@pytest.mark.parametrize(
    ("target_s", "expected"),
    [
        pytest.param(900, 1, id="exactly in the time promised"),
        pytest.param(600, Fraction(3, 2), id="half as long again"),
        pytest.param(None, Fraction(1, 2), id="half the default of a chat"),
    ],
)
def test_the_complete_answer_is_measured_against_the_time_promised(target_s, expected):
    contact = an_assessment(channel=Channel.ONLINE, measurements=stamps(t_sent=0, t_resolved=900))
    assert number(contact, "ttr_share", reply_target_s=target_s) == expected


@pytest.mark.parametrize(
    ("value", "answer"),
    [(Fraction(20), 20), (Fraction(41, 2), "20.5"), (Fraction(1, 3), "1/3"), (Fraction(-1, 4), "-0.25")],
)
def test_a_number_is_written_as_an_answer_holds_it(value, answer):
    assert as_answer(value) == answer


def judged(**record: Any) -> EaseResult:
    assessment = an_assessment(**record)
    return ease(
        assessment, sheet_of(assessment, FORMS), EaseTest(), circumstances=Circumstances(service=WEEKDAYS, tz=HOME)
    )


EASY_CALL = {"t_dial": a_stamp(), "t_queue_in": a_stamp(), "t_agent": a_stamp(seconds=20), "menu_levels": a_count(3)}
CONNECTED = (an_attempt(0, Outcome.CONNECTED),)


@pytest.mark.parametrize(
    ("changes", "attempts", "met"),
    [
        pytest.param({}, CONNECTED, True, id="EASE-1 exactly at both limits on the first try"),
        pytest.param({"t_agent": a_stamp(seconds=20.5)}, CONNECTED, False, id="EASE-1 half a second too long"),
        pytest.param({"menu_levels": a_count(4)}, CONNECTED, False, id="EASE-1 a level too many"),
        pytest.param({}, (an_attempt(0), an_attempt(20, Outcome.CONNECTED)), False, id="EASE-1 on the second try"),
        pytest.param(
            {}, (an_attempt(0, Outcome.MISDIAL), *CONNECTED), True, id="EASE-1 the assessor's own error is no failure"
        ),
        pytest.param({}, (), False, id="EASE-5 no try is logged"),
        pytest.param({"menu_levels": Measurement()}, CONNECTED, False, id="EASE-5 levels not counted"),
    ],
)
def test_a_call_earns_ease_of_access(changes, attempts, met):
    assert judged(measurements=EASY_CALL | changes, attempts=attempts).met is met


def test_ease_1_a_hotline_without_an_ivrs_has_no_menu_levels():
    marks = {"t_dial": a_stamp(), "t_agent": a_stamp(seconds=12)}
    assert judged(measurements=marks, attempts=CONNECTED).met


def test_ease_1_another_assessor_s_failed_try_is_a_try():
    assessment = an_assessment(measurements=EASY_CALL, attempts=CONNECTED)
    layout = sheet_of(assessment, FORMS)
    assert not ease(
        assessment, layout, EaseTest(), circumstances=Circumstances(), earlier_attempts=(an_attempt(-60),)
    ).met
    assert ease(
        assessment,
        layout,
        EaseTest(first_attempt=False),
        circumstances=Circumstances(),
        earlier_attempts=(an_attempt(-60),),
    ).met


@pytest.mark.parametrize(
    ("subchannel", "seconds", "met"),
    [
        ("chat", 30, True),
        ("chat", 31, False),
        ("social", 900, True),
        ("social", 901, False),
        ("email", 14400, True),
        ("email", 14401, False),
        ("form", 14400, True),
        ("form", 86400, False),
    ],
)
def test_ease_2_an_online_reply_earns_it_within_its_limit(subchannel, seconds, met):
    """EASE-2."""
    marks = stamps(t_sent=0, t_human=seconds)
    assert judged(channel=Channel.ONLINE, subchannel=subchannel, measurements=marks).met is met


@pytest.mark.parametrize(("ack", "served", "met"), [(30, 180, True), (31, 180, False), (30, 181, False)])
def test_ease_3_face_to_face_takes_both_limits(ack, served, met):
    """EASE-3."""
    marks = stamps(t_arrive=0, t_ack=ack, t_served=served)
    assert judged(channel=Channel.FACE_TO_FACE, measurements=marks).met is met


def test_ease_4_onsite_never_earns_it():
    """EASE-4."""
    result = judged(channel=Channel.ONSITE, measurements=stamps(t_ticket=0, t_served=1))
    assert not result.met
    assert result.why[0].in_language("zh-Hant").startswith("現場評審")


def test_an_unreached_contact_never_earns_it():
    assert not judged(contact=Contact.UNREACHABLE).met


def test_each_condition_says_what_was_measured_and_whether_it_is_met():
    told = [str(why) for why in judged(measurements=EASY_CALL, attempts=CONNECTED).why]
    assert told == [
        "Waited 20 s for an agent; at most 20 s: met.",
        "Passed 3 menu levels; at most 3: met.",
        "Reached on the first try: met.",
    ]


@pytest.mark.parametrize(
    ("levels", "says"),
    [(1, True), (3, True), (4, False), (0, "na")],
    ids=["one level", "the last that is within", "beyond it", "there was no menu"],
)
def test_a_yes_or_no_that_is_read_from_a_count_is_answered_by_it(levels: int, says: object) -> None:
    record, layout = an_assessment(), sheet_of(an_assessment(), shipped_forms())
    counted = with_measurement(
        record, "menu_levels", Measurement(number=levels), at=NOON, sheet=layout, circumstances=Circumstances()
    )
    assert counted.answers["PA4"].value == says
