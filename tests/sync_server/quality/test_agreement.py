"""AGR, LEN, FAR, COV: the worked figures of quality control. Ids are those in sync_server/quality/."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.plan.shares import coverage
from sync_server.quality.agreement import (
    ICC_READINGS,
    KAPPA_READINGS,
    icc,
    is_certified,
    kappa,
    reading,
    weighted_kappa,
)
from sync_server.quality.coverage import Light, Reach, light_of, reach, thin_months
from sync_server.quality.leniency import Mark, leniencies, leniency_of
from sync_server.quality.outliers import modified_z, outliers

TABLE = [(True, True)] * 40 + [(True, False)] * 5 + [(False, True)] * 3 + [(False, False)] * 12
SCALE = [(4, 4), (3, 3), (3, 4), (2, 3), (4, 4), (1, 2), (3, 3), (0, 1), (4, 3), (2, 2)]
TOTALS = [(82, 84), (90, 88), (75, 79), (95, 94), (68, 72)]


def test_agr_1_the_table_40_5_3_12() -> None:
    found = kappa(TABLE)
    assert found is not None
    assert [round(value or 0, 4) for value in found[:2]] == [0.8667, 0.6083]
    assert (round(found.kappa or 0, 3), round(found.pabak, 3), found.n) == (0.660, 0.733, 60)
    assert kappa([]) is None
    alike = kappa([("yes", "yes")] * 5)
    assert alike is not None
    assert (alike.kappa, alike.pabak) == (None, 1)


def test_agr_2_the_ten_pairs_of_a_scale() -> None:
    value = weighted_kappa(SCALE)
    assert value is not None
    assert round(value, 3) == 0.809
    assert (weighted_kappa([]), weighted_kappa([(2, 2)] * 3)) == (None, None)


def test_agr_3_the_five_totals() -> None:
    found = icc(TOTALS)
    assert found is not None
    assert [round(value, 1) for value in (found.msr, found.msc, found.mse)] == [186.4, 4.9, 3.9]
    assert round(found.icc, 3) == 0.957
    assert [round(value, 2) for value in (found.bias, found.low, found.high)] == [1.4, -4.07, 6.87]
    assert round(found.mean_gap, 1) == 2.6
    assert (icc(TOTALS[:1]), icc([(80, 80)] * 3)) == (None, None)


@pytest.mark.parametrize(
    ("value", "readings", "words"),
    [
        (0.80, KAPPA_READINGS, "strong"),
        (0.79, KAPPA_READINGS, "acceptable"),
        (0.40, KAPPA_READINGS, "weak"),
        pytest.param(0.39, KAPPA_READINGS, "rewrite the item", id="AGR-4 under .40 the item is rewritten"),
        (0.957, ICC_READINGS, "excellent"),
        pytest.param(0.90, ICC_READINGS, "good", id="AGR-4 .90 itself is good"),
        (0.75, ICC_READINGS, "good"),
        (0.50, ICC_READINGS, "moderate"),
        (0.49, ICC_READINGS, "poor"),
    ],
)
def test_a_figure_is_read_as_the_page_says(value: float, readings: object, words: str) -> None:
    assert words in str(reading(value, KAPPA_READINGS if readings is KAPPA_READINGS else ICC_READINGS))


def test_agr_5_certification_takes_three_gold_contacts() -> None:
    gold = [(82, 84), (90, 88), (75, 80)]
    assert is_certified(gold, 0.85)
    assert not is_certified(gold[:2], 0.9)
    assert not is_certified([*gold[:2], (75, 80.5)], 0.9)
    assert not is_certified(gold, 0.84)


def test_lny_2_minus_4_2_of_twelve_is_shrunk_to_minus_2_96() -> None:
    found = leniency_of([-4.2] * 12, [])
    assert (found.n, round(found.shrunk, 2), found.is_flagged) == (12, -2.96, False)


@pytest.mark.parametrize(
    ("residuals", "scores", "flags"),
    [
        pytest.param([-6.0, -5.0] * 6, [], (True, False), id="LNY-3 far and sure"),
        pytest.param([-6.0, -5.0, -6.0, -5.0, -6.0], [], (False, False), id="LNY-3 five are too few"),
        pytest.param([-40.0, 25.0] * 6, [], (False, False), id="LNY-3 far and not sure"),
        pytest.param([], [80.0, 81.0] * 4, (False, True), id="LNY-4 no spread"),
        pytest.param([], [80.0, 81.0] * 3, (False, False), id="LNY-4 six are too few"),
        pytest.param([], [80.0, 90.0] * 4, (False, False), id="LNY-4 spread enough"),
    ],
)
def test_who_marks_apart_is_flagged(residuals: list[float], scores: list[float], flags: tuple[bool, bool]) -> None:
    found = leniency_of(residuals, scores)
    assert (found.is_flagged, found.has_no_spread) == flags


def test_lny_1_a_score_is_compared_with_those_of_the_others_alone() -> None:
    marks = [Mark("a", 1, 90), Mark("a", 1, 80), Mark("b", 1, 70), Mark("c", 1, 80), Mark("a", 2, 50)]
    found = leniencies(marks)
    assert [(name, one.n, one.plain) for name, one in found.items()] == [
        ("a", 2, 10),
        ("b", 1, pytest.approx(70 - 250 / 3)),
        ("c", 1, 0),
    ]


def test_far_1_the_example_has_z_of_minus_14_8() -> None:
    values = [84.0, 86, 85, 88, 83, 87, 85, 52]
    scores = modified_z(values)
    assert scores is not None
    assert round(scores[-1], 1) == -14.8
    assert list(outliers(values)) == [7]


@pytest.mark.parametrize(
    ("values", "flagged"),
    [
        pytest.param([80.0, 80, 80, 80, 82, 84, 99], [6], id="FAR-2 fences"),
        pytest.param([80.0, 80, 80, 80, 80, 80, 90.5], [6], id="FAR-3 ten points"),
        pytest.param([80.0, 80, 80, 80, 80, 80, 90], [], id="FAR-3 ten points are not more than ten"),
        pytest.param([80.0], [], id="one value"),
    ],
)
def test_values_without_a_spread_have_other_fences(values: list[float], flagged: list[int]) -> None:
    assert list(outliers(values)) == flagged


def test_cvg_1_the_index_has_lights() -> None:
    planned = {"09-12": 6, "12-14": 4, "14-18": 8, "18-22": 2}
    moved = coverage({"09-12": 8, "12-14": 4, "14-18": 8}, planned)
    assert moved == Fraction(9, 10)
    assert [light_of(value) for value in (moved, 0.90, 0.80, 0.79)] == [
        Light.GREEN,
        Light.GREEN,
        Light.AMBER,
        Light.RED,
    ]


def test_cvg_2_each_month_has_two_fifths() -> None:
    assert thin_months({"2021-03": 8, "2021-04": 12}, 20) == []
    assert thin_months({"2021-03": 7, "2021-04": 13}, 20) == ["2021-03"]


def test_cvg_3_reaching_an_entry() -> None:
    assert reach([1, 1, 3], [6]) == Reach(0.75, 0.5, pytest.approx(11 / 3))
    assert reach([0, 0, 1], [0]) == Reach(0.75, 0.75, pytest.approx(4 / 3)), "a visit without a log took one"
    assert reach([], []) == Reach(None, None, None)
