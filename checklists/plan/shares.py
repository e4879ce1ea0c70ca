"""Whole numbers from wanted shares, and how near a plan or what was done comes to them (coverage).

R-SHR-1  Counts by largest remainder: each share gets its whole part, and the largest remainders one more each; of equal
         remainders the earlier share.
R-SHR-2  The coverage index is 1 - 1/2 sum |p - q| of two distributions: 1 where they are alike, 0 where they share
         nothing. Of nothing done there is none.
R-SHR-3  A share that is wanted by nobody gets nothing; without any wanted share there is nothing to part.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Kind = TypeVar("Kind", bound=Hashable)


def parted(shares: Mapping[Kind, int | Fraction], count: int) -> dict[Kind, int]:
    """Part `count` by `shares`, which need not sum to 1, in their order; the counts sum to `count`, or to 0."""
    total = sum(shares.values())
    if not total:
        return dict.fromkeys(shares, 0)
    exact = {kind: Fraction(share * count) / total for kind, share in shares.items()}
    counts = {kind: int(part) for kind, part in exact.items()}
    by_remainder = sorted(exact, key=lambda kind: counts[kind] - exact[kind])
    for kind in by_remainder[: count - sum(counts.values())]:
        counts[kind] += 1
    return counts


def still_wanted(shares: Mapping[Kind, int | Fraction], have: Mapping[Kind, int], count: int) -> dict[Kind, int]:
    """Return how `count` more are parted so that they and what is there come nearest to `shares`."""
    goal = parted(shares, count + sum(have.get(kind, 0) for kind in shares))
    more = dict.fromkeys(shares, 0)
    for _ in range(count if any(shares.values()) else 0):
        behind = max(shares, key=lambda kind: (bool(shares[kind]), goal[kind] - have.get(kind, 0) - more[kind]))
        more[behind] += 1
    return more


def coverage(counts: Mapping[Kind, int], shares: Mapping[Kind, int | Fraction]) -> Fraction | None:
    """Return the coverage index of `counts` against wanted `shares`; None where there is nothing to compare."""
    done, wanted = sum(counts.values()), sum(shares.values())
    if not done or not wanted:
        return None
    apart = Fraction(0)
    for kind in {*counts, *shares}:
        apart += abs(Fraction(counts.get(kind, 0), done) - Fraction(shares.get(kind, 0)) / wanted)
    return 1 - apart / 2
