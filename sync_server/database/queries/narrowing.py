"""What rows must fulfil, as a value that a parser makes, and the one way from it to SQL.

NAR-1  A comparison is never unknown: null equals null alone, and nothing lies before or after null. So "not" of a
       comparison holds exactly where the comparison does not.
NAR-2  Texts are compared and searched letter by letter, on both engines alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, false, func, literal, not_, or_


class Kind(StrEnum):
    """What a field or a term holds. Moments and days are texts whose order is the order of time."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    MOMENT = "moment"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as the database holds it; None has no kind."""

    value: str | int | float | bool | None
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Named:
    """A field."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Call:
    """A function of FUNCTIONS with its arguments."""

    function: str
    arguments: tuple[Value, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values, neither a list, compared by one of OPPOSITES."""

    operator: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that is one of some."""

    value: Value
    among: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of them holds, or more."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    term: Term


Value = Constant | Named | Call
Term = Compare | OneOf | Every | AnyOf | Not | Named | Call
Fields = Mapping[str, ColumnElement[Any]]
Sql = ColumnElement[bool]

OPPOSITES: Mapping[str, str] = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_ORDERED: Mapping[str, Callable[[Any, Any], Sql]] = {
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
}


def _part(start: int, length: int) -> Callable[[Any], ColumnElement[int]]:
    return lambda moment: cast(func.substr(moment, start, length), Integer)


# LIKE would not do: SQLite takes a small letter for a large one in it.
FUNCTIONS: Mapping[str, Callable[..., ColumnElement[Any]]] = {
    "contains": lambda text, part: func.replace(text, part, "") != text,
    "startswith": lambda text, part: func.substr(text, 1, func.length(part)) == part,
    "endswith": lambda text, part: and_(
        func.length(text) >= func.length(part),
        func.substr(text, func.length(text) - func.length(part) + 1, func.length(part)) == part,
    ),
    "tolower": func.lower,
    "toupper": func.upper,
    "trim": func.trim,
    "length": func.length,
    "date": lambda moment: func.substr(moment, 1, 10),
    "year": _part(1, 4),
    "month": _part(6, 2),
    "day": _part(9, 2),
    "hour": _part(12, 2),
    "minute": _part(15, 2),
    "second": _part(18, 2),
}


def condition(term: Term, fields: Fields, *, negated: bool = False) -> Sql:
    """Return the SQL of `term`, or of its opposite."""
    match term:
        case Not():
            return condition(term.term, fields, negated=not negated)
        case Every() | AnyOf():
            both = [condition(one, fields, negated=negated) for one in term.terms]
            return and_(*both) if isinstance(term, Every) != negated else or_(*both)
        case Compare():
            return _compared(OPPOSITES[term.operator] if negated else term.operator, term, fields, negated=negated)
        case OneOf():
            return _among(term, fields, negated=negated)
        case Call() if term.function == "contains" and term.arguments[1] == Constant("", Kind.TEXT):
            given = value(term.arguments[0], fields).is_not(None)  # everything holds nothing; replacing it tells not
            return not_(given) if negated else given
        case _:
            holds: Sql = value(term, fields)
            return not_(holds) if negated else holds


def value(term: Value, fields: Fields) -> ColumnElement[Any]:
    """Return the SQL of a value."""
    match term:
        case Constant():
            return literal(term.value)
        case Named():
            return fields[term.name]
        case Call():
            return FUNCTIONS[term.function](*(value(one, fields) for one in term.arguments))


def _compared(operator: str, term: Compare, fields: Fields, *, negated: bool) -> Sql:
    left, right = value(term.left, fields), value(term.right, fields)
    nulls = [other for one, other in ((term.left, right), (term.right, left)) if one == Constant(None, None)]
    if operator in {"eq", "ne"}:
        if nulls:
            return nulls[0].is_(None) if operator == "eq" else nulls[0].is_not(None)
        if operator == "ne":
            return left.is_distinct_from(right)
        has_constant = isinstance(term.left, Constant) or isinstance(term.right, Constant)
        return left == right if has_constant else left.is_not_distinct_from(right)
    if nulls:
        return not_(false()) if negated else false()
    ordered = _ORDERED[operator](left, right)
    if not negated:
        return ordered
    sides = ((term.left, left), (term.right, right))
    return or_(ordered, *(sql.is_(None) for one, sql in sides if not isinstance(one, Constant)))


def _among(term: OneOf, fields: Fields, *, negated: bool) -> Sql:
    one = value(term.value, fields)
    with_null = any(constant.value is None for constant in term.among)
    listed = [constant.value for constant in term.among if constant.value is not None]
    if negated:
        return and_(one.not_in(listed), one.is_not(None)) if with_null else or_(one.not_in(listed), one.is_(None))
    return or_(one.in_(listed), one.is_(None)) if with_null else one.in_(listed)
