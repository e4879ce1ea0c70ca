"""Rows whose two figures were perhaps exchanged in print: exchanged back, the whole column falls.

IDX-6  Looked for only where satisfaction does not fall down the table. Rows count as exchanged when reading loyalty as
       their satisfaction, in the fewest rows that can be, lets the whole column fall strictly; nothing is corrected.
IDX-7  Where equal figures stand below each other it cannot fall strictly: then it is enough that the rows that are
       exchanged do, and the suspicion is weaker.
IDX-8  One row is always named, every row that would do by itself. Several at once are named where they are at most a
       quarter of the table and no others would do: in a table in no order something can always be exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

Pair = tuple[Fraction, Fraction]  # satisfaction and loyalty
NEVER = 10**9


class Exchanged(NamedTuple):
    """The rows suspected, by index: any one of `rows` where `is_any`, else all of them."""

    rows: tuple[int, ...]
    is_any: bool
    falls_strictly: bool


class _State(NamedTuple):
    """The cheapest way to a row: how many are exchanged, in how many ways, and which state the row above is in."""

    cost: int = NEVER
    ways: int = 0
    above: int = 0


def exchanged(pairs: Sequence[Pair]) -> Exchanged | None:
    """Return the rows of `pairs`, in printed order, whose figures were perhaps exchanged; None where none are."""
    if all(above[0] >= below[0] for above, below in pairwise(pairs)):
        return None
    for is_strict in (True, False):
        single = [at for at in _around_first_rise(pairs) if _falls(pairs, {at}, is_strict=is_strict)]
        if single:
            return Exchanged(tuple(single), len(single) > 1, is_strict)
        several = _fewest(pairs, is_strict=is_strict)
        if several is not None and 4 * len(several) <= len(pairs):
            return Exchanged(several, is_any=False, falls_strictly=is_strict)
    return None


def _around_first_rise(pairs: Sequence[Pair]) -> tuple[int, int]:
    """Return the two rows of which one must change for the column to fall."""
    first = next(at for at in range(1, len(pairs)) if pairs[at - 1][0] < pairs[at][0])
    return first - 1, first


def _falls(pairs: Sequence[Pair], changed: set[int], *, is_strict: bool) -> bool:
    return all(
        _may_follow(pairs, at, (at - 1 in changed, at in changed), is_strict=is_strict) for at in range(1, len(pairs))
    )


def _may_follow(pairs: Sequence[Pair], at: int, states: tuple[int, int], *, is_strict: bool) -> bool:
    above, below = pairs[at - 1][states[0]], pairs[at][states[1]]
    return above > below or (above == below and not is_strict and not any(states))


def _fewest(pairs: Sequence[Pair], *, is_strict: bool) -> tuple[int, ...] | None:
    """Return the fewest rows to exchange, where only one choice of them will do."""
    steps = [(_State(0, 1), _State() if pairs[0][0] == pairs[0][1] else _State(1, 1))]
    for at in range(1, len(pairs)):
        states = []
        for state in (0, 1):
            ways = [
                (steps[-1][above].cost + state, steps[-1][above].ways, above)
                for above in (0, 1)
                if steps[-1][above].ways and _may_follow(pairs, at, (above, state), is_strict=is_strict)
            ]
            if pairs[at][0] == pairs[at][1] and state:
                ways = []  # an exchange that changes nothing
            least = min((cost for cost, _, _ in ways), default=NEVER)
            best = [way for way in ways if way[0] == least]
            states.append(_State(least, sum(way[1] for way in best), best[0][2] if best else 0))
        steps.append((states[0], states[1]))
    ends = [(state.cost, at) for at, state in enumerate(steps[-1]) if state.ways]
    if not ends:
        return None
    least, end = min(ends)
    if sum(steps[-1][at].ways for cost, at in ends if cost == least) > 1:
        return None
    chosen = []
    for at in range(len(pairs) - 1, -1, -1):
        if end:
            chosen.append(at)
        end = steps[at][end].above
    return tuple(reversed(chosen))
