"""How alike two texts are, and two lists of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def likeness(one: str, other: str) -> float:
    """Return the Jaccard index of the five-word runs of two texts; of Chinese, a character is a word."""
    return jaccard(runs(one), runs(other))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Return what share of all runs both have; 0 of none."""
    return len(one & other) / len(one | other) if one and other else 0.0


def runs(text: str) -> frozenset[int]:
    """Return the runs of five words of a text, hashed: good within one process."""
    words = [word for part in text.lower().split() for word in ([part] if part.isascii() else part)]
    return frozenset(hash(tuple(words[start : start + 5])) for start in range(len(words) - 4))


def commonest(values: Sequence[object]) -> int:
    """Return how often the commonest of `values` is among them."""
    return max(Counter(values).values(), default=0)
