"""A condition or a calculated value: data of a closed set, read from a form's file; `record.conditions` evaluates it.

    show_if = { equal = [{ answer = "PA1" }, true] }
    value = { sum = [{ answer = "PC2" }, { if = [{ less = [{ answer = "PC3" }, 2] }, 1, 0] }] }

EXPR-1  The set is closed: `answer` of a question, `value` of a calculated value, a literal (true, 3, "a_code"), and
        equal, less, and, or, not, sum, count (how many are true) and if.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

import msgspec

from checklists.language import N_
from checklists.number import NotANumberError, exact
from checklists.problems import Misfit

DEEPEST = 20  # levels: more than anybody reads, fewer than end a process
MOST_PARTS = 200


class Op(StrEnum):
    """What an expression is."""

    ANSWER = "answer"  # of the question `name`
    VALUE = "value"  # the calculated value `name`
    LITERAL = "literal"  # exactly one of `flag`, `number` and `word`
    EQUAL = "equal"
    LESS = "less"
    AND = "and"
    OR = "or"
    NOT = "not"
    SUM = "sum"
    COUNT = "count"
    IF = "if"


# How many parts each has, at least and at most.
PARTS: Mapping[Op, tuple[int, int]] = MappingProxyType(
    {
        Op.EQUAL: (2, 2),
        Op.LESS: (2, 2),
        Op.AND: (1, MOST_PARTS),
        Op.OR: (1, MOST_PARTS),
        Op.NOT: (1, 1),
        Op.SUM: (1, MOST_PARTS),
        Op.COUNT: (1, MOST_PARTS),
        Op.IF: (3, 3),
    }
)
WORDS = tuple(op.value for op in Op if op is not Op.LITERAL)


class Expression(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One expression; `of` are its parts in their order."""

    op: Op
    of: tuple[Expression, ...] = ()
    name: str = ""
    flag: bool | None = None
    number: Fraction | None = None
    word: str | None = None

    def walk(self) -> Iterator[Expression]:
        """Yield this expression and everything in it."""
        yield self
        for part in self.of:
            yield from part.walk()

    @property
    def is_small(self) -> bool:
        """Whether it may stand in a file, and in another condition besides."""
        return self._levels() < DEEPEST - 1 and all(len(part.of) <= MOST_PARTS for part in self.walk())

    def _levels(self) -> int:
        return 1 + max((part._levels() for part in self.of), default=0)  # noqa: SLF001 - its own class


def literal(value: bool | int | Fraction | str) -> Expression:
    """Return the literal that `value` is."""
    if isinstance(value, bool):
        return Expression(op=Op.LITERAL, flag=value)
    if isinstance(value, str):
        return Expression(op=Op.LITERAL, word=value)
    return Expression(op=Op.LITERAL, number=Fraction(value))


def expression(raw: object, depth: int = 0) -> Expression:
    """Return the expression that a file holds as `raw`.

    Raises:
        Misfit: it is none; its sentence says what to write.
    """
    if isinstance(raw, (bool, str)):
        return literal(raw)
    if isinstance(raw, (int, Decimal)):
        return _number(raw)
    if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in WORDS:
        words = N_('"{key}" holds {value}, which is no condition; write {{ equal = [...] }} or another of {allowed}.')
        raise Misfit("condition-unfit", words, allowed=tuple(WORDS))
    if depth >= DEEPEST:
        template = N_('"{key}" is nested over {most} levels deep; take a part out as a calculated value.')
        raise Misfit("condition-unfit", template, most=DEEPEST)
    word, inner = next(iter(raw.items()))
    op = Op(word)
    if op in (Op.ANSWER, Op.VALUE):
        if not isinstance(inner, str):
            raise Misfit("condition-unfit", N_('"{word}" in "{key}" is not text in quotes; name one.'), word=word)
        return Expression(op=op, name=inner)
    parts = inner if isinstance(inner, list) else [inner]
    least, most = PARTS[op]
    if not least <= len(parts) <= most:
        template = N_('"{word}" in "{key}" takes {least} to {most} parts and has {count}; write them in a list.')
        raise Misfit("condition-unfit", template, word=word, least=least, most=most, count=len(parts))
    return Expression(op=op, of=tuple(expression(part, depth + 1) for part in parts))


def _number(raw: int | Decimal) -> Expression:
    try:
        return literal(exact(raw))
    except NotANumberError as error:
        raise Misfit("condition-unfit", N_('"{key}" holds a number that is too long; write a shorter one.')) from error
