"""A ruleset: every parameter of an award season by dotted name, checked, exact, and named by one digest.

R-RUL-1  Each parameter of award-rules 1.7 has exactly one value in force: the programme's, or the season's override.
R-RUL-2  A list or a table is replaced whole, or by a dotted leaf; leaves apply after the table they belong to.
R-RUL-3  A wrong name or value is a problem naming the parameter, the value and what is allowed; all come at once.
R-RUL-4  The digest covers every parameter in force: same rules, same digest, whoever wrote them in whatever order.
R-RUL-5  `quota.visits_per_branch` given without `quota.visits` sets the visits: that many for each branch assessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from checklists.language import N_, Template, sentence
from checklists.number import decimal_text
from checklists.problems import Misfit, Problems, ProblemsError, short
from checklists.rules import earlier
from checklists.rules.earlier import KINDS
from checklists.rules.kinds import Items, Kind, Moment, Number, RuleValue, read
from checklists.rules.parameters import PARAMETERS, TABLES

T = TypeVar("T")
Plain = str | bool | int | None | list["Plain"]


# A file that cannot write null (TOML) leaves these out.
_MAY_BE_NULL = tuple(name for name, kind in PARAMETERS.items() if isinstance(kind, (Moment, Number)) and kind.or_null)


class RulesetError(ProblemsError):
    """The rules cannot be used."""


class Ruleset:
    """Every parameter in force. Equal when the digests are. Build one with `ruleset` or `load_programme`.

    `names` are those the rules are written with: rules of an earlier release keep theirs.
    """

    def __init__(self, values: Mapping[str, RuleValue], names: Iterable[str] = PARAMETERS) -> None:
        self.values: Mapping[str, RuleValue] = MappingProxyType(dict(values))
        self.names = tuple(names)

    @cached_property
    def plain(self) -> Mapping[str, Plain]:
        """The rules as JSON holds them, by dotted name: whole numbers, decimal text, "1/3", lists, null."""
        return MappingProxyType({name: _plain(self.values[name]) for name in self.names})

    def plain_value(self, name: str) -> Plain:
        """Return one value as JSON holds it, also of a parameter the rules are not written with; else None."""
        return _plain(self.values.get(name))

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

    @property
    def are_of_first_release(self) -> bool:
        """Whether these are rules of the first release (R-EAR-1): sizes then followed the seats on every channel."""
        return earlier.BASIS in self.names

    @property
    def rounds(self) -> tuple[int, ...]:
        """The numbers of the rounds, from 1."""
        return tuple(range(1, len(self.numbers("rounds.weights")) + 1))

    @property
    def months(self) -> tuple[tuple[int, ...], ...]:
        """The months of each round, counted from 1."""
        return self._held("rounds.months", tuple)

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

    def moment_or_none(self, name: str) -> datetime | None:
        """Return an aware moment, or None where it is not set yet."""
        return None if self.values[name] is None else self._held(name, datetime)

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

    def moments(self, name: str) -> tuple[datetime | None, ...]:
        """Return a list of aware moments, None where one is not set yet."""
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
    problems = Problems(RulesetError)
    raw: dict[str, object] = {}
    for name, value in sorted(rules.items(), key=lambda rule: (rule[0].count("."), rule[0])):
        _lay_out(name, value, raw, problems, place)
    values: dict[str, RuleValue] = dict(base.values) if base else dict.fromkeys(_MAY_BE_NULL)
    names = set(base.names) if base else set(PARAMETERS) - set(earlier.LATER)
    values, names = earlier.beneath(raw, values, names, is_whole=base is None)
    # Whole lists before their items: "quota.contacts" and then "quota.contacts.B".
    for name in sorted(raw, key=lambda name: (name not in PARAMETERS, name)):
        _set(name, raw[name], values, problems, place)
    names |= {name if name in KINDS else name.rpartition(".")[0] for name in raw}
    earlier.follow(raw, values, names)
    _set_visits(raw, values)
    reported = {problem.place for problem in problems}
    for name, kind in PARAMETERS.items():
        if name not in values and f"{place}.{name}" not in reported:
            template = N_("has no value; give it {allowed}")
            problems.add(f"{place}.{name}", "rule-missing", template, allowed=kind.allowed())
    problems.raise_any()
    _check_together(values, problems, place)
    problems.raise_any()
    return Ruleset(values, [name for name in KINDS if name in names])


def _lay_out(name: str, value: object, raw: dict[str, object], problems: Problems, place: str) -> None:
    """Spread a table over its leaves; a leaf named by itself wins over the table, which has fewer dots."""
    if name in PARAMETERS or _list_of(name) is not None or earlier.is_gone(name, value):
        raw[name] = value
        return
    leaves = [parameter for parameter in PARAMETERS if parameter.startswith(name + ".")]
    if not leaves:
        _report_unknown(place, name, problems)
    elif not isinstance(value, Mapping):
        allowed = sentence(N_("a table of {names}"), names=tuple(leaf[len(name) + 1 :] for leaf in leaves))
        template = N_("{value} is not allowed; give it {allowed}")
        problems.add(f"{place}.{name}", "rule-not-allowed", template, value=short(value), allowed=allowed)
    else:
        if name in TABLES:
            raw.update(dict.fromkeys(leaves))
        for key, part in value.items():
            _lay_out(f"{name}.{key}", part, raw, problems, place)


def _list_of(name: str) -> tuple[str, int, Kind] | None:
    """Return the list parameter, the index and the item's kind that a leaf such as "rounds.weights.0" names."""
    parent, _, leaf = name.rpartition(".")
    kind = PARAMETERS.get(parent)
    if not isinstance(kind, Items):
        return None
    if leaf in kind.names:
        return parent, kind.names.index(leaf), kind.item
    if len(leaf) < 4 and leaf.isascii() and leaf.isdigit():
        return parent, int(leaf), kind.item
    return None


def _set(name: str, raw: object, values: dict[str, RuleValue], problems: Problems, place: str) -> None:
    kind = KINDS.get(name)
    try:
        if kind is not None:
            values[name] = read(kind, raw)
        elif (leaf := _list_of(name)) is not None:
            parent, index, item = leaf
            listed = values.get(parent)
            if not isinstance(listed, tuple) or index >= len(listed):
                _report_unknown(place, name, problems)
                return
            values[parent] = (*listed[:index], read(item, raw), *listed[index + 1 :])
    except Misfit as misfit:
        problems.add_misfit(f"{place}.{name}", misfit, raw)


def _set_visits(raw: Mapping[str, object], values: dict[str, RuleValue]) -> None:
    """Have the visits follow the visits a branch where those alone are given."""
    each, branches = values.get("quota.visits_per_branch"), values.get("quota.branches")
    are_given = any(name == "quota.visits" or name.startswith("quota.visits.") for name in raw)
    if "quota.visits_per_branch" in raw and not are_given and isinstance(each, int) and isinstance(branches, tuple):
        values["quota.visits"] = tuple(each * assessed for assessed in branches)


def _check_together(values: Mapping[str, RuleValue], problems: Problems, place: str) -> None:
    """Report what is wrong between parameters that are right one by one."""
    rules = Ruleset(values)

    def conflict(name: str, template: Template, **filled: object) -> None:
        problems.add(f"{place}.{name}", "rule-conflict", template, **filled)

    weights = rules.numbers("rounds.weights")
    if sum(weights) != 1:
        template = N_('is {value}; the three must sum to 1, such as 0.2, 0.3, 0.5 or "1/3" each')
        conflict("rounds.weights", template, value=tuple(str(_plain(weight)) for weight in weights))
    for name in ("size.bands", "size.branch_bands"):
        if any(above <= below for below, above in pairwise(rules.wholes(name))):
            conflict(name, N_("must rise from A to C"))
    if not rules.number("grade.bands.gold") > rules.number("grade.bands.silver") > rules.number("grade.bands.bronze"):
        conflict("grade.bands", N_("must fall from gold over silver to bronze"))
    floor = rules.number_or_none("cap.floor")
    for name in ("cap.assessment", "cap.round", "cap.final"):
        cap = rules.number_or_none(name)
        if cap is not None and floor is not None and cap < floor:
            conflict(name, N_("must not lie below cap.floor"))


def _plain(value: RuleValue) -> Plain:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return decimal_text(value) if value.denominator != 1 else value.numerator
    return value


def _report_unknown(place: str, name: str, problems: Problems) -> None:
    import difflib  # noqa: PLC0415 - for a name mistyped by its author; a phone that starts meets none

    near = difflib.get_close_matches(name[:80], [*PARAMETERS, *TABLES], n=1)
    if near:
        problems.add(
            f"{place}.{name[:80]}", "rule-unknown", N_("is not a parameter; did you mean {name}?"), name=near[0]
        )
    else:
        template = N_("is not a parameter; take a name from the list of parameters in force or leave it out")
        problems.add(f"{place}.{name[:80]}", "rule-unknown", template)
