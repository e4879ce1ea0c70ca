"""How a base score was reached, down to the question: what a person can follow with a calculator.

Every number is exact; `number.shown` makes it readable. The same tables that score write the working.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from checklists.language import Sentence, Text


class QuestionWorking(msgspec.Struct, frozen=True, kw_only=True):
    """One question: points `earned` of points `possible`; both None when it is left out on both sides."""

    key: str
    text: Text
    earned: Fraction | None
    possible: Fraction | None
    why: Sentence
    critical_failed: bool = False


class SectionWorking(msgspec.Struct, frozen=True, kw_only=True):
    """One section. `percent` is 100 x earned / possible after critical items; None passes its weight to the others."""

    key: str
    title: Text
    weight: int
    earned: Fraction
    possible: Fraction
    percent: Fraction | None
    why: Sentence
    questions: tuple[QuestionWorking, ...]
    recording: int | None = None


class PartWorking(msgspec.Struct, frozen=True, kw_only=True):
    """Sections averaged together: the form's own (`recording` None), or one recording's."""

    sections: tuple[SectionWorking, ...]
    score: Fraction | None
    why: Sentence
    recording: int | None = None


class Working(msgspec.Struct, frozen=True, kw_only=True):
    """A base score, 0..100, and how it was reached; None when nothing was applicable."""

    base: Fraction | None
    why: Sentence
    parts: tuple[PartWorking, ...]
    critical_failed: tuple[str, ...] = ()

    @property
    def sections(self) -> tuple[SectionWorking, ...]:
        """Every section of every part, in order."""
        return tuple(section for part in self.parts for section in part.sections)
