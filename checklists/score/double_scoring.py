"""An assessment scored by two assessors, blind: which base counts (quality control 4.2). It counts once.

R-DBL-1  A gap of at most 5 points: the mean. Over 5 and at most 10: talk and score again.
R-DBL-2  Over 10: a third assessor, and the median of the three.
R-DBL-3  Over 5 and at most 10 the second scores once more: the mean where that is within 5 of the first; else a third
         assessor, and the median of first, second after talking, and third.
R-DBL-4  A tenth of the visits of an entry's round is scored twice, and two at least. Which: those that were, then by
         the digest of a seed and the visit's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.language import N_, Sentence, Template, sentence
from checklists.number import exact, shown

AGREED_WITHIN = Fraction(5)
RESCORED_WITHIN = Fraction(10)
TENTH, LEAST = 10, 2


class DoubleScore(StrEnum):
    """What a pair of scores asks for."""

    AGREED = "agreed"
    SCORE_AGAIN = "score_again"
    THIRD_ASSESSOR = "third_assessor"
    MEDIAN = "median"


HOW: dict[DoubleScore, Template] = {DoubleScore.AGREED: N_("their mean"), DoubleScore.MEDIAN: N_("their median")}


class DoubleScored(msgspec.Struct, frozen=True, kw_only=True):
    """The base that counts, None while it is still to be settled."""

    base: Fraction | None
    step: DoubleScore


def double_scored(first: Fraction, second: Fraction, third: Fraction | None = None) -> DoubleScored:
    """Settle two bases, or three. A third score is used only where the first two lie over 10 apart."""
    gap = abs(first - second)
    if gap <= AGREED_WITHIN:
        return DoubleScored(base=(first + second) / 2, step=DoubleScore.AGREED)
    if gap <= RESCORED_WITHIN:
        return DoubleScored(base=None, step=DoubleScore.SCORE_AGAIN)
    if third is None:
        return DoubleScored(base=None, step=DoubleScore.THIRD_ASSESSOR)
    return DoubleScored(base=sorted((first, second, third))[1], step=DoubleScore.MEDIAN)


def settle(first: Fraction, scores: Sequence[Fraction], again: Fraction | None = None) -> DoubleScored:
    """Settle what was given blind, the first made first, and what the second said after talking (R-DBL-3)."""
    blind = double_scored(first, scores[0], scores[1] if len(scores) > 1 else None)
    if blind.step is not DoubleScore.SCORE_AGAIN or again is None:
        return blind
    if abs(first - again) <= AGREED_WITHIN:
        return double_scored(first, again)
    if len(scores) < 2:
        return DoubleScored(base=None, step=DoubleScore.THIRD_ASSESSOR)
    return DoubleScored(base=sorted((first, again, scores[1]))[1], step=DoubleScore.MEDIAN)


def wanted(visits: int) -> int:
    """Return how many of an entry's visits in a round are scored twice (R-DBL-4)."""
    return min(visits, max(LEAST, -(-visits // TENTH)))


def drawn(ids: Collection[str], done: Collection[str], seed: str) -> Sequence[str]:
    """Return those of an entry's visits that are still to be scored twice, in the order they are drawn."""
    left = wanted(len(ids)) - len(set(ids) & set(done))
    order = sorted(
        (name for name in ids if name not in done),
        key=lambda name: hashlib.sha256(f"{seed}/2:{name}".encode()).digest(),
    )
    return order[: max(0, left)]


def in_words(
    first: Fraction, scores: Sequence[Fraction], again: Fraction | None, made: DoubleScored
) -> Sentence | None:
    """Say which base counts, and which was there before; None while nothing is settled."""
    if made.base is None:
        return None
    others = ", ".join(shown(each) for each in (*scores, *(() if again is None else (again,))))
    words = N_("Scored by more than one: {first} first, then {others}; {base} counts, {how}.")
    return sentence(words, first=shown(first), others=others, base=shown(made.base), how=sentence(HOW[made.step]))


def words_of_note(note: Mapping[str, object], base: Fraction) -> Sentence | None:
    """Say the same from what a copy or a season file keeps beside the base that counts (`x_settled`).

    None where the note is none of ours: a key that starts with x_ may hold anything.
    """
    try:
        kept = msgspec.convert(note, _Note)
        first, scores = exact(kept.first), [exact(each) for each in kept.scores]
        again = None if kept.again is None else exact(kept.again)
    except ValueError:
        return None
    return in_words(first, scores, again, DoubleScored(base=base, step=kept.step)) if kept.step in HOW else None


class _Note(msgspec.Struct, frozen=True):
    first: str
    scores: list[str]
    step: DoubleScore
    again: str | None = None
