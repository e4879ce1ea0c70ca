"""LIFE, WDY: where a round stands. Ids are those in sync_server/publication/life.py and working_days.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sync_server.publication.life import (
    ROUND_TRANSITIONS,
    CannotStepError,
    Happened,
    RoundEvent,
    RoundState,
    life,
    step,
)
from sync_server.publication.working_days import window

DAY = timedelta(days=1)
OPENS = datetime(2021, 5, 1, tzinfo=UTC)
CLOSES = OPENS + 61 * DAY
OUT = CLOSES + 14 * DAY
HONG_KONG = ZoneInfo("Asia/Hong_Kong")

BEGUN = Happened(opens_at=OPENS, closes_at=CLOSES, has_records=True)
COPIED = replace(BEGUN, is_copied=True)
SIGNED = replace(COPIED, is_signed=True)
RELEASED = replace(SIGNED, released_at=OUT, window_opens_at=OUT + DAY, window_ends_at=OUT + 15 * DAY)


@pytest.mark.parametrize(
    ("kept", "at", "state"),
    [
        pytest.param(BEGUN, OPENS - DAY, RoundState.PLANNED, id="LIFE-1 planned"),
        pytest.param(replace(BEGUN, has_records=False), OPENS, RoundState.OPEN, id="LIFE-1 open"),
        pytest.param(BEGUN, OPENS, RoundState.COLLECTING, id="LIFE-1 collecting"),
        pytest.param(
            replace(BEGUN, has_records=False), CLOSES, RoundState.CLOSING, id="LIFE-1 closing without a record"
        ),
        pytest.param(BEGUN, CLOSES, RoundState.CLOSING, id="LIFE-1 closing"),
        pytest.param(COPIED, CLOSES, RoundState.CLOSED, id="LIFE-1 closed"),
        pytest.param(SIGNED, CLOSES, RoundState.SIGNED, id="LIFE-1 signed"),
        pytest.param(RELEASED, OUT, RoundState.RELEASED, id="LIFE-1 released"),
        pytest.param(RELEASED, OUT + DAY, RoundState.DISPUTED, id="LIFE-3 its window opens the day after"),
        pytest.param(RELEASED, OUT + 15 * DAY, RoundState.FINAL, id="LIFE-3 and ends with its last day"),
        pytest.param(
            replace(BEGUN, released_at=OUT), OUT, RoundState.CLOSING, id="LIFE-4 released before there were copies"
        ),
    ],
)
def test_a_round_stands_where_its_events_led_it(kept: Happened, at: datetime, state: RoundState) -> None:
    assert life(kept, at) is state


def test_life_1_every_step_goes_on_and_only_a_withdrawn_copy_goes_back() -> None:
    """LIFE-2"""
    order = list(RoundState)
    back = {pair for pair, after in ROUND_TRANSITIONS.items() if order.index(after) <= order.index(pair[0])}
    assert back == {(RoundState.CLOSED, RoundEvent.WITHDRAW), (RoundState.SIGNED, RoundEvent.WITHDRAW)}
    assert {*ROUND_TRANSITIONS.values(), RoundState.PLANNED} == set(RoundState)
    with pytest.raises(CannotStepError, match="There is no copy"):
        step(RoundState.RELEASED, RoundEvent.WITHDRAW)


@pytest.mark.parametrize(
    ("at", "days", "ends"),
    [
        pytest.param("2021-05-14T09:00", 10, date(2021, 6, 1), id="WDY-1 over Buddha's birthday, 19 May"),
        pytest.param("2021-07-15T09:00", 10, date(2021, 7, 30), id="WDY-1 two plain weeks"),
        pytest.param("2021-04-01T23:59", 1, date(2021, 4, 8), id="WDY-1 over Easter and Ching Ming"),
    ],
)
def test_a_window_counts_working_days_of_hong_kong(at: str, days: int, ends: date) -> None:
    released = datetime.fromisoformat(at).replace(tzinfo=HONG_KONG)
    opens_at, ends_at = window(released, days, HONG_KONG)
    assert opens_at == datetime.combine(released.date() + DAY, datetime.min.time(), HONG_KONG)
    assert ends_at == datetime.combine(ends, datetime.min.time(), HONG_KONG)
