"""Everything a plan rests on, as plain data in a fixed order: the same question has the same plan, wherever it is made.

PLQ-1  A question names no moment but days and minutes of the season's zone, and holds nothing that the plan does not
       use: its digest names the plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from checklists.language import Text
from checklists.record.assignment import ServiceHours

Key = tuple[str, str, str | None]  # entrant, channel, variant
LANGUAGE_SHARES: Mapping[str, int] = {"yue": 70, "en": 20, "cmn": 10}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A branch that may be drawn. `service` is what holds there."""

    id: str
    district: str | None
    service: ServiceHours | None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of visit of an entry, and how many of it a round asks for. `branches` are to be drawn from `places`.

    `share_of` is what a fifth of the round is counted from. `blocked`: why nothing of it can be handed out at all, and
    what to do, both in each language.
    """

    entrant: str
    organisation: str
    channel: str
    variant: str | None
    visits: int
    share_of: int
    service: ServiceHours | None
    scenarios: tuple[str, ...]
    subchannels: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    branches: int = 0
    recordings: int = 0
    blocked: tuple[Text, Text] | None = None

    @property
    def key(self) -> Key:
        """What names it within a season."""
        return self.entrant, self.channel, self.variant

    @property
    def name(self) -> str:
        """What a person reads: "harbour-ferry/onsite (branch)"."""
        return f"{self.entrant}/{self.channel}" + (f" ({self.variant})" if self.variant else "")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An assessor who works. No languages: nobody said which. `conflicts`: organisation or entrant -> its last day."""

    id: str
    languages: tuple[str, ...]
    districts: tuple[str, ...]
    conflicts: Mapping[str, str | None] = {}

    def speaks(self, language: str) -> bool:
        """Whether the assessor may be given a visit in `language`."""
        return not self.languages or language in self.languages

    def is_barred(self, line: Line, day: date) -> bool:
        """Whether a conflict holds on `day` (privacy E11)."""
        for name in (line.organisation, line.entrant):
            if name in self.conflicts:
                until = self.conflicts[name]
                if until is None or day.isoformat() <= until:
                    return True
        return False


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that is planned already and stays. `counts`: towards the quota (one that is void does not)."""

    id: str
    assessor: str
    entrant: str
    channel: str
    variant: str | None
    branch: str | None
    scenario: str
    language: str
    subchannel: str | None
    round: int
    first: date
    last: date
    minute: int
    counts: bool = True

    @property
    def is_dated(self) -> bool:
        """Whether it is known on which day it is made; only then it counts as one of a weekday or part of the week."""
        return self.first == self.last

    def is_of(self, line: Line) -> bool:
        """Whether it is a visit of `line`; one of both variants is a visit of either."""
        of_variant = self.variant == line.variant or "both" in (self.variant, line.variant)
        return self.entrant == line.entrant and self.channel == line.channel and of_variant


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A planned visit that somebody else makes, or that is made elsewhere: its code is used again."""

    id: str
    entrant: str
    channel: str
    variant: str | None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a plan: `first` to `last` are the round's days, `begin` the first that may still be planned."""

    round: int
    first: date
    last: date
    begin: date
    seed: str
    holidays: tuple[date, ...]
    lines: tuple[Line, ...]
    people: tuple[Person, ...]
    kept: tuple[Kept, ...]
    lost: tuple[Lost, ...] = ()
    codes: tuple[str, ...] = ()  # of every assignment there is
    # Channel -> who has a certificate for this round; left out where none is kept for it, and so of what is digested.
    certified: Mapping[str, tuple[str, ...]] | msgspec.UnsetType = msgspec.UNSET

    @property
    def digest(self) -> str:
        """SHA-256 of the question."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the round."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def seed_hash(seed: str) -> str:
    """Return what is published before a draw: the SHA-256 of the seed's UTF-8 bytes, which anybody can repeat."""
    return hashlib.sha256(seed.encode()).hexdigest()


def rank(seed: str, *names: object) -> bytes:
    """Return where the draw of `seed` puts something: the SHA-256 of "seed:name:name"."""
    return hashlib.sha256(":".join([seed, *map(str, names)]).encode()).digest()
