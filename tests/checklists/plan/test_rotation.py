"""R-ROT: who is not sent again so soon."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from checklists.plan.rotation import BRANCH_DAYS, ENTRANT_DAYS, MOST_COMPARED, Turn, beyond_share, too_close

FIRST = date(2021, 3, 1)


def a_turn(name: str, first: int, last: int, *, is_new: bool = True) -> Turn:
    """A turn that may be made from day `first` to day `last` of the season, counted from 1."""
    day = timedelta(days=1)
    return Turn(id=name, first=FIRST + (first - 1) * day, last=FIRST + (last - 1) * day, is_new=is_new)


@pytest.mark.parametrize(
    ("turns", "days", "named"),
    [
        pytest.param([], ENTRANT_DAYS, set(), id="none"),
        pytest.param([a_turn("a", 1, 1)], ENTRANT_DAYS, set(), id="one alone"),
        pytest.param([a_turn("a", 1, 1), a_turn("b", 8, 8)], ENTRANT_DAYS, set(), id="seven days on"),
        pytest.param([a_turn("a", 1, 1), a_turn("b", 7, 7)], ENTRANT_DAYS, {"b"}, id="six days on"),
        pytest.param([a_turn("a", 1, 1), a_turn("b", 1, 8)], ENTRANT_DAYS, set(), id="the days allow it"),
        pytest.param([a_turn("a", 1, 1), a_turn("b", 1, 7)], ENTRANT_DAYS, {"b"}, id="the days do not"),
        pytest.param([a_turn("a", 1, 8), a_turn("b", 8, 8)], ENTRANT_DAYS, set(), id="the earlier one can be early"),
        pytest.param([a_turn(n, 1, 12) for n in "ab"], ENTRANT_DAYS, set(), id="two in twelve days"),
        pytest.param([a_turn(n, 1, 14) for n in "abc"], ENTRANT_DAYS, {"c"}, id="three in fourteen"),
        pytest.param([a_turn(n, 1, 15) for n in "abc"], ENTRANT_DAYS, set(), id="three in fifteen"),
        pytest.param(
            [a_turn("a", 1, 1), a_turn("b", 3, 3, is_new=False)], ENTRANT_DAYS, {"a"}, id="what is kept stays"
        ),
        pytest.param(
            [a_turn("a", 1, 1, is_new=False), a_turn("b", 2, 2, is_new=False), a_turn("c", 30, 30)],
            ENTRANT_DAYS,
            set(),
            id="two that are kept are not for the new one to answer",
        ),
        pytest.param([a_turn("a", 1, 1), a_turn("b", 60, 60)], BRANCH_DAYS, {"b"}, id="a branch after 59 days"),
        pytest.param([a_turn("a", 1, 1), a_turn("b", 61, 61)], BRANCH_DAYS, set(), id="a branch after 60 days"),
        pytest.param([a_turn("a", 1, 61), a_turn("b", 1, 61)], BRANCH_DAYS, set(), id="a branch twice in two months"),
        pytest.param(
            [a_turn(f"{n:03}", n, n) for n in range(1, MOST_COMPARED + 2)],
            1,
            set(),
            id="very many that find their day",
        ),
        pytest.param(
            [*(a_turn(f"{n:03}", 2 * n, 2 * n) for n in range(1, MOST_COMPARED + 1)), a_turn("x", 5, 5)],
            2,
            {"x"},
            id="very many, one of which does not",
        ),
    ],
)
def test_turns_are_too_close(turns: list[Turn], days: int, named: set[str]) -> None:
    """R-ROT-2."""
    assert set(too_close(turns, days)) == named


@pytest.mark.parametrize(
    ("count", "planned", "quota", "named"),
    [
        pytest.param(8, 8, 40, 0, id="a fifth of the quota"),
        pytest.param(9, 9, 40, 1, id="one more"),
        pytest.param(10, 50, 40, 0, id="a fifth of what is planned, where that is more"),
        pytest.param(1, 1, 0, 0, id="one is always right"),
        pytest.param(1, 6, 6, 0, id="one of six"),
        pytest.param(2, 6, 6, 1, id="two of six"),
    ],
)
def test_a_share_of_a_round_is_a_fifth(count: int, planned: int, quota: int, named: int) -> None:
    """R-ROT-1."""
    turns = [a_turn(f"{n}", n, n) for n in range(count)]
    assert len(beyond_share(turns, planned, quota)) == named


def test_of_a_share_the_kept_ones_are_not_named() -> None:
    """R-ROT-1."""
    turns = [a_turn(f"{n}", n, n, is_new=n == 0) for n in range(3)]
    assert set(beyond_share(turns, 3, 5)) == {"0"}
