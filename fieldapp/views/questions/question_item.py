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
    unit_seconds: bool = False  # whether the figure is seconds
    locked: bool = False  # finished: shown, not changed

    @property
    def options(self) -> tuple[Option, ...]:
        """What may be chosen."""
        return self.question.options
