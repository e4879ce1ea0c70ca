"""Messages for the assessor, each shown once in a bar at the bottom of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checklists.language import N_, Sentence, sentence
from fieldapp.errors import AppError, Unreachable


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
        return cls(kind=NoticeKind.PROBLEM, code=problem.code, message=problem.message)

    @classmethod
    def of_enrolling(cls, problem: AppError) -> Notice:
        """Return the notice of an enrolment that failed: unlike work to send, nothing tries it again by itself."""
        if not isinstance(problem, Unreachable) or problem.code == "not-our-server":
            return cls.of(problem)
        message = N_("Not enrolled yet: the server does not answer. Check the network and the address, then tap again.")
        return cls(kind=NoticeKind.PROBLEM, code=problem.code, message=sentence(message))
