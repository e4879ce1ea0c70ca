"""Exact numbers: read as written, rounded once and by name."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.number import NotANumberError, Rounding, decimal_text, exact, rounded, shown, shown_up


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        pytest.param("half_up", "89.95", "90", id="half up"),
        pytest.param("half_up", "-0.05", "-0.1", id="half up is away from zero"),
        pytest.param("half_even", "89.95", "90", id="half even, up to an even digit"),
        pytest.param("half_even", "89.85", "89.8", id="half even, down to an even digit"),
        pytest.param("floor", "89.99", "89.9", id="floor"),
        pytest.param("floor", "-0.01", "-0.1", id="floor is downwards"),
        pytest.param("none", "1/3", "1/3", id="none"),
    ],
)
def test_a_number_is_rounded_once_by_a_named_mode(mode: Rounding, value: str, expected: str) -> None:
    """R30."""
    assert rounded(exact(value), 1, mode) == Fraction(expected)


def test_a_shown_score_comes_from_the_exact_value_and_not_from_a_rounded_one() -> None:
    """R30: 93.2549 would be 93.26 if it were first shown with three decimals."""
    assert (shown(exact("93.2549")), shown(exact("93.255")), shown(exact("-1/3"))) == ("93.25", "93.26", "-0.33")
    assert shown_up(exact("89.9733")) == "89.98"


@pytest.mark.parametrize("text", ["", "1,5", "NaN", "1/0", "1e31", "1" * 41, "٣"])
def test_what_is_not_an_exact_number_within_bounds_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError):
        exact(text)


@pytest.mark.parametrize(("value", "text"), [("1/5", "0.2"), ("1/3", "1/3"), ("-5/4", "-1.25"), ("3", "3")])
def test_a_number_is_written_as_a_decimal_where_one_is_exact(value: str, text: str) -> None:
    assert decimal_text(exact(value)) == text
