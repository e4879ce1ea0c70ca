"""How sure a figure is (quality control 4.3, 4.7): of a round, of the final, of a change, of a share.

QIV-1  A round: mean ± t(n - 1) × s / √n; of visits the branch is the cluster: the variance of the branches' means.
QIV-2  The final: the rounds' errors by their weights, √Σ w² SE², and ± 1.96 of it.
QIV-3  A change between rounds is no clear one while Welch's |t| is below 2.
QIV-4  A share, such as a service level, has Wilson's interval.
QIV-5  A final is borderline when an edge of a band lies inside its interval. The award still follows the score.
QIV-6  So it is when the next one of its group does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import sqrt
from statistics import fmean, stdev, variance
from typing import NamedTuple

from sync_server.quality.student import quantile

Z = 1.959963984540054
CLEAR = 2
EDGES = (70.0, 80.0, 90.0)  # of the bands


class Interval(NamedTuple):
    """A mean with its standard error and 95 % interval; n assessments, or branches."""

    mean: float
    error: float
    low: float
    high: float
    n: int


def of_round(values: Sequence[float]) -> Interval | None:
    """Return the interval of a round's mean; None of fewer than two."""
    if len(values) < 2:
        return None
    n, mean = len(values), fmean(values)
    error = stdev(values) / sqrt(n)
    half = quantile(0.975, n - 1) * error
    return Interval(mean, error, mean - half, mean + half, n)


def of_visits(by_branch: Mapping[str, Sequence[float]]) -> Interval | None:
    """Return the interval of a round of visits, the branch being the cluster; None of fewer than two branches."""
    return of_round([fmean(values) for values in by_branch.values() if values])


def of_kept(mean: float, error: float, n: int) -> Interval:
    """Return the interval of a mean whose standard error, from `n` scores or branches, is kept."""
    half = quantile(0.975, n - 1) * error
    return Interval(mean, error, mean - half, mean + half, n)


def t_between(before: Interval, after: Interval) -> float | None:
    """Return Welch's t of a change between two means; None without any error."""
    error = sqrt(before.error**2 + after.error**2)
    return (after.mean - before.mean) / error if error else None


def of_final(final: float, errors: Iterable[tuple[float, float]]) -> Interval:
    """Return the interval of a final from (weight, standard error) of its rounds."""
    pairs = list(errors)
    error = sqrt(sum((weight * each) ** 2 for weight, each in pairs))
    return Interval(final, error, final - Z * error, final + Z * error, len(pairs))


def of_rounds(figure: float, weighed: Sequence[tuple[float, float | None]]) -> Interval | None:
    """Return the interval of a figure made of rounds, each (weight, standard error); None where one has no error.

    The weights are taken as shares of them all: of a projection not every round is there.
    """
    whole = sum(weight for weight, _ in weighed)
    known = [(weight / whole, error) for weight, error in weighed if error is not None]
    return of_final(figure, known) if known and len(known) == len(weighed) else None


def caught_up(ordered: Sequence[tuple[Hashable, float | None, Interval | None]]) -> Sequence[int | None]:
    """Return for each (group, figure, interval), the best first, the place of the next of its group if that lies inside
    its interval (QIV-6)."""
    after: dict[Hashable, int] = {}
    found: list[int | None] = []
    for place in range(len(ordered) - 1, -1, -1):
        group, _, sure = ordered[place]
        lower = after.get(group)
        figure = None if lower is None else ordered[lower][1]
        found.append(lower if sure is not None and figure is not None and figure > sure.low else None)
        after[group] = place
    return found[::-1]


def is_borderline(interval: Interval, edges: Iterable[float]) -> bool:
    """Return whether an edge of a band lies inside."""
    return any(interval.low < edge < interval.high for edge in edges)


def is_clear_change(before: Sequence[float], after: Sequence[float]) -> bool:
    """Return whether two rounds differ by Welch's t; False of fewer than two values each."""
    t = welch(before, after)
    return t is not None and abs(t) >= CLEAR


def welch(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Return Welch's t of the change; None of fewer than two values each, or without any spread."""
    if min(len(before), len(after)) < 2:
        return None
    error = sqrt(variance(before) / len(before) + variance(after) / len(after))
    return (fmean(after) - fmean(before)) / error if error else None


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share, 0 to 1; None of none."""
    if not n:
        return None
    share = hits / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return centre - half, centre + half
