"""The fields of one JSON object, taken out with their type checked; what does not fit is told, and None handed back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from checklists.language import N_
from checklists.number import NotANumberError, exact
from checklists.rules.ruleset import short
from checklists.season.json_text import MAX_DEPTH, NumberText, is_too_deep
from checklists.season.problems import Place, Problems

FIRST_YEAR, LAST_YEAR = 1900, 2199
_MISSING = object()


class Fields:
    """One object and its place. A `raw` that is no object is told once, and then reads as empty."""

    def __init__(self, raw: object, place: Place | None, problems: Problems, known: Collection[str]) -> None:
        self.place = place
        self.problems = problems
        self.is_object = isinstance(raw, dict)
        self.raw: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
        if not self.is_object:
            problems.add(place, "not-an-object", N_('must be an object {{"...": ...}}, not {value}'), value=short(raw))
        unknown_keys(self.raw, place, problems, known)

    def at(self, key: str) -> Place:
        """Return the place of `key`."""
        return (self.place, key)

    def has(self, key: str) -> bool:
        """Is `key` there with a value? null counts as absent."""
        return self.raw.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return words that are not empty; `default` when absent, which is a problem without one."""
        value = self.raw.get(key, _MISSING)
        if value is _MISSING:
            if default is None:
                self._missing(key)
            return default
        if is_text(value):
            return str(value)
        self.problems.add(self.at(key), "not-text", N_("must be text, not {value}"), value=short(value))
        return None

    def flag(self, key: str) -> bool:
        """Return true or false; absent is false."""
        value = self.raw.get(key, False)
        if isinstance(value, bool):
            return value
        self.problems.add(self.at(key), "not-a-flag", N_("must be true or false, not {value}"), value=short(value))
        return False

    def size(self, key: str) -> int | None:
        """Return a whole number from 0; null and absent are None."""
        value = self.raw.get(key)
        if value is None or (type(value) is int and 0 <= value < 10**9):
            return value
        self.problems.add(self.at(key), "not-a-size", N_("must be a whole number, not {value}"), value=short(value))
        return None

    def score(self, key: str) -> Fraction | None:
        """Return an exact score 0..100; absent is a problem."""
        value = self.raw.get(key, _MISSING)
        if value is not _MISSING:
            return score(value, self.at(key), self.problems)
        self._missing(key)
        return None

    def items(self, key: str, *, is_needed: bool = False) -> list[Any]:
        """Return a list; absent is an empty one, or a problem when needed."""
        value = self.raw.get(key, _MISSING)
        if isinstance(value, list):
            return value
        if value is not _MISSING:
            self.problems.add(self.at(key), "not-a-list", N_("must be a list, not {value}"), value=short(value))
        elif is_needed and self.is_object:
            self._missing(key)
        return []

    def choice(self, key: str, options: Collection[str]) -> str | None:
        """Return one of `options`; absent is a problem."""
        value = self.raw.get(key, _MISSING)
        if value is _MISSING:
            self._missing(key)
            return None
        if isinstance(value, str) and value in options:
            return value
        self.problems.add(
            self.at(key),
            "not-a-choice",
            N_("{value} is not one of {options}; use one of them"),
            value=short(value),
            options=", ".join(options),
        )
        return None

    def year(self, key: str) -> int | None:
        """Return a year; absent is a problem."""
        value = self.raw.get(key, _MISSING)
        if value is not _MISSING:
            return year(value, self.at(key), self.problems)
        self._missing(key)
        return None

    def moment(self, key: str) -> datetime | None:
        """Return an aware moment; null and absent are None."""
        value = self.raw.get(key)
        return None if value is None else moment(value, self.at(key), self.problems)

    def _missing(self, key: str) -> None:
        if self.is_object:
            self.problems.add(self.at(key), "missing", N_("is missing; give it"))


def unknown_keys(raw: Mapping[str, Any], place: Place | None, problems: Problems, known: Collection[str]) -> None:
    """Tell every key that is not `known`; those that start with x_ are ignored, within bounds."""
    for key, value in raw.items():
        if key in known:
            continue
        if not key.startswith("x_"):
            problems.add(
                (place, key),
                "unknown-key",
                N_("is not a key here; remove it, or start it with x_ to have it ignored"),
            )
        elif isinstance(value, (dict, list)) and is_too_deep(value, _depth(place) + 2):
            problems.add((place, key), "too-deep", N_("is nested deeper than {most}; flatten it"), most=MAX_DEPTH)


def is_text(value: object) -> bool:
    """Is `value` words that can be written down: text, not empty, whole characters only?"""
    if not isinstance(value, str) or isinstance(value, NumberText) or not value.strip():
        return False
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def number(value: object, place: Place, problems: Problems) -> Fraction | None:
    """Return an exact number, from a JSON number or text."""
    try:
        if isinstance(value, (int, str)):
            return exact(value)
    except NotANumberError as error:
        problems.add(place, "not-a-number", N_("{reason}"), reason=str(error))
        return None
    problems.add(
        place, "not-a-number", N_('must be a number such as "82.5", not {value}; correct it'), value=short(value)
    )
    return None


def score(value: object, place: Place, problems: Problems) -> Fraction | None:
    """Return an exact score 0..100."""
    told = number(value, place, problems)
    if told is None or 0 <= told <= 100:
        return told
    problems.add(place, "out-of-range", N_("{value} is out of range; give a score from 0 to 100"), value=short(value))
    return None


def year(value: object, place: Place, problems: Problems) -> int | None:
    """Return a year."""
    if type(value) is int and FIRST_YEAR <= value <= LAST_YEAR:
        return value
    problems.add(place, "not-a-year", N_("must be a year such as 2018, not {value}"), value=short(value))
    return None


def moment(value: object, place: Place, problems: Problems) -> datetime | None:
    """Return an aware moment."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or not FIRST_YEAR < at.year < LAST_YEAR:
        problems.add(
            place,
            "not-a-time",
            N_("must be a date and time such as 2021-03-01T10:00:00+08:00, not {value}"),
            value=short(value),
        )
        return None
    if at.tzinfo is None:
        problems.add(place, "no-zone", N_("{value} has no zone; add one, such as +08:00"), value=short(value))
        return None
    return at


def day(value: object, place: Place, problems: Problems) -> date | None:
    """Return a date."""
    try:
        if isinstance(value, str) and len(value) == 10 and (on := date.fromisoformat(value)).year > FIRST_YEAR:
            return on
    except ValueError:
        pass
    problems.add(place, "not-a-date", N_("must be a date such as 2021-04-02, not {value}"), value=short(value))
    return None


def _depth(place: Place | None) -> int:
    depth = 0
    while place is not None:
        place, depth = place[0], depth + 1
    return depth
