"""What the assessor is told once, in a bar at the bottom of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checklists.language import Sentence
from fieldapp.errors import AppError


class NoticeKind(StrEnum):
    """How it is shown."""

    DONE = "done"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message. `code` is permanent and readable; `message` names the thing and the remedy."""

    kind: NoticeKind
    code: str
    message: Sentence

    @classmethod
    def of(cls, problem: AppError) -> Notice:
        """Return the notice of something that went wrong."""
        return cls(kind=NoticeKind.PROBLEM, code=problem.code, message=problem.said)
