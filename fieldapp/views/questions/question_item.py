"""One question as a screen asks it: everything its widget may show, as values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from checklists.forms.form import Option, Question
from checklists.record.assessment import AnswerValue

# Records the answer to one question key; None takes it back. Returns whether it is durable now.
OnAnswer = Callable[[str, AnswerValue | None], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    """A question, its key in the record ("PA1", of the second recording "PB1#2"), and what stands there now."""

    key: str
    question: Question
    value: AnswerValue | None = None
    measured: int | str | None = None  # the measured figure, for BANDS, as an answer holds it
    measured_from: str = ""  # which measurement or quantity gives it; "" where it is typed
    measures_here: bool = False  # whether what it is measured by stands below, to be put down
    unit_seconds: bool = False  # whether the figure is seconds
    locked: bool = False  # finished: shown, not changed
    phrases: tuple[str, ...] = ()  # what the assessor keeps to write with one tap
    is_unfolded: bool = False  # what is seldom needed is shown too: a figure that was measured may be corrected
    is_large: bool = False  # words are large: answers stand one below the other

    @property
    def options(self) -> tuple[Option, ...]:
        """What may be chosen."""
        return self.question.options


def named(words: str, key: str) -> str:
    """Return the name of something that belongs to the question `key`: the words first, unique on its screen."""
    return f"{words}, {key}"
