"""What a settled double score comes to where it counts: kept with the ruling, worked out by one function.

STL-2  The ruling keeps what was given blind and after talking, of one revision. On a later revision it does not hold. A
       correction of the first score's answers goes into it: mean or median follow, so that nobody loses by being right.
       Where the corrected score is apart again, its own base counts until somebody settles it.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from checklists import wire
from checklists.language import Sentence
from checklists.number import exact_text
from checklists.score.double_scoring import DoubleScored, in_words, settle


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What the ruling keeps: the revision by its digest, the first base then, what others gave, and what it came to."""

    digest: str
    first: Fraction
    scores: tuple[Fraction, ...]
    again: Fraction | None = None
    base: Fraction


def kept(value: str) -> Settled:
    """Return what a ruling of the kind "settled" holds."""
    return wire.decode(value, Settled)


def is_settled_to(value: str) -> bool:
    """Whether what a ruling holds still comes to the base that it says.

    Raises:
        wire.NotReadableError: it cannot be read.
    """
    held = kept(value)
    return settle(held.first, held.scores, held.again).base == held.base


def counting(value: str, digest: str, first: Fraction) -> DoubleScored | None:
    """Return what the pair comes to with `first` as it is now; None where the ruling is of another revision (STL-2)."""
    held = kept(value)
    return settle(first, held.scores, held.again) if held.digest == digest else None


def note_of(value: str, first: Fraction, made: DoubleScored) -> dict[str, object]:
    """Return what files and copies say beside the base: the old one and the new, and nobody's name."""
    held = kept(value)
    return {
        "first": exact_text(first),
        "scores": [exact_text(each) for each in held.scores],
        **({} if held.again is None else {"again": exact_text(held.again)}),
        "step": made.step.value,
    }


def words(value: str, digest: str, first: Fraction) -> Sentence | None:
    """Say what counts by a ruling, and what was there before; None where it does not hold."""
    made, held = counting(value, digest, first), kept(value)
    return None if made is None else in_words(first, held.scores, held.again, made)
