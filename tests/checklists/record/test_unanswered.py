"""NOA: a written message that nobody answers. Ids are those in checklists/record/unanswered.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.record import verbs
from checklists.record.assessment import Assessment, Draw, Measurement
from checklists.record.derived import Circumstances
from checklists.record.draw import number_of
from checklists.record.findings import findings
from checklists.record.sheet import Sheet, sheet
from checklists.record.unanswered import closable
from tests.builders import NOON, an_assessment

CLOCK_TIME = Circumstances(tz="Asia/Hong_Kong")
SENT = {"t_sent": Measurement(at=NOON)}
BOTH = ("t_human", "t_resolved")


def a_sheet(subchannel: str) -> Sheet:
    return sheet(shipped_forms()["online@1"], subchannel=subchannel)


@pytest.mark.parametrize(
    ("subchannel", "hours", "promised_h", "keys"),
    [
        pytest.param("email", 95, None, (), id="NOA-1 e-mail: not before twice the two days"),
        pytest.param("email", 97, None, BOTH, id="NOA-1 e-mail: all is nought from then on"),
        pytest.param("email", 97, 72, (), id="NOA-1 e-mail: more was promised"),
        pytest.param("social", 23, None, (), id="NOA-1 social: its last band begins after a day"),
        pytest.param("social", 25, None, BOTH, id="NOA-1 social"),
        pytest.param("chat", 99, None, (), id="NOA-3 a chat has its tries"),
    ],
)
def test_it_may_be_closed_once_nothing_that_came_could_change_a_figure(
    subchannel: str, hours: int, promised_h: int | None, keys: tuple[str, ...]
) -> None:
    where = Circumstances(tz="Asia/Hong_Kong", reply_target_s=promised_h and promised_h * 3600)
    stamp = Measurement(at=NOON + timedelta(hours=hours), never=True)
    assert closable(a_sheet(subchannel), SENT, stamp, where) == keys


def never_after(hours: int) -> Assessment:
    stamps = dict.fromkeys(BOTH, Measurement(at=NOON + timedelta(hours=hours), never=True))
    record = an_assessment(channel=Channel.ONLINE, form="online@1", subchannel="email", measurements=SENT)
    for key, stamp in stamps.items():
        record = verbs.with_measurement(
            record, key, stamp, at=stamp.at or NOON, sheet=a_sheet("email"), circumstances=CLOCK_TIME
        )
    return record


@pytest.mark.parametrize(("hours", "blocks"), [(50, True), (97, False)], ids=["too early", "certain"])
def test_noa_1_said_too_early_it_blocks_and_else_it_is_measured(hours: int, blocks: bool) -> None:
    record = never_after(hours)
    told = findings(record, a_sheet("email"), circumstances=CLOCK_TIME)
    assert any(each.code == "measurement-missing" and "too early" in str(each.message) for each in told) is blocks
    assert {"WB1", "WF2"} <= record.answers.keys()


def test_noa_2_an_answer_that_comes_after_all_takes_its_place_and_corrects_nothing() -> None:
    record, later = never_after(97), NOON + timedelta(hours=99)
    came = verbs.with_measurement(
        record, "t_human", Measurement(at=later), at=later, sheet=a_sheet("email"), circumstances=CLOCK_TIME
    )
    stamp = came.measurements["t_human"]
    assert (stamp.at, stamp.never, stamp.original_at) == (later, False, None)


@pytest.mark.parametrize(
    ("picked", "recording", "number"),
    [
        pytest.param(((19, 36),), 2, 36, id="the second of a draw"),
        pytest.param(((19, 36), (4,)), 3, 4, id="the first of the next draw"),
        pytest.param((), 1, 1, id="not drawn"),
    ],
)
def test_a_recording_is_called_by_its_number_on_the_list(
    picked: tuple[tuple[int, ...], ...], recording: int, number: int
) -> None:
    draws = tuple(Draw(at=NOON, seed="s", listed=40, picked=each) for each in picked)
    assert number_of(draws, recording) == number
