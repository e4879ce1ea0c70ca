"""OBS: how far time was seen to come. Ids are those in sync_server/season/observed_time.py."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.season.observed_time import Mark, ObservedTime, confirm_clock, mark_of, observed_now
from tests.builders import NOON

DAY, WEEK, YEARS = timedelta(days=1), timedelta(days=7), timedelta(days=900)
SEEN = Mark(NOON, NOON)


@pytest.mark.parametrize(
    ("clock", "observed", "believed"),
    [
        pytest.param(NOON + DAY, NOON + DAY, True, id="OBS-2 a clock that goes on"),
        pytest.param(NOON + WEEK, NOON + WEEK, True, id="OBS-2 after a week of standing still"),
        pytest.param(NOON + WEEK + timedelta(seconds=1), NOON, False, id="OBS-3 after more than a week"),
        pytest.param(NOON + YEARS, NOON, False, id="OBS-3 years ahead"),
        pytest.param(NOON - timedelta(seconds=2), NOON - timedelta(seconds=2), True, id="OBS-1 set right by seconds"),
        pytest.param(NOON - YEARS, NOON - YEARS, False, id="OBS-1 years behind"),
    ],
)
def test_a_clock_is_believed_as_far_as_time_was_seen(clock: datetime, observed: datetime, believed: bool) -> None:
    assert SEEN.observed(clock) == observed
    assert SEEN.after(clock).believes_its_clock is believed


def ran(mark: Mark, clock: datetime, *, days: int, running: bool) -> Mark:
    """The mark after a clock that begins at `clock` went on for so many days, looked at twice a day."""
    for half in range(2 * days + 1):
        mark = mark.after(clock + half * DAY / 2, DAY.total_seconds() / 2 if running and half else 0.0)
    return mark


@pytest.mark.parametrize("ahead", [YEARS, -YEARS], ids=["OBS-3 ahead", "OBS-3 behind"])
def test_a_clock_that_goes_on_steadily_is_believed_after_a_week(ahead: timedelta) -> None:
    assert ran(SEEN, NOON + ahead, days=6, running=True).at == NOON
    assert ran(SEEN, NOON + ahead, days=7, running=True).at == NOON + ahead + WEEK


def test_time_in_which_nothing_runs_does_not_make_a_clock_believed() -> None:
    """OBS-3"""
    assert ran(SEEN, NOON + YEARS, days=30, running=False).at == NOON


def test_another_jump_begins_anew() -> None:
    """OBS-3"""
    mark = ran(SEEN, NOON + YEARS, days=6, running=True)
    assert ran(mark, NOON + 2 * YEARS, days=6, running=True).at == NOON


def test_a_clock_set_right_after_a_jump_goes_on_where_it_was() -> None:
    """OBS-1"""
    mark = ran(SEEN, NOON + YEARS, days=2, running=True).after(NOON + 2 * DAY)
    assert mark == Mark(NOON + 2 * DAY, NOON + 2 * DAY)


def test_even_a_mark_that_ran_ahead_lets_nothing_pass_that_the_clock_has_not_reached() -> None:
    """OBS-1"""
    assert Mark(NOON + YEARS, NOON + YEARS).observed(NOON) == NOON


def test_a_process_measures_what_no_clock_can_set(database) -> None:
    """OBS-3"""
    seconds = iter([0.0, 0.0, *(DAY.total_seconds() * day for day in range(1, 8))])
    time = ObservedTime(lambda: next(seconds))
    with database.transaction() as db:
        confirm_clock(db, NOON)
        seen = [time.note(db, NOON + YEARS + day * DAY) for day in range(8)]
    assert seen == [*[NOON] * 7, NOON + YEARS + WEEK]


def test_somebody_can_confirm_the_clock(database) -> None:
    """OBS-4"""
    with database.transaction() as db:
        ObservedTime().note(db, NOON)
        assert observed_now(db, NOON + YEARS) == NOON
        confirm_clock(db, NOON + YEARS)
        assert observed_now(db, NOON + YEARS) == NOON + YEARS


def test_a_folder_without_a_mark_begins_where_its_audit_log_ends(database) -> None:
    """OBS-5"""
    with database.transaction() as db:
        assert mark_of(db, NOON) == SEEN
        append_audit(db, [AuditRow(NOON, "command", "import", "season-imported", "season", "season")])
        assert mark_of(db, NOON + YEARS) == SEEN
