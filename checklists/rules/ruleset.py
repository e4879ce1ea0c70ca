"""A ruleset: every parameter of an award season by dotted name, checked, exact, and named by one digest.

R-RUL-1  Each parameter of award-rules 1.7 has exactly one value in force: the programme's, or the season's override.
R-RUL-2  A list or a table is replaced whole, or by a dotted leaf; leaves apply after the table they belong to.
R-RUL-3  A wrong name or value is a problem naming the parameter, the value and what is allowed; all are told at once.
R-RUL-4  The digest covers every parameter in force: same rules, same digest, whoever wrote them in whatever order.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from checklists.language import N_, Sentence, sentence
from checklists.number import decimal_text
from checklists.problems import Problem
from checklists.rules.parameters import PARAMETERS, TABLES, Items, NotAllowedError, Number, RuleValue

T = TypeVar("T")
Plain = str | bool | int | None | list["Plain"]


# A file that cannot write null (TOML) leaves these out.
_MAY_BE_NULL = tuple(name for name, kind in PARAMETERS.items() if isinstance(kind, Number) and kind.or_null)


class RulesetError(ValueError):
    """The rules cannot be used; `problems` says why, all of it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class Ruleset:
    """Every parameter in force. Equal when the digests are. Build one with `ruleset` or `load_programme`."""

    def __init__(self, values: Mapping[str, RuleValue]) -> None:
        self.values: Mapping[str, RuleValue] = MappingProxyType(dict(values))

    @cached_property
    def plain(self) -> Mapping[str, Plain]:
        """The rules as JSON holds them, by dotted name: whole numbers, decimal text, "1/3", lists, null."""
        return MappingProxyType({name: _plain(self.values[name]) for name in PARAMETERS})

    @cached_property
    def digest(self) -> str:
        """ "sha256:" and the hash of `plain` in canonical JSON."""
        return "sha256:" + hashlib.sha256(msgspec.json.encode(dict(self.plain), order="sorted")).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ruleset) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def with_overrides(self, overrides: Mapping[str, object], place: str = "rules") -> Ruleset:
        """Return these rules with `overrides` (raw values by dotted name) in place of theirs.

        Raises:
            RulesetError: a name or value that may not stand there.
        """
        return ruleset(overrides, place=place, base=self)

    def text(self, name: str) -> str:
        """Return a word."""
        return self._held(name, str)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        return self._held(name, bool)

    def whole(self, name: str) -> int:
        """Return a whole number."""
        return self._held(name, int)

    def number(self, name: str) -> Fraction:
        """Return an exact number."""
        return self._held(name, Fraction)

    def number_or_none(self, name: str) -> Fraction | None:
        """Return an exact number, or None where the rule is lifted."""
        return None if self.values[name] is None else self.number(name)

    def whole_or_none(self, name: str) -> int | None:
        """Return a whole number, or None."""
        return None if self.values[name] is None else self.whole(name)

    def moment(self, name: str) -> datetime:
        """Return an aware moment."""
        return self._held(name, datetime)

    def zone(self, name: str) -> ZoneInfo:
        """Return a time zone."""
        return ZoneInfo(self.text(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of words."""
        return self._held(name, tuple)

    def numbers(self, name: str) -> tuple[Fraction, ...]:
        """Return a list of exact numbers."""
        return self._held(name, tuple)

    def wholes(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return self._held(name, tuple)

    def pairs(self, name: str) -> tuple[tuple[Fraction, Fraction], ...]:
        """Return a list of [limit, points]."""
        return self._held(name, tuple)

    def moments(self, name: str) -> tuple[datetime, ...]:
        """Return a list of aware moments."""
        return self._held(name, tuple)

    def _held(self, name: str, kind: type[T]) -> T:
        value = self.values[name]
        if not isinstance(value, kind):
            raise TypeError(f"{name} holds {type(value).__name__}, not {kind.__name__}")
        return value


def ruleset(rules: Mapping[str, object], *, place: str = "rules", base: Ruleset | None = None) -> Ruleset:
    """Check raw `rules` (dotted names, or tables within tables) over `base`, and return the rules in force.

    Raises:
        RulesetError: every wrong name or value, and every parameter that nothing gives a value.
    """
    problems: list[Problem] = []
    raw: dict[str, object] = {}
    for name, value in sorted(rules.items(), key=lambda rule: (rule[0].count("."), rule[0])):
        _lay_out(name, value, raw, problems, place)
    values: dict[str, RuleValue] = dict(base.values) if base else dict.fromkeys(_MAY_BE_NULL)
    # Whole lists before their items: "quota.contacts" and then "quota.contacts.B".
    for name in sorted(raw, key=lambda name: (name not in PARAMETERS, name)):
        _set(name, raw[name], values, problems, place)
    problems += [
        _problem(place, name, "rule-missing", sentence(N_("has no value; give it {allowed}"), allowed=kind.allowed()))
        for name, kind in PARAMETERS.items()
        if name not in values and not _is_told(problems, place, name)
    ]
    problems = problems or _conflicts(values, place)
    if problems:
        raise RulesetError(tuple(problems))
    return Ruleset(values)


def _lay_out(name: str, value: object, raw: dict[str, object], problems: list[Problem], place: str) -> None:
    """Spread a table over its leaves; a leaf named by itself wins over the table, which has fewer dots."""
    if name in PARAMETERS or _list_of(name) is not None:
        raw[name] = value
        return
    leaves = [known for known in PARAMETERS if known.startswith(name + ".")]
    if not leaves:
        problems.append(_unknown(place, name))
    elif not isinstance(value, Mapping):
        allowed = sentence(N_("a table of {names}"), names=", ".join(leaf[len(name) + 1 :] for leaf in leaves))
        problems.append(_not_allowed(place, name, value, allowed))
    else:
        if name in TABLES:
            raw.update(dict.fromkeys(leaves))
        for key, part in value.items():
            _lay_out(f"{name}.{key}", part, raw, problems, place)


def _list_of(name: str) -> tuple[str, int] | None:
    """Return the list parameter and the index that a dotted leaf such as "rounds.weights.0" names."""
    parent, _, leaf = name.rpartition(".")
    kind = PARAMETERS.get(parent)
    if not isinstance(kind, Items):
        return None
    if leaf in kind.names:
        return parent, kind.names.index(leaf)
    if len(leaf) < 4 and leaf.isascii() and leaf.isdigit():
        return parent, int(leaf)
    return None


def _set(name: str, raw: object, values: dict[str, RuleValue], problems: list[Problem], place: str) -> None:
    kind = PARAMETERS.get(name)
    leaf = None if kind else _list_of(name)
    try:
        if kind is not None:
            values[name] = kind.read(raw)
        elif leaf is not None:
            parent, index = leaf
            items = PARAMETERS[parent]
            held = values.get(parent)
            if not isinstance(items, Items) or not isinstance(held, tuple) or index >= len(held):
                problems.append(_unknown(place, name))
                return
            values[parent] = (*held[:index], items.item.read(raw), *held[index + 1 :])
    except NotAllowedError as error:
        problems.append(_not_allowed(place, name, raw, error.allowed))


def _conflicts(values: Mapping[str, RuleValue], place: str) -> list[Problem]:
    """Return what is wrong between parameters that are right one by one."""
    rules = Ruleset(values)
    problems = []
    if sum(rules.numbers("rounds.weights")) != 1:
        told = ", ".join(str(_plain(weight)) for weight in rules.numbers("rounds.weights"))
        problems.append(
            _problem(
                place,
                "rounds.weights",
                "rule-conflict",
                sentence(N_('is {value}; the three must sum to 1, such as 0.2, 0.3, 0.5 or "1/3" each'), value=told),
            )
        )
    problems += [
        _problem(place, name, "rule-conflict", sentence(N_("must rise from A to C")))
        for name in ("size.bands", "size.branch_bands")
        if any(above <= below for below, above in pairwise(rules.wholes(name)))
    ]
    if not rules.number("grade.bands.gold") > rules.number("grade.bands.silver") > rules.number("grade.bands.bronze"):
        problems.append(
            _problem(place, "grade.bands", "rule-conflict", sentence(N_("must fall from gold over silver to bronze")))
        )
    floor = rules.number_or_none("cap.floor")
    for name in ("cap.assessment", "cap.round", "cap.final"):
        cap = rules.number_or_none(name)
        if cap is not None and floor is not None and cap < floor:
            problems.append(_problem(place, name, "rule-conflict", sentence(N_("must not lie below cap.floor"))))
    return problems


def _plain(value: RuleValue) -> Plain:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return decimal_text(value) if value.denominator != 1 else value.numerator
    return value


def _is_told(problems: list[Problem], place: str, name: str) -> bool:
    return any(problem.place == f"{place}.{name}" for problem in problems)


def _problem(place: str, name: str, code: str, message: Sentence) -> Problem:
    return Problem(place=f"{place}.{name}", code=code, message=message)


def _not_allowed(place: str, name: str, value: object, allowed: Sentence) -> Problem:
    message = sentence(N_("{value} is not allowed; give it {allowed}"), value=short(value), allowed=allowed)
    return _problem(place, name, "rule-not-allowed", message)


def _unknown(place: str, name: str) -> Problem:
    close = difflib.get_close_matches(name[:80], [*PARAMETERS, *TABLES], n=1)
    if close:
        message = sentence(N_("is not a parameter; did you mean {name}?"), name=close[0])
    else:
        message = sentence(N_("is not a parameter; take a name from the rules page or leave it out"))
    return Problem(place=f"{place}.{name[:80]}", code="rule-unknown", message=message)


def short(value: object) -> str:
    """Return `value` as a problem quotes it: as JSON would, one line, at most 60 characters."""
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, int) and value.bit_length() > 200:
        return "a number of very many digits"
    text = repr(value[:80]) if isinstance(value, str) else _kind(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, (list, tuple)):
        # One level only: what is quoted may be nested as deep as its author liked.
        parts = ["[...]" if isinstance(item, (list, tuple)) else short(item) for item in value[:8]]
        return "[" + ", ".join(parts) + (", ...]" if len(value) > 8 else "]")
    return str(value)
