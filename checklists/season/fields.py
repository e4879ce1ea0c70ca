"""What the fields of a season file may hold: one function a kind, and the object they are taken from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from checklists.fields import Fields
from checklists.language import N_
from checklists.number import NotANumberError, exact
from checklists.problems import Misfit, Place, Problems
from checklists.season.json_text import MAX_DEPTH, NumberText, is_too_deep

FIRST_YEAR, LAST_YEAR = 1900, 2199
MISSING = Misfit("missing", N_("is missing; give it"))
NOT_AN_OBJECT = Misfit("not-an-object", N_('must be an object {{"...": ...}}, not {value}'))

Value = TypeVar("Value")


def text(raw: object) -> str:
    """Read words that are not empty."""
    if is_text(raw):
        return str(raw)
    raise Misfit("not-text", N_("must be text, not {value}"))


def is_text(raw: object) -> bool:
    """Whether `raw` is words that can be written down: text, not empty, whole characters only."""
    if not isinstance(raw, str) or isinstance(raw, NumberText) or not raw.strip():
        return False
    return raw.isascii() or not any("\ud800" <= character <= "\udfff" for character in raw)


def flag(raw: object) -> bool:
    """Read true or false."""
    if isinstance(raw, bool):
        return raw
    raise Misfit("not-a-flag", N_("must be true or false, not {value}"))


def size(raw: object) -> int:
    """Read a whole number from 0."""
    if type(raw) is int and 0 <= raw < 10**9:
        return raw
    raise Misfit("not-a-size", N_("must be a whole number, not {value}"))


def number(raw: object) -> Fraction:
    """Read an exact number, from a JSON number or text."""
    try:
        if isinstance(raw, (int, str)):
            return exact(raw)
    except NotANumberError as error:
        raise Misfit("not-a-number", N_("{reason}"), reason=str(error)) from error
    raise Misfit("not-a-number", N_('must be a number such as "82.5", not {value}; correct it'))


def score(raw: object) -> Fraction:
    """Read an exact score 0..100."""
    value = number(raw)
    if 0 <= value <= 100:
        return value
    raise Misfit("out-of-range", N_("{value} is out of range; give a score from 0 to 100"))


def year(raw: object) -> int:
    """Read a year."""
    if type(raw) is int and FIRST_YEAR <= raw <= LAST_YEAR:
        return raw
    raise Misfit("not-a-year", N_("must be a year such as 2018, not {value}"))


def moment(raw: object) -> datetime:
    """Read an aware moment."""
    try:
        at = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        at = None
    if at is None or not FIRST_YEAR < at.year < LAST_YEAR:
        raise Misfit("not-a-time", N_("must be a date and time such as 2021-03-01T10:00:00+08:00, not {value}"))
    if at.tzinfo is None:
        raise Misfit("no-zone", N_("{value} has no zone; add one, such as +08:00"))
    return at


def day(raw: object) -> date:
    """Read a date."""
    try:
        if isinstance(raw, str) and len(raw) == 10 and (on := date.fromisoformat(raw)).year > FIRST_YEAR:
            return on
    except ValueError:
        pass
    raise Misfit("not-a-date", N_("must be a date such as 2021-04-02, not {value}"))


def items(raw: object) -> list[Any]:
    """Read a list."""
    if isinstance(raw, list):
        return raw
    raise Misfit("not-a-list", N_("must be a list, not {value}"))


def choice(options: Collection[str]) -> Callable[[object], str]:
    """Return the reader of one of `options`."""

    def read(raw: object) -> str:
        if isinstance(raw, str) and raw in options:
            return raw
        template = N_("{value} is not one of {options}; use one of them")
        raise Misfit("not-a-choice", template, options=tuple(options))

    return read


class JsonObject(Fields):
    """One object of the file, with the `keys` it may have. What is no object is reported, and then reads as empty."""

    def __init__(self, raw: object, place: Place | None, problems: Problems, keys: Collection[str]) -> None:
        super().__init__(raw if isinstance(raw, dict) else {}, place, problems)
        self.is_object = isinstance(raw, dict)
        if not self.is_object:
            problems.add_misfit(place, NOT_AN_OBJECT, raw)
        report_unknown(self.raw, place, problems, keys)

    def needed(self, key: str, read: Callable[[object], Value]) -> Value | None:
        """Return the value of `key`, which must be there."""
        return self.take(key, read, MISSING if self.is_object else None)

    def unless_null(self, key: str, read: Callable[[object], Value]) -> Value | None:
        """Return the value of `key`; null counts as absent."""
        return self.take(key, read) if self.raw.get(key) is not None else None

    def items(self, key: str, *, is_needed: bool = False) -> Iterator[tuple[Place, Any]]:
        """Yield the items of a list, each with its place."""
        listed = self.needed(key, items) if is_needed else self.take(key, items)
        for index, item in enumerate(listed or ()):
            yield (self.at(key), index), item

    def each(self, key: str, read: Callable[[object], Value]) -> list[Value | None]:
        """Return the items of a list, read one by one; None stands for one that does not fit."""
        return [self.problems.fit(place, read, item) for place, item in self.items(key)]


def report_unknown(raw: Mapping[str, Any], place: Place | None, problems: Problems, keys: Collection[str]) -> None:
    """Report every key that is not among `keys`; those that start with x_ are ignored, within bounds."""
    for key, value in raw.items():
        if key in keys:
            continue
        if not key.startswith("x_"):
            template = N_("is not a key here; remove it, or start it with x_ to have it ignored")
            problems.add((place, key), "unknown-key", template)
        elif isinstance(value, (dict, list)) and is_too_deep(value, _depth(place) + 2):
            problems.add((place, key), "too-deep", N_("is nested deeper than {most}; flatten it"), most=MAX_DEPTH)


def _depth(place: Place | None) -> int:
    depth = 0
    while isinstance(place, tuple):
        place, depth = place[0], depth + 1
    return depth
