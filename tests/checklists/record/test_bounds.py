"""LEN: what a measurement can have been at all."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.record.assessment import Assessment, Measurement
from checklists.record.bounds import impossible
from checklists.record.derived import Circumstances
from checklists.record.findings import findings
from checklists.record.sheet import sheet_of
from checklists.record.trusted_time import ClockReading
from tests.builders import a_count, a_stamp, an_assessment, at

FORMS = shipped_forms()
HOUR, DAY = 60, 24 * 60
PHONE: dict[str, Any] = {}
CHAT = {"channel": Channel.ONLINE}
EMAIL = {"channel": Channel.ONLINE, "subchannel": "email"}
SHOP = {"channel": Channel.FACE_TO_FACE}
BRANCH = {"channel": Channel.ONSITE, "variant": "branch"}
SESSION = {"channel": Channel.ONSITE, "variant": "recording", "recordings": 2}


def measured(kind: dict[str, Any], **measurements: Measurement) -> Assessment:
    return an_assessment(measurements=measurements, **kind)


def told(record: Assessment) -> list[str]:
    return [str(what.message) for what in impossible(sheet_of(record, FORMS), record.measurements)]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param(measured(PHONE, t_agent=a_stamp(), t_end=a_stamp(12 * HOUR)), None, id="a call of half a day"),
        pytest.param(
            measured(PHONE, t_agent=a_stamp(), t_end=a_stamp(51 * HOUR + 14)),
            '"Agent speaks" and "Call ended, and by whom" lie 52 h apart; at most 12 h are possible.',
            id="a talk of two days",
        ),
        pytest.param(
            measured(PHONE, t_dial=a_stamp(), hold_spans=Measurement(spans=((at(1), at(13 * HOUR)),))),
            '"Number dialled" and "Each hold: start and end" lie 13 h apart',
            id="a hold of half a day and more",
        ),
        pytest.param(
            measured(PHONE, hold_spans=Measurement(spans=((at(), at(13 * HOUR)),))), "lie 13 h apart", id="only a hold"
        ),
        pytest.param(measured(PHONE, hold_spans=Measurement(spans=((at(), None),))), None, id="an open hold"),
        pytest.param(
            measured(PHONE, t_dial=a_stamp(), t_agent=a_stamp(-13 * HOUR)), "lie 13 h apart", id="the wrong way round"
        ),
        pytest.param(measured(CHAT, t_sent=a_stamp(), t_human=a_stamp(13 * HOUR)), "at most 12 h", id="a chat"),
        pytest.param(measured(EMAIL, t_sent=a_stamp(), t_human=a_stamp(60 * DAY)), None, id="an e-mail after 60 days"),
        pytest.param(
            measured(EMAIL, t_sent=a_stamp(), t_human=a_stamp(93 * DAY)),
            "lie 93 days apart; at most 92 are possible",
            id="an e-mail after a quarter of a year",
        ),
        pytest.param(measured(SHOP, t_arrive=a_stamp(), t_end=a_stamp(26 * HOUR)), "lie 26 h apart", id="face-to-face"),
        pytest.param(measured(BRANCH, t_arrive=a_stamp(), t_leave=a_stamp(26 * HOUR)), "lie 26 h apart", id="a branch"),
        pytest.param(
            measured(SESSION, t_asked=a_stamp(), t_retrieved=a_stamp(26 * HOUR)), None, id="recordings the next day"
        ),
        pytest.param(
            measured(SESSION, t_asked=a_stamp(), t_retrieved=a_stamp(8 * DAY)), "at most 7", id="recordings a week late"
        ),
        pytest.param(measured(PHONE, no_such_key=a_stamp(), t_end=a_stamp(99 * HOUR)), None, id="no mark of this form"),
    ],
)
def test_all_of_one_contact_lies_near_together(record: Assessment, words: str | None) -> None:
    """LEN-1."""
    assert len(told(record)) == (words is not None)
    assert words is None or words in told(record)[0]


def test_the_corrected_time_tells_how_far_apart_moments_lie() -> None:
    """LEN-1."""
    wrong_by_days = Measurement(at=at(-30 * DAY), clock=ClockReading("another start", 0, 30 * 24 * 3600))
    assert told(measured(PHONE, t_dial=wrong_by_days, t_end=a_stamp(5))) == []


@pytest.mark.parametrize(
    ("measurement", "is_possible"),
    [
        pytest.param(a_count(0), True, id="none"),
        pytest.param(a_count(1_000), True, id="the most"),
        pytest.param(a_count(1_001), False, id="more"),
        pytest.param(a_count(-1), False, id="below none"),
    ],
)
def test_a_count_is_one_that_somebody_can_have_counted(measurement: Measurement, is_possible: bool) -> None:
    """LEN-2."""
    assert (told(measured(PHONE, transfer_count=measurement)) == []) is is_possible
    pair = Measurement(pair=(1, measurement.number or 0))
    assert (told(measured(BRANCH, counters_open=pair)) == []) is is_possible


@pytest.mark.parametrize(
    ("record", "question", "measurement"),
    [
        pytest.param(
            measured(PHONE, t_queue_in=a_stamp(), t_agent=a_stamp(51 * HOUR)), "PA3", None, id="a question reads both"
        ),
        pytest.param(
            measured(PHONE, t_agent=a_stamp(), t_end=a_stamp(51 * HOUR)), None, "t_end", id="no question reads them"
        ),
    ],
)
def test_it_blocks_finishing_where_it_can_be_put_right(
    record: Assessment, question: str | None, measurement: str | None
) -> None:
    """LEN-1."""
    there = findings(record, sheet_of(record, FORMS), circumstances=Circumstances())
    (one,) = (finding for finding in there if finding.code == "measurement-impossible")
    assert (one.question, one.measurement, one.blocks_finish) == (question, measurement, True)
