"""How alike two texts are, and two lists of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def likeness(one: str, other: str) -> float:
    """Return the Jaccard index of the five-word runs of two texts; of Chinese, a character is a word."""
    return jaccard(runs(one), runs(other))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Return what share of all runs both have; 0 of none."""
    if not one or not other:
        return 0.0
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def runs(text: str) -> frozenset[int]:
    """Return the runs of five words of a text, hashed: good within one process."""
    words = text.lower().split()
    if not text.isascii():
        words = [word for part in words for word in ([part] if part.isascii() else part)]
    return frozenset(map(hash, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)))


def commonest(values: Sequence[object]) -> int:
    """Return how often the commonest of `values` is among them."""
    return max(Counter(values).values(), default=0)
