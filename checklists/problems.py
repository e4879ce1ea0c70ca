"""Findings: what is still to put right in a record. A half-filled form is normal, so a finding is a value."""

from __future__ import annotations

import msgspec

from checklists.language import Sentence


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in a file or a message: where, what, and what to do. Several are told at once."""

    place: str  # "phone_in.toml: PA2", "entrants[2].entries[0]", "answers.PA1"
    code: str
    message: Sentence

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
