"""Conditions and calculated values as the formulas of an XLSForm, which come to the same for every answer."""

from __future__ import annotations

from checklists.forms.conditions import type_of
from checklists.forms.expression import Expression, Op
from checklists.forms.form import Form
from checklists.number import as_answer

SIGNS = {Op.AND: " and ", Op.OR: " or ", Op.SUM: " + ", Op.COUNT: " + "}


class Formulas:
    """Writes the formulas of one form. `names` are the names of its questions and values, by "answer PA1"."""

    def __init__(self, form: Form, names: dict[str, str]) -> None:
        self._form = form
        self._names = names

    def of(self, expression: Expression) -> str:
        """Return the formula of a condition or a value."""
        return self._yes_no(expression) if self._type(expression) == "yes_no" else self._plain(expression)

    def _type(self, expression: Expression) -> str:
        return type_of(expression, self._form) or "word"

    def _reference(self, expression: Expression) -> str:
        return "${" + self._names.get(f"{expression.op} {expression.name}", expression.name) + "}"

    def _yes_no(self, expression: Expression) -> str:
        match expression.op:
            case Op.LITERAL:
                return "true()" if expression.flag else "false()"
            case Op.ANSWER:
                return f"{self._reference(expression)} = 'yes'"
            case Op.VALUE:
                return f"{self._reference(expression)} = 'true'"
            case Op.EQUAL:
                return self._equal(*expression.of)
            case Op.LESS:
                left, right = map(self._plain, expression.of)
                return f"{left} < {right}"
            case Op.NOT:
                return f"not({self._yes_no(expression.of[0])})"
            case Op.IF:
                return self._if(expression)
            case _:
                parts = [self._yes_no(part) for part in expression.of]
                return parts[0] if len(parts) == 1 else SIGNS[expression.op].join(f"({part})" for part in parts)

    def _plain(self, expression: Expression) -> str:
        """Return a number or a word."""
        match expression.op:
            case Op.LITERAL if expression.number is not None:
                return str(as_answer(expression.number))
            case Op.LITERAL:
                return _quoted(expression.word or "")
            case Op.SUM:
                return f"({' + '.join(map(self._summand, expression.of))})"
            case Op.COUNT:
                return f"({' + '.join(f'if({self._yes_no(part)}, 1, 0)' for part in expression.of)})"
            case Op.IF:
                return self._if(expression)
            case Op.ANSWER | Op.VALUE:
                return self._reference(expression)
            case _:
                return f"({self._yes_no(expression)})"

    def _summand(self, expression: Expression) -> str:
        # Without an answer a formula has no sum; ours leaves it out.
        if expression.op is Op.ANSWER:
            return f"coalesce({self._reference(expression)}, 0)"
        return self._plain(expression)

    def _if(self, expression: Expression) -> str:
        condition, met, otherwise = expression.of
        return f"if({self._yes_no(condition)}, {self.of(met)}, {self.of(otherwise)})"

    def _equal(self, left: Expression, right: Expression) -> str:
        for one, other in ((left, right), (right, left)):
            if one.op in (Op.ANSWER, Op.VALUE) and other.op is Op.LITERAL:
                return f"{self._reference(one)} = {self._said(one, other)}"
        if left.op is Op.ANSWER and right.op is Op.ANSWER:  # two missing ones are the same in a formula
            return f"{self._reference(left)} = {self._reference(right)} and {self._reference(left)} != ''"
        there = [f"{self._reference(part)} != ''" for part in (left, right) if part.op is Op.ANSWER]
        same = f"({self.of(left)}) = ({self.of(right)})"
        return " and ".join([*there, same])

    def _said(self, one: Expression, other: Expression) -> str:
        """Return a literal as the answers of `one` say it."""
        if other.flag is None:
            return self._plain(other)
        words = ("yes", "no") if one.op is Op.ANSWER else ("true", "false")
        return _quoted(words[0] if other.flag else words[1])


def _quoted(words: str) -> str:
    return f'"{words}"' if "'" in words else f"'{words}'"
