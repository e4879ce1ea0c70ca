"""The template of a proposal as data: its fields in order with their limits, and the parts that judges mark.

R-PRO-3  The parts weigh 10, 20, 20, 10, 10: 70 in all, shown also as a percentage; the other 30 lie outside the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from checklists.language import Text

TICKED = "yes"


class Tick(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One box to tick, perhaps with words beside it."""

    key: str
    title: Text
    limit: int | None = None
    needs_words: bool = False


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field: words of at most `limit`, or boxes; `years_back` for a list of awards, the year first."""

    part: str
    key: str
    title: Text
    limit: int | None = None
    needed: bool = False
    figures: bool = False
    years_back: int | None = None
    ticks: tuple[Tick, ...] = ()


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part; judges mark it out of `weight`, and one without weight is not marked."""

    key: str
    weight: int
    title: Text


class Limited(NamedTuple):
    """A text that has a limit, by the name it has in a body."""

    name: str
    limit: int
    title: Text


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template; `deadline` is the first moment that is late."""

    name: str
    title: Text
    edition: int
    deadline: datetime
    addresses: tuple[str, ...]
    most_pages: int
    outside: int
    parts: tuple[Part, ...]
    fields: tuple[Field, ...]

    @property
    def marked(self) -> tuple[Part, ...]:
        """The parts that judges mark."""
        return tuple(part for part in self.parts if part.weight)

    @property
    def possible(self) -> int:
        """The marks of all parts together."""
        return sum(part.weight for part in self.parts)

    def fields_of(self, part: str) -> tuple[Field, ...]:
        """Return the fields of a part, in order."""
        return tuple(field for field in self.fields if field.part == part)

    def limited(self) -> Iterator[Limited]:
        """Yield every text that has a limit, in order."""
        for field in self.fields:
            if field.limit is not None:
                yield Limited(field.key, field.limit, field.title)
            for tick in field.ticks:
                if tick.limit is not None:
                    yield Limited(words_of_tick(field, tick), tick.limit, tick.title)

    def names(self) -> Iterator[str]:
        """Yield every name that a body may hold."""
        for field in self.fields:
            if not field.ticks:
                yield field.key
            for tick in field.ticks:
                yield name_of_tick(field, tick)
                yield words_of_tick(field, tick)


def name_of_tick(field: Field, tick: Tick) -> str:
    """Return the name of a box in a body."""
    return f"{field.key}-{tick.key}"


def words_of_tick(field: Field, tick: Tick) -> str:
    """Return the name of the words beside a box in a body."""
    return f"{field.key}-{tick.key}-words"


@cache
def proposal_template(name: str = "hkai_2025") -> Template:
    """Return a template as shipped."""
    return msgspec.toml.decode((files("checklists.proposal") / f"{name}.toml").read_bytes(), type=Template)
