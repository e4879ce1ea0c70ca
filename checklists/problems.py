"""Findings: what is still to put right in a record. A half-filled form is normal, so a finding is a value."""

from __future__ import annotations

import msgspec

from checklists.language import Sentence


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something the assessor can still put right. `question` is the key the screen jumps to, None for the whole."""

    code: str  # "answer-missing"; permanent, listed in the README
    message: Sentence
    blocks_finish: bool
    question: str | None = None
    section: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in a file or a message: where, what, and what to do. Several are told at once."""

    place: str  # "phone_in.toml: PA2", "entrants[2].entries[0]", "answers.PA1"
    code: str
    message: Sentence

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
