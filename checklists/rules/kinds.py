"""The kinds of value a parameter may hold: each turns raw data (JSON, TOML) into the exact value in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from checklists.language import N_, Sentence, sentence
from checklists.number import exact
from checklists.problems import Misfit

RuleValue = str | bool | int | Fraction | datetime | tuple[Any, ...] | None


class Kind(Protocol):
    """One kind of value."""

    def parse(self, raw: object) -> RuleValue:
        """Return the value in force. Raises ValueError where `raw` may not stand."""
        ...

    def allowed(self) -> Sentence:
        """Say what may stand there."""
        ...


def read(kind: Kind, raw: object) -> RuleValue:
    """Return the value of `kind` in force. Raises Misfit, which says what is allowed."""
    try:
        return kind.parse(raw)
    except ValueError as error:
        template = N_("{value} is not allowed; give it {allowed}")
        raise Misfit("rule-not-allowed", template, allowed=kind.allowed()) from error


class Choice(msgspec.Struct, frozen=True):
    """One of a few words."""

    options: tuple[str, ...]

    def parse(self, raw: object) -> RuleValue:
        """Return the word."""
        if isinstance(raw, str) and raw in self.options:
            return str(raw)
        raise ValueError("not one of the words")

    def allowed(self) -> Sentence:
        """List the words."""
        return sentence(N_("one of {options}"), options=tuple(self.options))


class Flag(msgspec.Struct, frozen=True):
    """true or false."""

    def parse(self, raw: object) -> RuleValue:
        """Return the flag."""
        if isinstance(raw, bool):
            return raw
        raise ValueError("not a flag")

    def allowed(self) -> Sentence:
        """Say so."""
        return sentence(N_("true or false"))


class Number(msgspec.Struct, frozen=True):
    """An exact number within bounds, perhaps whole, perhaps null."""

    least: int | None = 0
    most: int | None = None
    whole: bool = False
    or_null: bool = False

    def parse(self, raw: object) -> RuleValue:
        """Return a Fraction, an int when `whole`, or None."""
        if raw is None and self.or_null:
            return None
        if not isinstance(raw, (int, str)):
            raise ValueError("not a number")
        number = exact(raw)
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise ValueError("out of bounds")
        if not self.whole:
            return number
        if number.denominator != 1:
            raise ValueError("not whole")
        return number.numerator

    def allowed(self) -> Sentence:
        """Name the bounds."""
        noun = sentence(N_("a whole number")) if self.whole else sentence(N_('a number such as 2.5 or "1/3"'))
        bounds = noun
        if self.least is not None and self.most is not None:
            bounds = sentence(
                N_("{noun} from {least} to {most}"), noun=noun, least=str(self.least), most=str(self.most)
            )
        elif self.least is not None:
            bounds = sentence(N_("{noun}, {least} or more"), noun=noun, least=str(self.least))
        return sentence(N_("{what} or null"), what=bounds) if self.or_null else bounds


class Zone(msgspec.Struct, frozen=True):
    """An IANA time zone."""

    def parse(self, raw: object) -> RuleValue:
        """Return its name."""
        try:
            if isinstance(raw, str) and ZoneInfo(raw):
                return str(raw)
        except (LookupError, OSError) as error:
            raise ValueError("no such zone") from error
        raise ValueError("not a zone")

    def allowed(self) -> Sentence:
        """Give an example."""
        return sentence(N_("an IANA time zone such as Asia/Hong_Kong"))


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A date and time with its zone, perhaps null: not set yet."""

    or_null: bool = False

    def parse(self, raw: object) -> RuleValue:
        """Return the aware moment, or None."""
        if raw is None and self.or_null:
            return None
        at = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
        if isinstance(at, datetime) and at.tzinfo is not None and at.utcoffset() is not None and 1970 <= at.year < 2200:
            return at
        raise ValueError("not a moment with a zone")

    def allowed(self) -> Sentence:
        """Give an example."""
        what = sentence(N_("a date and time with its zone, such as 2021-02-18T23:59:59+08:00"))
        return sentence(N_("{what} or null"), what=what) if self.or_null else what


class Items(msgspec.Struct, frozen=True):
    """A list. `names` are other names of its items, for dotted leaves; `length` None is any length from `at_least`."""

    item: Kind
    length: int | None = None
    names: tuple[str, ...] = ()
    at_least: int = 0

    def parse(self, raw: object) -> RuleValue:
        """Return a tuple. A table by the items' names will do as well."""
        if isinstance(raw, Mapping) and self.names and set(raw) == set(self.names):
            raw = [raw[name] for name in self.names]
        if not isinstance(raw, (list, tuple)) or (self.length is not None and len(raw) != self.length):
            raise ValueError("not a list of this length")
        if len(raw) < self.at_least:
            raise ValueError("too few items")
        return tuple(self.item.parse(part) for part in raw)

    def allowed(self) -> Sentence:
        """Say how many of what."""
        if self.length is None:
            return sentence(N_("a list, each {item}"), item=self.item.allowed())
        return sentence(N_("a list of {count}, each {item}"), count=self.length, item=self.item.allowed())
