"""QIV, STU: the worked figures of quality control 4.3 and 4.7. Ids are those in sync_server/quality/."""

from __future__ import annotations

import random
from math import sqrt
from statistics import stdev

import pytest

from sync_server.quality.intervals import (
    Interval,
    caught_up,
    is_borderline,
    is_clear_change,
    of_final,
    of_round,
    of_visits,
    welch,
    wilson,
)
from sync_server.quality.student import cumulative, quantile


@pytest.mark.parametrize(
    ("freedom", "t"),
    [(1, 12.7062), (4, 2.7764), (5, 2.5706), (19, 2.0930), (39, 2.0227), (79, 1.9905), (119, 1.9801)],
)
def test_stu_1_the_quantile_is_that_of_the_tables(freedom: int, t: float) -> None:
    assert quantile(0.975, freedom) == pytest.approx(t, abs=5e-5)
    assert cumulative(quantile(0.975, freedom), freedom) == pytest.approx(0.975, abs=1e-9)


@pytest.mark.parametrize(("n", "half"), [(20, 3.74), (40, 2.56), (80, 1.78), (120, 1.45)], ids=["A", "B", "C", "D"])
def test_qiv_1_the_planning_table_at_a_standard_deviation_of_8(n: int, half: float) -> None:
    step = 8 / sqrt(n / (n - 1))
    interval = of_round([80 + (step if place % 2 else -step) for place in range(n)])
    assert interval is not None
    assert interval.high - interval.mean == pytest.approx(half, abs=0.005)


def test_qiv_1_of_visits_the_branch_is_the_cluster() -> None:
    by_branch = {"a": [80.0, 90.0], "b": [70.0], "c": [75.0, 75.0, 75.0]}
    assert of_visits(by_branch) == of_round([85.0, 70.0, 75.0])
    assert of_visits({"a": [80.0, 90.0]}) is None


def test_qiv_2_the_worked_final_is_clear_of_gold() -> None:
    """QIV-5"""
    errors = [5.066 / sqrt(6), 2.632 / sqrt(5), 3.323 / sqrt(6)]
    assert errors == pytest.approx([2.068, 1.177, 1.357], abs=0.0006)
    final = of_final(93.255, zip((0.2, 0.3, 0.5), errors, strict=True))
    assert (final.error, final.high - 93.255) == pytest.approx((0.869, 1.70), abs=0.005)
    assert (round(final.low, 1), round(final.high, 1)) == (91.6, 95.0)
    assert not is_borderline(final, (70, 80, 90))
    assert is_borderline(Interval(90.5, 0.5, 89.5, 91.5, 3), (70, 80, 90))


def test_qiv_6_the_next_of_the_group_counts_and_no_other() -> None:
    def final(group: str, figure: float, half: float) -> tuple[str, float, Interval]:
        return group, figure, Interval(figure, half / 2, figure - half, figure + half, 3)

    ordered = [final("a", 92.0, 1.5), final("b", 91.5, 1.0), final("a", 91.0, 0.5), final("a", 90.4, 0.5)]
    assert caught_up(ordered) == [2, None, None, None]
    assert caught_up([("a", 92.0, None), *ordered[1:]]) == [None, None, None, None]


@pytest.mark.parametrize(("n", "half"), [(20, 2.16), (40, 1.53), (80, 1.08), (120, 0.88)], ids=["A", "B", "C", "D"])
def test_qiv_2_the_planning_table_of_finals(n: int, half: float) -> None:
    final = of_final(80, [(weight, 8 / sqrt(n)) for weight in (0.2, 0.3, 0.5)])
    assert final.high - 80 == pytest.approx(half, abs=0.005)


def test_qiv_3_a_small_step_is_no_clear_change() -> None:
    chance = random.Random(1)
    before, after = ([chance.gauss(mean, 6) for _ in range(40)] for mean in (80, 81))
    far = [value + 10 for value in after]
    t = welch(before, after)
    assert t is not None
    assert abs(t) < 2
    assert (is_clear_change(before, after), is_clear_change(before, far)) == (False, True)
    assert welch([80.0], after) is None
    assert stdev(before) > 0


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [pytest.param(17, 20, 64, 95, id="QIV-4 17 of 20"), pytest.param(0, 20, 0, 16, id="QIV-4 none"), (20, 20, 84, 100)],
)
def test_a_share_has_wilsons_interval(hits: int, n: int, low: int, high: int) -> None:
    found = wilson(hits, n)
    assert found is not None
    assert [round(100 * edge) for edge in found] == [low, high]
    assert wilson(0, 0) is None
