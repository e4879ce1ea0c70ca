"""RND: dates that fit a season. Ids are those in sync_server/season/round_dates.py."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from checklists.record.assignment import ServiceHours
from sync_server.season.round_dates import RoundDates, changes_of_released, due_misfits, round_misfits

ZONE = ZoneInfo("Asia/Hong_Kong")
MONTHS = ((1, 2), (3, 4), (5, 6))


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def a_round(number: int, opens: str, closes: str, release: str = "") -> RoundDates:
    """`closes` is the last day, as a sheet has it."""
    return RoundDates(number, day(opens), day(closes) + timedelta(days=1), day(release) if release else None)


FIRST = a_round(1, "2027-03-01", "2027-04-30", "2027-05-14T09:00")
SECOND = a_round(2, "2027-05-01", "2027-06-30")
THIRD = a_round(3, "2027-07-01", "2027-08-31", "2027-11-08T09:00")


@pytest.mark.parametrize(
    ("rounds", "found"),
    [
        pytest.param([FIRST, SECOND, THIRD], [], id="RND-1 three that follow each other"),
        pytest.param([FIRST, THIRD], [], id="RND-1 the second is not known yet"),
        pytest.param(
            [a_round(3, "2027-11-01", "2027-12-31", "2028-01-14T09:00")], [], id="RND-3 released early next year"
        ),
        pytest.param(
            [FIRST, a_round(2, "2027-04-30", "2027-06-30")], [(2, "opens_at", "rounds-overlap")], id="RND-1 by a day"
        ),
        pytest.param(
            [a_round(1, "2027-05-01", "2027-06-30"), a_round(2, "2027-03-01", "2027-04-30")],
            [(2, "opens_at", "rounds-overlap")],
            id="RND-1 the wrong way round",
        ),
        pytest.param(
            [FIRST, a_round(2, "2028-05-01", "2028-06-30")], [(2, "opens_at", "rounds-apart")], id="RND-1 a year on"
        ),
        pytest.param(
            [FIRST, a_round(3, "2028-07-01", "2028-08-31")], [(3, "opens_at", "rounds-apart")], id="RND-1 two rounds on"
        ),
        pytest.param(
            [a_round(1, "2027-03-01", "2028-04-30")], [(1, "closes_at", "round-too-long")], id="RND-2 a wrong year"
        ),
        pytest.param(
            [a_round(1, "2027-03-01", "2027-04-30", "2025-03-11T09:00")],
            [(1, "released_at", "release-too-early")],
            id="RND-3 before the round opens",
        ),
        pytest.param(
            [a_round(1, "2027-03-01", "2027-04-30", "2027-04-30T23:59")],
            [(1, "released_at", "release-too-early")],
            id="RND-3 on its last day",
        ),
        pytest.param([a_round(1, "2027-03-01", "2027-04-30", "2027-05-01T00:00")], [], id="RND-3 as it ends"),
        pytest.param(
            [a_round(1, "2027-03-01", "2027-04-30", "2028-05-14T09:00")],
            [(1, "released_at", "release-too-late")],
            id="RND-3 the year after",
        ),
        pytest.param(
            [a_round(1, "2027-03-01", "2027-04-30", "2017-05-14T09:00"), a_round(2, "2027-04-01", "2027-06-30")],
            [(1, "released_at", "release-too-early"), (2, "opens_at", "rounds-overlap")],
            id="RND-1 RND-3 several at once",
        ),
    ],
)
def test_rounds_are_checked_alone_and_together(rounds: list[RoundDates], found: list[tuple[int, str, str]]) -> None:
    assert [(one.round, one.column, one.code) for one in round_misfits(rounds, MONTHS, ZONE)] == found


def test_a_released_round_keeps_its_dates() -> None:
    """RND-4"""
    kept = {one.number: one for one in (FIRST, SECOND)}
    moved = [
        one._replace(closes_at=one.closes_at + timedelta(days=1), release_at=THIRD.release_at) for one in kept.values()
    ]
    assert [(one.round, one.column, one.code) for one in changes_of_released(kept, moved, {1: True})] == [
        (1, "closes_at", "round-released"),
        (1, "released_at", "round-released"),
    ]
    assert list(changes_of_released(kept, list(kept.values()), {1: True})) == []


WEEKDAYS = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),), closed_on=(date(2027, 6, 16),))


@pytest.mark.parametrize(
    ("begins", "last", "service", "found"),
    [
        pytest.param("2027-05-01", "2027-06-30", WEEKDAYS, [], id="RND-5 the whole round, which begins on a Saturday"),
        pytest.param("2027-06-14", "2027-06-18", None, [], id="RND-5 always open"),
        pytest.param("2027-06-14", "2027-06-18", WEEKDAYS, [], id="RND-5 a closed day between"),
        pytest.param(
            "2027-06-14", "2027-06-16", WEEKDAYS, [("due_until", "due-on-closed-day")], id="RND-5 ends on a closed day"
        ),
        pytest.param(
            "2027-06-16", "2027-06-18", WEEKDAYS, [("due_from", "due-on-closed-day")], id="RND-5 begins on a closed day"
        ),
        pytest.param(
            "2027-06-19", "2027-06-20", WEEKDAYS, [("due_until", "due-while-closed")], id="RND-5 a weekend, all closed"
        ),
        pytest.param(
            "2027-06-14", "2027-09-10", None, [("due_until", "due-outside-round")], id="RND-5 September for round 2"
        ),
        pytest.param("2062-06-14", "2062-06-18", None, [("due_from", "due-outside-round")], id="RND-5 in 2062"),
        pytest.param(
            "2027-04-30", "2027-05-10", None, [("due_from", "due-outside-round")], id="RND-5 the day before it opens"
        ),
    ],
)
def test_what_is_due_is_checked_against_its_round_and_the_service(
    begins: str, last: str, service: ServiceHours | None, found: list[tuple[str, str]]
) -> None:
    due = (day(begins), day(last) + timedelta(days=1))
    assert [(one.column, one.code) for one in due_misfits(due, SECOND, service, ZONE)] == found
