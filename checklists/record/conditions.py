"""Which questions are hidden, given what is answered: the conditions of a form, evaluated alike on phone and server.

COND-1  A question whose condition is not met is hidden: not asked, not required, not scored. Its answer is kept.
COND-2  The answer of a hidden question, and of one that is not on the sheet, counts as none in every other condition.
COND-3  No answer and "na" are no number and no word: nothing is equal to them or less than they are, and a sum leaves
        them out. Equal to "" asks whether there is no answer, equal to "na" whether it was not applicable.
COND-4  Of a drawn recording, a condition reads the answers about the same recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from checklists.forms.expression import Expression, Op
from checklists.forms.form import Calculated, Kind, Question
from checklists.number import NotANumberError, exact
from checklists.record.assessment import NOT_APPLICABLE

Answers = Mapping[str, object]
Values = dict[str, object]
Work = Callable[[Answers, Values], object]

NUMBERS = frozenset({Kind.SCALE, Kind.BANDS, Kind.MATURITY})


class Conditions:
    """The conditions of questions laid out together, compiled once. `mark` ends the keys of one recording's answers."""

    def __init__(self, questions: Iterable[Question], calculated: Iterable[Calculated], mark: str = "") -> None:
        self._mark = mark
        self._kinds = {question.id: question.kind for question in questions}
        conditions = {question.id: question.show_if for question in questions if question.show_if is not None}
        values = {value.key: value.value for value in calculated}
        # In an order in which everything stands behind what it rests on: each is worked out once.
        self._steps: list[tuple[str | None, str, Work]] = []
        if conditions:
            for op, name in _ordered(conditions, values):
                if op == Op.VALUE:
                    self._steps.append((None, name, self._work(values[name])))
                else:
                    self._steps.append((name + mark, name, self._work(conditions[name])))

    def __bool__(self) -> bool:
        return bool(self._steps)

    def hidden(self, answers: Answers) -> list[str]:
        """Return the keys of the questions that are hidden."""
        counting = dict(answers)
        values: Values = {}
        hidden = []
        for key, name, work in self._steps:
            if key is None:
                values[name] = work(counting, values)
            elif not work(counting, values):
                hidden.append(key)
                counting.pop(key, None)
        return hidden

    def _work(self, expression: Expression) -> Work:
        match expression.op:
            case Op.LITERAL:
                given = _literal(expression)
                return lambda _answers, _values: given
            case Op.ANSWER:
                return self._answer(expression.name)
            case Op.VALUE:
                name = expression.name
                return lambda _answers, values: values.get(name)
            case Op.EQUAL:
                return self._equal(*expression.of)
            case _:
                return MAKERS[expression.op]([self._work(part) for part in expression.of])

    def _answer(self, name: str) -> Work:
        key, kind = name + self._mark, self._kinds.get(name)
        if kind in NUMBERS:
            return lambda answers, _values: _as_number(answers.get(key))
        if kind is Kind.YES_NO:
            return lambda answers, _values: held if isinstance(held := answers.get(key), bool) else None
        if kind is None:
            return lambda _answers, _values: None
        return lambda answers, _values: (
            held if isinstance(held := answers.get(key), str) and held and held != NOT_APPLICABLE else None
        )

    def _equal(self, left: Expression, right: Expression) -> Work:
        for one, other in ((left, right), (right, left)):
            if one.op is Op.ANSWER and other.word in ("", NOT_APPLICABLE):
                key, wanted = one.name + self._mark, (None, "") if other.word == "" else (NOT_APPLICABLE,)
                return lambda answers, _values, key=key, wanted=wanted: answers.get(key) in wanted  # type: ignore[misc]
        return _equal(self._work(left), self._work(right))


def hidden_by(conditions: Iterable[Conditions], answers: Answers) -> frozenset[str]:
    """Return the keys of the questions that any of `conditions` hides."""
    return frozenset(key for each in conditions for key in each.hidden(answers))


def _ordered(conditions: Mapping[str, Expression], values: Mapping[str, Expression]) -> list[tuple[str, str]]:
    rests: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for op, held in ((Op.VALUE, values), (Op.ANSWER, conditions)):
        for name, expression in held.items():
            named = {(part.op.value, part.name) for part in expression.walk() if part.op in (Op.ANSWER, Op.VALUE)}
            rests[op.value, name] = named
    try:
        order = list(TopologicalSorter(rests).static_order())
    except CycleError:  # no file that was checked: then in the order of the form
        order = list(rests)
    return [node for node in order if node in rests]


def _literal(expression: Expression) -> object:
    if expression.flag is not None:
        return expression.flag
    number = expression.number
    if number is None:
        return expression.word
    return number.numerator if number.denominator == 1 else number


def _as_number(held: object) -> int | Fraction | None:
    if type(held) is int:
        return held
    if not isinstance(held, str) or held == NOT_APPLICABLE:
        return None
    try:
        return exact(held)
    except NotANumberError:
        return None


def _equal(left: Work, right: Work) -> Work:
    def work(answers: Answers, values: Values) -> bool:
        given = left(answers, values)
        return given is not None and given == right(answers, values)

    return work


def _less(parts: list[Work]) -> Work:
    left, right = parts

    def work(answers: Answers, values: Values) -> bool:
        lower, upper = left(answers, values), right(answers, values)
        return lower is not None and upper is not None and lower < upper  # type: ignore[operator]

    return work


def _sum(parts: list[Work]) -> Work:
    def work(answers: Answers, values: Values) -> object:
        given = (part(answers, values) for part in parts)
        return sum(number for number in given if number is not None)  # type: ignore[misc]

    return work


def _if(parts: list[Work]) -> Work:
    condition, met, otherwise = parts
    return lambda answers, values: (met if condition(answers, values) else otherwise)(answers, values)


MAKERS: Mapping[Op, Callable[[list[Work]], Work]] = {
    Op.LESS: _less,
    Op.AND: lambda parts: lambda answers, values: all(part(answers, values) for part in parts),
    Op.OR: lambda parts: lambda answers, values: any(part(answers, values) for part in parts),
    Op.NOT: lambda parts: lambda answers, values: not parts[0](answers, values),
    Op.SUM: _sum,
    Op.COUNT: lambda parts: lambda answers, values: sum(bool(part(answers, values)) for part in parts),
    Op.IF: _if,
}
