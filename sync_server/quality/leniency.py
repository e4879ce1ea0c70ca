"""Does an assessor mark higher or lower than the others, and use the range? (4.1) Only told, never applied.

LNY-1  A residual is a score less the mean of the other assessors' scores for the same entrant, round and mode.
LNY-2  Leniency is the mean of the residuals, shrunk for few data: n / (n + 5) of it.
LNY-3  It is flagged from 6 residuals on, where the shrunk figure is more than 3 points and the plain one more than
       twice its standard error.
LNY-4  No spread: 8 scores or more, and their standard deviation is below 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

SHRINK, LEAST, POINTS, ERRORS = 5, 6, 3, 2
RANGE_LEAST, RANGE_SD = 8, 2


class Mark(NamedTuple):
    """One score: who gave it, and what it is compared within (entrant, round, mode)."""

    assessor: str
    group: Hashable
    score: float


class Leniency(NamedTuple):
    """How one assessor marks: residuals' mean, shrunk, and whether somebody should look."""

    n: int
    plain: float
    shrunk: float
    error: float | None
    is_flagged: bool
    has_no_spread: bool


def leniency_of(residuals: Sequence[float], scores: Sequence[float]) -> Leniency:
    """Return what residuals and scores of one assessor say."""
    n = len(residuals)
    plain = fmean(residuals) if residuals else 0.0
    shrunk = n / (n + SHRINK) * plain
    error = stdev(residuals) / sqrt(n) if n > 1 else None
    is_far = error is not None and (error == 0 or abs(plain) / error > ERRORS)
    return Leniency(
        n,
        plain,
        shrunk,
        error,
        n >= LEAST and abs(shrunk) > POINTS and is_far,
        len(scores) >= RANGE_LEAST and stdev(scores) < RANGE_SD,
    )


def leniencies(marks: Iterable[Mark]) -> Mapping[str, Leniency]:
    """Return how each assessor marks, by code."""
    groups: dict[Hashable, list[Mark]] = defaultdict(list)
    scores: dict[str, list[float]] = defaultdict(list)
    for mark in marks:
        groups[mark.group].append(mark)
        scores[mark.assessor].append(mark.score)
    residuals: dict[str, list[float]] = defaultdict(list)
    for within in groups.values():
        total, count = sum(mark.score for mark in within), len(within)
        own: dict[str, list[float]] = defaultdict(list)
        for mark in within:
            own[mark.assessor].append(mark.score)
        for mark in within:
            others = count - len(own[mark.assessor])
            if others:
                residuals[mark.assessor].append(mark.score - (total - sum(own[mark.assessor])) / others)
    return {name: leniency_of(residuals[name], scores[name]) for name in sorted(scores)}
