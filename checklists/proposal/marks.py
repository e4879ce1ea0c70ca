"""What judges' marks come to: of one judge, of the panel, and in order.

R-PRO-7  A judge marks each part from 0 to its weight in steps of a half; only a judge who has marked every part counts.
R-PRO-8  The panel's figure is the mean of its judges; its spread, the highest less the lowest, is shown beside it.
R-PRO-9  The ranking is of the template's own points. A figure of 100 exists only once what lies outside is entered;
         "70 of 70" is never called "100 of 100".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from checklists.language import N_, Sentence, sentence
from checklists.number import NotANumberError, exact, shown
from checklists.proposal.template import Part, Template

Marks = Mapping[str, Fraction]  # points by part


class Panel(NamedTuple):
    """What the judges who have marked every part come to; `outside` None: not entered."""

    mean: Fraction
    spread: Fraction
    judges: int
    possible: int
    outside: Fraction | None = None

    @property
    def percent(self) -> Fraction:
        """The mean as a percentage of the template's own points."""
        return 100 * self.mean / self.possible

    @property
    def whole(self) -> Fraction | None:
        """The points with those outside the template; None where they are not entered."""
        return None if self.outside is None else self.mean + self.outside

    @property
    def said(self) -> Sentence:
        """As a person reads it: "49.5 of 70 (70.71%)"."""
        words = N_("{points} of {possible} ({percent}%)")
        return sentence(words, points=short(self.mean), possible=self.possible, percent=shown(self.percent))


def short(points: Fraction) -> str:
    """Return points without zeros at the end: "49.5", "52.25", "70"."""
    return shown(points).rstrip("0").rstrip(".")


class NotAMarkError(ValueError):
    """The text is no mark of its part."""


def read_mark(part: Part, text: str) -> Fraction:
    """Return the points that `text` gives a part. Raises NotAMarkError for what R-PRO-7 does not allow."""
    try:
        points = exact(text.strip())
    except NotANumberError as error:
        raise NotAMarkError(text) from error
    if not 0 <= points <= part.weight or (2 * points).denominator != 1:
        raise NotAMarkError(text)
    return points


def is_whole(template: Template, marks: Marks) -> bool:
    """Has every part been marked?"""
    return all(part.key in marks for part in template.marked)


def panel_of(template: Template, by_judge: Sequence[Marks], outside: Fraction | None = None) -> Panel | None:
    """Return what the panel comes to; None while no judge has marked every part."""
    totals = [sum(marks.values(), Fraction(0)) for marks in by_judge if is_whole(template, marks)]
    if not totals:
        return None
    mean = sum(totals, Fraction(0)) / len(totals)
    return Panel(mean, max(totals) - min(totals), len(totals), template.possible, outside)


def ranking(panels: Mapping[str, Panel | None]) -> list[tuple[int, str]]:
    """Return (place, name) of those that are marked, the most points first; equal points share a place (R-PRO-9)."""
    marked = sorted(((-panel.mean, name) for name, panel in panels.items() if panel is not None))
    return [(1 + sum(other < points for other, _ in marked), name) for points, name in marked]
