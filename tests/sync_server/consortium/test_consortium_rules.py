"""Quarters, the year of exclusivity, cells and ballots as pure rules. Ids are those in sync_server/consortium."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from sync_server.consortium.ballots import Outcome, outcome, why_refused
from sync_server.consortium.members import members_on
from sync_server.consortium.quarters import due_days, exclusive_until, is_public
from sync_server.database.queries.consortium import BallotRow, MemberRow
from sync_server.reports.cells import Cell, Shown, hidden_cells, table_of
from tests.sync_server.consortium.consortium_kit import ISSUED, ZONE

SECOND = timedelta(seconds=1)


def hk(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        pytest.param(
            "2026-04-01",
            "2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30 2027-09-30 2027-12-31 2028-03-31",
            id="CSM-1 the eight quarters of the seed's page",
        ),
        pytest.param(
            "2026-01-31",
            "2026-04-30 2026-07-30 2026-10-30 2027-01-30 2027-04-30 2027-07-30 2027-10-30 2028-01-30",
            id="CSM-1 a day that April does not have",
        ),
    ],
)
def test_findings_are_due_on_the_last_days_of_eight_quarters(starts: str, due: str) -> None:
    assert [day.isoformat() for day in due_days(date.fromisoformat(starts))] == due.split()


@pytest.mark.parametrize(
    ("issued_at", "until"),
    [
        pytest.param(hk(2026, 6, 30, 10), hk(2027, 6, 30, 10), id="CSM-2 a year to the second"),
        pytest.param(hk(2028, 2, 29, 10, 0, 1), hk(2029, 3, 1, 10, 0, 1), id="CSM-2 29 February: 1 March"),
        pytest.param(hk(2027, 2, 28, 23, 59, 59), hk(2028, 2, 28, 23, 59, 59), id="CSM-2 into a leap year"),
        pytest.param(hk(2026, 12, 31, 0), hk(2027, 12, 31, 0), id="CSM-2 the last day of a year"),
    ],
)
def test_a_finding_is_its_members_for_a_year(issued_at: datetime, until: datetime) -> None:
    assert exclusive_until(issued_at, ZONE) == until


@pytest.mark.parametrize(
    ("now", "is_marked", "shows"),
    [
        pytest.param(hk(2027, 6, 30, 9, 59, 59), True, False, id="CSM-3 a second before"),
        pytest.param(hk(2027, 6, 30, 10), True, True, id="CSM-3 to the second, marked"),
        pytest.param(hk(2027, 6, 30, 10), False, False, id="CSM-3 to the second, not marked"),
        pytest.param(hk(2030, 1, 1), False, False, id="CSM-3 years later, not marked"),
    ],
)
def test_then_the_public_reads_what_is_marked(now: datetime, is_marked: bool, shows: bool) -> None:
    assert is_public(ISSUED, is_marked=is_marked, zone=ZONE, now=now) is shows
    assert not is_public(None, is_marked=True, zone=ZONE, now=now)


def sets(**sizes: int) -> dict[str, list[str]]:
    return {name: [f"{name}{number}" for number in range(size)] for name, size in sizes.items()}


@pytest.mark.parametrize(
    ("sizes", "hidden", "is_total_hidden"),
    [
        pytest.param(sets(a=4, b=9), "", False, id="CSM-4 four are shown"),
        pytest.param(sets(a=3, b=9, c=5), "a c", False, id="CSM-5 three, also where the total would tell it"),
        pytest.param(sets(a=3, b=9), "a b", False, id="CSM-5 of two industries both"),
        pytest.param(sets(a=3), "a", True, id="CSM-5 alone: the total too"),
        pytest.param(sets(a=1, b=1, c=9, d=8), "a b d", False, id="CSM-5 two that are together still few"),
        pytest.param(sets(a=3, b=3, c=9), "a b", False, id="CSM-4 two that are many enough together"),
        pytest.param(sets(a=2, b=3, c=9), "a b c", False, id="BMK-2 those of a would know b"),
        pytest.param({"a": ["x", "y"], "b": ["x", "y"], "c": list("stuvw")}, "a b c", False, id="CSM-5 the same two"),
        pytest.param({}, "", True, id="CSM-4 nothing"),
    ],
)
def test_no_cell_is_shown_or_worked_out(sizes: dict[str, list[str]], hidden: str, is_total_hidden: bool) -> None:
    assert hidden_cells(sizes) == (frozenset(hidden.split()), is_total_hidden)


def test_csm_5_what_is_hidden_has_no_figure_and_the_total_stays() -> None:
    cells = [
        Cell(f"{industry}{n}", industry, 70 + n)
        for industry, most in (("a", 3), ("b", 4), ("c", 6))
        for n in range(most)
    ]
    table = table_of(cells)
    assert list(table.rows) == [Shown("a", None, None), Shown("b", None, None), Shown("c", 6, 72.5)]
    assert table.total.n == 13


BALLOT = BallotRow(1, hk(2026, 5, 1), hk(2026, 5, 8))


def votes(*counts: int) -> list[list[int]]:
    return [[topic] for topic, count in enumerate(counts, 1) for _ in range(count)]


@pytest.mark.parametrize(
    ("counts", "chosen", "tied"),
    [
        pytest.param((9, 7, 7, 5, 5, 2), [1, 2, 3], [4, 5], id="CSM-8 9, 7, 7, 5, 5, 2: three chosen, two tied"),
        pytest.param((9, 7, 7, 5, 4, 2), [1, 2, 3, 4], [], id="CSM-8 four"),
        pytest.param((2, 5, 9), [3, 2, 1], [], id="CSM-8 fewer than four, the most votes first"),
        pytest.param((3, 3, 3, 3, 3), [], [1, 2, 3, 4, 5], id="CSM-8 five alike: all tied"),
        pytest.param((3, 0, 0, 0, 0), [1], [], id="CSM-8 no vote is not chosen"),
    ],
)
def test_four_are_chosen_and_a_tie_is_not_decided(counts: tuple[int, ...], chosen: list[int], tied: list[int]) -> None:
    found = outcome(votes(*counts), range(1, len(counts) + 1))
    assert found == Outcome(chosen, tied, dict(enumerate(counts, 1)))


@pytest.mark.parametrize(
    ("now", "chosen", "words"),
    [
        pytest.param(BALLOT.opens_at - SECOND, [1], "opens at 1 May 2026 00:00:00", id="CSM-7 before it opens"),
        pytest.param(BALLOT.opens_at, [1, 2, 3, 4], "", id="CSM-7 the moment it opens, four"),
        pytest.param(BALLOT.closes_at - SECOND, [1], "", id="CSM-7 the last second"),
        pytest.param(BALLOT.closes_at, [1], "closed at 8 May 2026 00:00:00", id="CSM-7 the moment it closes"),
        pytest.param(BALLOT.opens_at, [1, 2, 3, 4, 5], "up to 4 topics; you chose 5", id="BMK-2 five"),
        pytest.param(BALLOT.opens_at, [1, 1, 1, 1, 1], "", id="BMK-2 one five times is one"),
        pytest.param(BALLOT.opens_at, [], "at least one", id="BMK-2 none"),
        pytest.param(BALLOT.opens_at, [9], "not on this ballot", id="BMK-2 another vote's"),
    ],
)
def test_a_ballot_is_taken_or_refused_by_name(now: datetime, chosen: list[int], words: str) -> None:
    refused = why_refused(BALLOT, chosen, range(1, 7), zone=ZONE, now=now)
    assert (words in str(refused)) if words else refused is None


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("2026-03-31", "b"), ("2026-04-01", "a b"), ("2026-12-31", "a b"), ("2027-01-01", "b"),
    ],
    ids=["CSM-10 the day before", "CSM-10 its first day", "CSM-10 its last day", "CSM-10 the day after"],
)  # fmt: skip
def test_a_membership_runs_from_its_first_day_to_its_last(day: str, members: str) -> None:
    rows = [MemberRow("a", "2026-04-01", "2026-12-31"), MemberRow("b", "2020-01-01", None)]
    assert members_on(rows, date.fromisoformat(day)) == members.split()
