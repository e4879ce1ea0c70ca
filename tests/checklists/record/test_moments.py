"""MOM: moments typed in or corrected, the day they mean, and the order they stand in."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checklists.forms.file import shipped_forms
from checklists.record.assessment import Assessment, Measurement
from checklists.record.derived import Circumstances
from checklists.record.findings import findings
from checklists.record.moments import nearest, out_of_order
from checklists.record.sheet import sheet_of
from checklists.record.transitions import NotAllowedError
from checklists.record.verbs import with_time
from tests.builders import NOON, a_stamp, an_assessment, at

FORMS = shipped_forms()
HOME = ZoneInfo("Asia/Hong_Kong")


def here(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=HOME)


@pytest.mark.parametrize(
    ("typed", "near", "latest", "meant"),
    [
        pytest.param(
            "23:58", "2021-11-30T00:05", "2021-11-30T00:20", "2021-11-29T23:58", id="MOM-1 the evening before a stamp"
        ),
        pytest.param(
            "00:02", "2021-11-29T23:58", "2021-11-30T09:00", "2021-11-30T00:02", id="MOM-1 the morning after a stamp"
        ),
        pytest.param(
            "10:29", "2021-11-29T10:31", "2021-11-29T18:00", "2021-11-29T10:29", id="MOM-1 the day of the stamp"
        ),
        pytest.param("17:32", "2021-11-29T18:00", "2021-11-29T18:00", "2021-11-29T17:32", id="MOM-1 today"),
        pytest.param(
            "17:32", "2021-11-29T10:00", "2021-11-29T10:00", "2021-11-28T17:32", id="MOM-2 not yet: yesterday"
        ),
        pytest.param(
            "12:00", "2021-11-29T00:00", "2021-11-30T00:00", "2021-11-28T12:00", id="MOM-1 as near: the earlier"
        ),
        pytest.param(
            "00:01", "2021-11-29T23:59", "2021-11-29T23:59", "2021-11-29T00:01", id="MOM-2 nearer, but not there yet"
        ),
    ],
)
def test_a_time_of_day_means_the_nearest_day_it_can_have_been(typed: str, near: str, latest: str, meant: str) -> None:
    assert nearest(time.fromisoformat(typed), here(near), HOME, latest=here(latest)) == here(meant)


@pytest.mark.parametrize(
    ("typed", "zone", "minutes"),
    [
        pytest.param("12:05", "Asia/Hong_Kong", 5, id="ZON-1 the programme's zone"),
        pytest.param("13:05", "Asia/Tokyo", 5, id="ZON-1 another programme's zone"),
    ],
)
def test_a_time_of_day_is_read_by_the_clock_of_the_programme(typed: str, zone: str, minutes: int) -> None:
    assert nearest(time.fromisoformat(typed), NOON, ZoneInfo(zone), latest=at(60)) == at(minutes)


def typed_in(record: Assessment, key: str, minutes: float, reason: str = "tapped late") -> Assessment:
    return with_time(
        record, key, at(minutes), reason, at=at(30), sheet=sheet_of(record, FORMS), circumstances=Circumstances()
    )


def measured(**measurements: Measurement) -> Assessment:
    return an_assessment(measurements=measurements)


@pytest.mark.parametrize(
    ("before", "typed", "first"),
    [
        pytest.param({}, [5], None, id="typed in: there was no stamp"),
        pytest.param({"t_dial": a_stamp(1)}, [5], 1, id="corrected once"),
        pytest.param({"t_dial": a_stamp(1)}, [5, 6], 1, id="corrected twice: what was stamped stays"),
        pytest.param({}, [5, 6], None, id="typed in twice: nothing was ever stamped"),
        pytest.param({"t_dial": a_stamp(1)}, [5, 1], None, id="corrected back to the stamp"),
    ],
)
def test_mom_4_the_stamp_stays_beside_the_typed_time_with_its_reason(
    before: dict[str, Any], typed: list[int], first: int | None
) -> None:
    record = measured(**before)
    for minutes in typed:
        record = typed_in(record, "t_dial", minutes)
    kept = record.measurements["t_dial"]
    assert (kept.at, kept.original_at) == (at(typed[-1]), None if first is None else at(first))
    assert (kept.reason, kept.stamped, kept.corrected_at) == ("tapped late", False, at(30))


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [
        pytest.param(5, "  ", id="MOM-4 without a reason"),
        pytest.param(31, "later", id="MOM-2 after now"),
    ],
)
def test_what_may_not_be_typed_in_is_refused(minutes: int, reason: str) -> None:
    with pytest.raises(NotAllowedError):
        typed_in(measured(t_dial=a_stamp(1)), "t_dial", minutes, reason)


def test_mom_2_a_stamp_of_before_the_clock_was_put_back_may_still_be_corrected() -> None:
    record = typed_in(measured(t_dial=a_stamp(61)), "t_dial", 60)
    assert record.measurements["t_dial"].at == at(60)


def spans(*minutes: tuple[float, float]) -> Measurement:
    return Measurement(spans=tuple((at(start), at(end)) for start, end in minutes))


@pytest.mark.parametrize(
    ("measurements", "pairs"),
    [
        pytest.param({"t_dial": a_stamp(1), "t_agent": a_stamp(2)}, [], id="in order"),
        pytest.param({"t_dial": a_stamp(2), "t_agent": a_stamp(2)}, [], id="at once"),
        pytest.param({"t_dial": a_stamp(3), "t_agent": a_stamp(2)}, [("t_dial", "t_agent")], id="the wrong way round"),
        pytest.param({"t_agent": a_stamp(3), "t_end": a_stamp(2)}, [("t_agent", "t_end")], id="an end before its call"),
        pytest.param(
            {"hold_spans": spans((2, 3), (5, 4))}, [("hold_spans", "hold_spans")], id="a hold that ends first"
        ),
        pytest.param({"t_agent": a_stamp(3)}, [], id="alone"),
    ],
)
def test_mom_3_moments_stand_in_the_order_of_what_is_worked_out(
    measurements: dict[str, Measurement], pairs: list[tuple[str, str]]
) -> None:
    record = measured(**measurements)
    assert list(out_of_order(sheet_of(record, FORMS), record.measurements)) == pairs


@pytest.mark.parametrize(
    ("measurements", "told"),
    [
        pytest.param(
            {"t_dial": a_stamp(3), "t_agent": a_stamp(2)},
            ("measurements-disordered", "PA3", True, '"Agent speaks" stands before "Number dialled"'),
            id="a question is read from it: it blocks, and the two are named",
        ),
        pytest.param(
            {"t_agent": a_stamp(3), "t_end": a_stamp(2)},
            ("measurements-disordered", None, False, '"Call ended, and by whom" stands before "Agent speaks"'),
            id="no question is: it is told",
        ),
        pytest.param(
            {"hold_spans": spans((5, 4))},
            ("measurements-disordered", "PF2", True, '"Each hold: start and end" ends before it begins'),
            id="a hold that ends first is no length",
        ),
        pytest.param(
            {"t_dial": Measurement(at=at(1), clock_moved_s=-300)},
            ("clock-moved", None, False, "put back by 300 s before"),
            id="a clock put back meanwhile",
        ),
        pytest.param(
            {"hold_spans": Measurement(spans=((at(1), at(2)),), clock_moved_s=3600)},
            ("clock-moved", None, False, "ran 3600 s ahead before"),
            id="a clock put forward meanwhile",
        ),
    ],
)
def test_moments_that_cannot_be_right_are_told(
    measurements: dict[str, Measurement], told: tuple[str, str | None, bool, str]
) -> None:
    record = measured(**measurements)
    code, question, blocks, words = told
    found = [
        one for one in findings(record, sheet_of(record, FORMS), circumstances=Circumstances()) if one.code == code
    ]
    assert [(one.question, one.blocks_finish) for one in found] == [(question, blocks)]
    assert words in str(found[0].message)
