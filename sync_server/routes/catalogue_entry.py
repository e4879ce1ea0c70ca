"""The shape of one row in the catalogue of codes: status, who acts, sentence, remedy, and how a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checklists.language import N_, Sentence, Template, sentence


class Actor(StrEnum):
    """Who does something about it, as the README says it."""

    NOBODY = "nobody: it is tried again by itself"
    ASSESSOR = "the assessor"
    COORDINATOR = "the coordinator"
    READER = "whoever reads the dashboard"
    OPERATOR = "whoever runs the server"
    CLIENT = "whoever wrote the client"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """How the dashboard shows it. Without `words` the page says the sentence and the remedy."""

    title: Template
    words: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code. There is no `remedy` where the sentence ends with it; `headers` go with every answer of this code."""

    status: int
    actor: Actor
    sentence: Template
    remedy: Template | None = None
    page: PageWords | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def message(self, reason: Sentence | None = None, values: Mapping[str, object] | None = None) -> Sentence:
        """Return what is wrong (`reason` where it is known more exactly), then what to do."""
        problem = reason or sentence(self.sentence, **(values or {}))
        if not self.remedy:
            return problem
        return sentence(N_("{problem} {remedy}"), problem=problem, remedy=sentence(self.remedy))
