"""CRS: the line of an entry over the season, and what its last figure rests on."""

from __future__ import annotations

from datetime import date

import pytest

from sync_server.database.queries.projected_days import DayRow
from sync_server.pages.course import courses

FIRST, LAST = date(2021, 3, 1), date(2021, 3, 31)
KEY = ("ferry", "phone_in")


def days(*figures: tuple[str, str, int]) -> list[DayRow]:
    return [DayRow(*KEY, day, shown, "silver", made) for day, shown, made in figures]


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        pytest.param([("2021-03-01", "80.00", 1)], "0.0,20.0", id="one day is a point"),
        pytest.param(
            [("2021-03-01", "80.00", 1), ("2021-03-16", "90.00", 2)],
            "0.0,20.0 60.0,20.0 60.0,10.0",
            id="CRS-1 it stays until the next day, and ends there",
        ),
        pytest.param(
            [("2021-02-01", "12.00", 1)], "0.0,40.0", id="before the season and below the scale: at its edges"
        ),
        pytest.param([("2021-05-01", "100.00", 1)], "120.0,0.0", id="after it: at its end"),
    ],
)
def test_crs_1_the_line_goes_from_day_to_day(figures: list[tuple[str, str, int]], line: str) -> None:
    course = courses(days(*figures), FIRST, LAST, {})[KEY]
    assert course.line == line
    assert ",".join(course.end) == line.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize(("made", "quota", "share"), [(10, 60, 16), (61, 60, 100), (3, None, None)])
def test_crs_2_the_last_figure_says_what_it_rests_on(made: int, quota: int | None, share: int | None) -> None:
    course = courses(days(("2021-03-01", "80.00", 1), ("2021-03-02", "81.00", made)), FIRST, LAST, {KEY: quota})[KEY]
    assert (course.last.made, course.rests_on) == (made, share)
