"""A plan: visits, the draws behind them, what cannot be met and what is only missed. Plain data, in both languages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

import msgspec

from checklists.language import LANGUAGES, Sentence, Text


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One planned visit: a row of assignments.csv. Minutes are from the midnight of `day`."""

    code: str
    assessor: str
    entrant: str
    channel: str
    variant: str | None
    scenario: str
    day: date
    begin: int
    end: int
    daypart: str
    language: str
    subchannel: str | None = None
    branch: str | None = None
    recordings: int = 0
    reason: str = ""  # why it is beyond a fifth of an entry's round


class Unmet(msgspec.Struct, frozen=True, kw_only=True):
    """Visits that no plan can have: how many, the rule that forbids them, and the cheapest way out."""

    line: str
    count: int
    rule: str
    why: Text
    way_out: Text


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A soft rule that the plan does not keep, and by how much."""

    line: str
    rule: str
    what: Text


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """The branches of a line in this round."""

    line: str
    branches: tuple[str, ...]


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """How near a line's whole round comes to the wanted shares, in hundredths; `best`: the nearest that can be."""

    line: str
    index: Mapping[str, int]
    best: Mapping[str, int]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, by its digest, and its answer."""

    question: str
    round: int
    seed_hash: str
    libraries: Mapping[str, str]
    wanted: int
    visits: tuple[Visit, ...]
    unmet: tuple[Unmet, ...] = ()
    missed: tuple[Missed, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    cover: tuple[Cover, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the plan."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


def both(said: Sentence) -> Text:
    """Return a sentence in every language."""
    return {language: said.in_language(language) for language in LANGUAGES}
