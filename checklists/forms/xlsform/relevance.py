"""Formulas to conditions, where the closed set can say them.

XLS-4  A condition is what the formula is for every answer, or it is not taken: a formula that uses more than the set
       has, or rests on what is not asked here, is kept as it was. Where a formula has no number for want of an answer,
       the condition asks for that answer, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from checklists.forms.expression import Expression, Op, literal
from checklists.forms.xlsform.xpath_tokens import Node, named, parsed
from checklists.number import NotANumberError, exact

NO = frozenset({"no", "false", "0", "n"})
YES = frozenset({"yes", "true", "1", "y"})


class CannotSayError(ValueError):
    """Nothing in the closed set says this; `why` is the part that cannot be said."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why[:60]


class Asked(NamedTuple):
    """A question or a calculated value as formulas name it: its id here, what it gives, its choices' codes here."""

    op: Op
    id: str
    type: str  # yes_no, number, word, or several: yes or no for each choice
    codes: Mapping[str, str] = {}  # by the name of the choice; of several, the id of its question


Names = Mapping[str, Asked]


def condition(formula: str, names: Names) -> Expression:
    """Return the condition that `formula` is.

    Raises:
        FormulaError: it is no formula.
        CannotSayError: no condition says it.
    """
    return _small(_Reader(names).yes_no(named(parsed(formula))))


def value(formula: str, names: Names) -> tuple[Expression, str]:
    """Return what `formula` works out, and which type it gives.

    Raises:
        FormulaError: it is no formula.
        CannotSayError: no calculated value says it.
    """
    reader = _Reader(names)
    given = reader.any(named(parsed(formula)))
    if reader.wanted:
        raise CannotSayError("+")
    return _small(given[0]), given[1]


def _small(expression: Expression) -> Expression:
    if not expression.is_small:
        raise CannotSayError("...")
    return expression


class _Reader:
    def __init__(self, names: Names) -> None:
        self._names = names
        self.wanted: list[Expression] = []  # answers without which the comparison being read has no number

    def yes_no(self, node: Node) -> Expression:
        given, type_ = self.any(node)
        if type_ != "yes_no":
            raise CannotSayError(_words(node))
        return given

    def number(self, node: Node) -> Expression:
        if node.kind == "word":
            try:
                return literal(exact(node.text))
            except NotANumberError as error:
                raise CannotSayError(_words(node)) from error
        given, type_ = self.any(node)
        if type_ != "number":
            raise CannotSayError(_words(node))
        return given

    def any(self, node: Node) -> tuple[Expression, str]:
        match node.kind:
            case "number":
                return literal(exact(node.text)), "number"
            case "word":
                return literal(node.text), "word"
            case "name":
                asked = self._asked(node)
                if asked.codes:  # other words here than there
                    raise CannotSayError(_words(node))
                return Expression(op=asked.op, name=asked.id), asked.type
            case "operator":
                return self._operator(node)
            case "call" if node.text in CALLS:
                return CALLS[node.text](self, node)
        raise CannotSayError(_words(node))

    def _asked(self, node: Node) -> Asked:
        asked = self._names.get(node.text) if node.kind == "name" else None
        if asked is None:
            raise CannotSayError(_words(node))
        return asked

    def _operator(self, node: Node) -> tuple[Expression, str]:
        match node.text:
            case "and" | "or":
                op = Op(node.text)
                parts = [self.yes_no(part) for part in node.of]
                flat = [each for part in parts for each in (part.of if part.op is op else (part,))]
                return Expression(op=op, of=tuple(flat)), "yes_no"
            case "=":
                return self._with_answers(lambda: self.equal(*node.of)), "yes_no"
            case "!=":
                return Expression(op=Op.NOT, of=(self._with_answers(lambda: self.equal(*node.of)),)), "yes_no"
            case "<" | ">" | "<=" | ">=":
                return self._with_answers(lambda: self._order(node)), "yes_no"
            case "+":
                parts = [self._summand(part) for part in node.of]
                flat = [each for part in parts for each in (part.of if part.op is Op.SUM else (part,))]
                return Expression(op=Op.SUM, of=tuple(flat)), "number"
            case "-" if node.of[1].kind == "number":
                return Expression(op=Op.SUM, of=(self._summand(node.of[0]), _negative(node.of[1]))), "number"
            case "minus" if node.of[0].kind == "number":
                return _negative(node.of[0]), "number"
        raise CannotSayError(_words(node))

    def _with_answers(self, compare: Callable[[], Expression]) -> Expression:
        outer, self.wanted = self.wanted, []
        compared = compare()
        there = [Expression(op=Op.NOT, of=(_is_missing(each),)) for each in self.wanted]
        self.wanted = outer
        return Expression(op=Op.AND, of=(*there, compared)) if there else compared

    def _summand(self, node: Node) -> Expression:
        """Return a part of a sum: `coalesce(${x}, 0)` is what a sum here makes of an answer by itself."""
        if node.kind == "call" and node.text == "coalesce" and len(node.of) == 2 and node.of[1].text == "0":
            return self.number(node.of[0])
        if node.kind == "call" and any(part.kind == "name" for part in node.of[1:]):
            raise CannotSayError(_words(node))
        given = self.number(node)
        if given.op is Op.ANSWER:
            self.wanted.append(given)
        return given

    def _order(self, node: Node) -> Expression:
        left, right = (self.number(part) for part in node.of)
        if node.text in (">", ">="):
            left, right = right, left
        less = Expression(op=Op.LESS, of=(left, right))
        if node.text in ("<", ">"):
            return less
        return Expression(op=Op.OR, of=(less, Expression(op=Op.EQUAL, of=(left, right))))

    def equal(self, left: Node, right: Node) -> Expression:
        for one, other in ((left, right), (right, left)):
            if one.kind == "name" and other.kind in ("word", "number"):
                return self.has(self._asked(one), other)
        (first, type_), (second, other_type) = self.any(left), self.any(right)
        if type_ != other_type:
            raise CannotSayError(_words(Node("operator", "=", (left, right))))
        same = Expression(op=Op.EQUAL, of=(first, second))
        if first.op is second.op is Op.ANSWER:  # in a formula two answers that are missing are the same
            return Expression(op=Op.OR, of=(same, Expression(op=Op.AND, of=(_is_missing(first), _is_missing(second)))))
        return same

    def has(self, asked: Asked, other: Node) -> Expression:
        """Whether the answer is the literal `other`."""
        if asked.type == "several":
            raise CannotSayError(other.text)
        reference = Expression(op=asked.op, name=asked.id)
        if other.text == "" and asked.op is Op.ANSWER:
            return _is_missing(reference)
        return Expression(op=Op.EQUAL, of=(reference, self._literal(asked, other)))

    def _literal(self, asked: Asked, other: Node) -> Expression:
        if asked.type == "number":
            return self.number(other)
        if asked.type == "yes_no" and not asked.codes:
            raise CannotSayError(other.text)
        if not asked.codes:
            return literal(other.text)
        code = asked.codes.get(other.text)
        if code is None:
            raise CannotSayError(other.text)
        if asked.type == "yes_no" and code != "na":
            return literal(code == "yes")
        return literal(code)

    def selected(self, node: Node) -> tuple[Expression, str]:
        if len(node.of) != 2 or node.of[1].kind not in ("word", "number"):
            raise CannotSayError(_words(node))
        asked, choice = self._asked(node.of[0]), node.of[1].text
        if asked.type != "several":
            return self.has(asked, node.of[1]), "yes_no"
        if choice not in asked.codes:
            raise CannotSayError(choice)
        return _is_yes(asked.codes[choice]), "yes_no"

    def count(self, node: Node) -> tuple[Expression, str]:
        asked = self._asked(node.of[0]) if len(node.of) == 1 else None
        if asked is None or asked.type != "several":
            raise CannotSayError(_words(node))
        return Expression(op=Op.COUNT, of=tuple(map(_is_yes, asked.codes.values()))), "number"

    def negation(self, node: Node) -> tuple[Expression, str]:
        if len(node.of) != 1:
            raise CannotSayError(_words(node))
        return Expression(op=Op.NOT, of=(self.yes_no(node.of[0]),)), "yes_no"

    def choice(self, node: Node) -> tuple[Expression, str]:
        if len(node.of) != 3:
            raise CannotSayError(_words(node))
        test = self.yes_no(node.of[0])
        (met, type_), (otherwise, other_type) = self.any(node.of[1]), self.any(node.of[2])
        if type_ != other_type:
            raise CannotSayError(_words(node))
        return Expression(op=Op.IF, of=(test, met, otherwise)), type_

    def same(self, node: Node) -> tuple[Expression, str]:
        if len(node.of) != 1:
            raise CannotSayError(_words(node))
        return self.any(node.of[0])


def _flag(flag: bool) -> Callable[[_Reader, Node], tuple[Expression, str]]:
    return lambda _reader, _node: (literal(flag), "yes_no")


CALLS: Mapping[str, Callable[[_Reader, Node], tuple[Expression, str]]] = {
    "selected": _Reader.selected,
    "count-selected": _Reader.count,
    "not": _Reader.negation,
    "if": _Reader.choice,
    "true": _flag(True),
    "false": _flag(False),
    "number": _Reader.same,
}


def _is_yes(question: str) -> Expression:
    return Expression(op=Op.EQUAL, of=(Expression(op=Op.ANSWER, name=question), literal(True)))


def _is_missing(answer: Expression) -> Expression:
    return Expression(op=Op.EQUAL, of=(answer, literal("")))


def _negative(node: Node) -> Expression:
    return literal(-Fraction(exact(node.text)))


def _words(node: Node) -> str:
    match node.kind:
        case "name":
            return "${" + node.text + "}"
        case "word":
            return f"'{node.text}'"
        case "call":
            return f"{node.text}()"
        case "operator":
            return {"minus": "-"}.get(node.text, node.text)
        case _:
            return node.text or "/"
