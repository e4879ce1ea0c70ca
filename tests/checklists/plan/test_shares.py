"""R-SHR and R-DPT: whole numbers from shares, coverage, and the parts of a week. Ids are those of the modules."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.plan.dayparts import Daypart, daypart_of, open_parts
from checklists.plan.shares import coverage, parted, still_wanted

MONDAY, SATURDAY, SUNDAY, HOLIDAY = date(2021, 3, 1), date(2021, 3, 6), date(2021, 3, 7), date(2021, 4, 2)
NINE_TO_SEVEN = ((9 * 60, 19 * 60),)


@pytest.mark.parametrize(
    ("shares", "count", "expected"),
    [
        pytest.param({"09": 15, "12": 10, "14": 20, "18": 4}, 20, [6, 4, 8, 2], id="R-SHR-1 the page's example"),
        pytest.param({"yue": 70, "en": 20, "cmn": 10}, 6, [4, 1, 1], id="R-SHR-1 six by 70, 20 and 10"),
        pytest.param({"a": 1, "b": 1, "c": 1}, 4, [2, 1, 1], id="R-SHR-1 the earlier of equal remainders"),
        pytest.param({"a": 1, "b": 0}, 3, [3, 0], id="R-SHR-3 nothing for what nobody wants"),
        pytest.param({"a": 0, "b": 0}, 3, [0, 0], id="R-SHR-3 no share at all"),
    ],
)
def test_counts_are_parted_by_largest_remainder(shares: dict[str, int], count: int, expected: list[int]) -> None:
    assert list(parted(shares, count).values()) == expected


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 50), min_size=1), st.integers(0, 200))
def test_parted_counts_are_whole_and_near(shares: dict[int, int], count: int) -> None:
    counts, total = parted(shares, count), sum(shares.values())
    assert sum(counts.values()) == (count if total else 0)
    assert all(abs(counts[kind] - Fraction(shares[kind] * count, total)) < 1 for kind in shares if total)
    assert still_wanted(shares, {}, count) == counts


def test_what_is_there_counts_towards_the_shares() -> None:
    assert still_wanted({"a": 1, "b": 1}, {"a": 3}, 3) == {"a": 0, "b": 3}
    assert still_wanted({"a": 1, "b": 1}, {"a": 9}, 2) == {"a": 0, "b": 2}


@pytest.mark.parametrize(
    ("counts", "shares", "index"),
    [
        pytest.param({"a": 5, "b": 5}, {"a": 1, "b": 1}, 1, id="R-SHR-2 alike"),
        pytest.param({"a": 4}, {"b": 1}, 0, id="R-SHR-2 nothing in common"),
        pytest.param({"a": 3, "b": 1}, {"a": 1, "b": 1}, Fraction(3, 4), id="R-SHR-2 a quarter apart"),
        pytest.param({}, {"a": 1}, None, id="R-SHR-2 nothing done"),
    ],
)
def test_coverage_says_how_near_a_distribution_comes(
    counts: dict[str, int], shares: dict[str, int], index: Fraction | None
) -> None:
    assert coverage(counts, shares) == index


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        pytest.param(
            MONDAY,
            {
                Daypart.MORNING: ((540, 720),),
                Daypart.MIDDAY: ((720, 840),),
                Daypart.AFTERNOON: ((840, 1080),),
                Daypart.EVENING: ((1080, 1140),),
            },
            id="R-DPT-2 a Monday",
        ),
        pytest.param(SATURDAY, {Daypart.SATURDAY: NINE_TO_SEVEN}, id="R-DPT-1 a Saturday"),
        pytest.param(SUNDAY, {Daypart.SUNDAY: NINE_TO_SEVEN}, id="R-DPT-1 a Sunday"),
        pytest.param(HOLIDAY, {Daypart.SUNDAY: NINE_TO_SEVEN}, id="R-DPT-1 Good Friday"),
    ],
)
def test_a_day_is_cut_into_parts(day: date, parts: dict[Daypart, object]) -> None:
    assert open_parts(day, NINE_TO_SEVEN, {HOLIDAY}) == parts


def test_a_night_has_two_ends() -> None:
    """R-DPT-3: what is open of a part is all its minutes."""
    assert open_parts(MONDAY, ((0, 1440),), ())[Daypart.NIGHT] == ((0, 540), (1320, 1440))
    assert daypart_of(MONDAY, 1330, ()) is Daypart.NIGHT
    assert daypart_of(MONDAY, 9 * 60, ()) is Daypart.MORNING
