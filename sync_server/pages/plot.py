"""Plots in the rows of a table: a dot on one scale down the column, with its interval; the figure stands beside it.

PLT-1  A scale is cut at its ends: what lies beyond stands at the end. A plot says nothing that the row does not say in
       figures, so it is hidden from screen readers; it needs no script, and colour alone tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH = 192  # of the scale, in the units of the drawing


class Scale(NamedTuple):
    """A scale from `low` to `high`, its inner lines drawn down the column and all of `edges` named at its head."""

    low: float
    high: float
    edges: Sequence[float]

    def along(self, value: float) -> str:
        """Return where a value stands."""
        kept = min(max(value, self.low), self.high)
        return f"{(kept - self.low) * WIDTH / (self.high - self.low):.1f}"

    @property
    def lines(self) -> Sequence[str]:
        """Where lines run down the column."""
        return [self.along(edge) for edge in self.edges if self.low < edge < self.high]

    @property
    def names(self) -> Sequence[tuple[str, str, str]]:
        """Where each edge is named, as what, and on which side of the place ("": in its middle)."""
        sides = {self.low: "first", self.high: "last"}
        return [(self.along(edge), f"{edge:g}", sides.get(edge, "")) for edge in self.edges]


class Spot(NamedTuple):
    """What is drawn in a row: places on the scale, "" where there is none."""

    full: str = ""
    hollow: str = ""
    low: str = ""
    high: str = ""


SCORES = Scale(60, 100, (60, 70, 80, 90, 100))
SHARES = Scale(0, 100, (0, 25, 50, 75, 100))
LENIENCY = Scale(-10, 10, (-10, -3, 0, 3, 10))
CORRELATION = Scale(-1, 1, (-1, 0, 0.4, 0.6, 0.8, 1))


def spot(scale: Scale, value: float | None, interval: tuple[float, float] | None = None) -> Spot:
    """Return a dot, with its whiskers where there is an interval; nothing without a value."""
    if value is None:
        return Spot()
    low, high = (scale.along(edge) for edge in interval) if interval else ("", "")
    return Spot(full=scale.along(value), low=low, high=high)
