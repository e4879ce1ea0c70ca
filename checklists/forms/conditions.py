"""What must hold of the conditions and calculated values of one form; places name the question or the value.

EXPR-2  Each name is a question or a calculated value of the same form; no condition rests on itself.
EXPR-3  Types agree: a condition is yes or no, sums and `less` take numbers, a code is one of its question's options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from checklists.forms.expression import Expression, Op
from checklists.forms.form import Form, Kind, Question
from checklists.language import N_, Sentence, Template, sentence

Report = Callable[..., None]
Type = Literal["yes_no", "number", "word"]

NAMES: Mapping[Type, Template] = {
    "yes_no": N_("yes or no"),
    "number": N_("a number"),
    "word": N_("a word"),
}
TYPES: Mapping[Kind, Type] = {
    Kind.YES_NO: "yes_no",
    Kind.SCALE: "number",
    Kind.CHOICE: "word",
    Kind.BANDS: "number",
    Kind.FAQ: "word",
    Kind.TEXT: "word",
    Kind.MATURITY: "number",
}
WANTED: Mapping[Op, Type] = {
    Op.LESS: "number",
    Op.AND: "yes_no",
    Op.OR: "yes_no",
    Op.NOT: "yes_no",
    Op.SUM: "number",
    Op.COUNT: "yes_no",
}
RESULTS: Mapping[Op, Type] = {
    Op.EQUAL: "yes_no",
    Op.LESS: "yes_no",
    Op.AND: "yes_no",
    Op.OR: "yes_no",
    Op.NOT: "yes_no",
    Op.SUM: "number",
    Op.COUNT: "number",
}
# Words that any answer may be compared with: there is none, or it was not applicable.
NO_ANSWER, NOT_APPLICABLE = "", "na"


def check_conditions(form: Form, report: Report) -> None:
    """Report every problem of the conditions and calculated values of `form`."""
    if not form.calculated and not any(question.show_if for question in questions(form)):
        return
    checker = _Checker(form, report)
    for value in form.calculated:
        checker.type_of(value.value, value.key)
    for question in questions(form):
        if question.show_if is not None:
            checker.wants(question.show_if, "yes_no", question.id)
    for circle in circles_of(form):
        template = N_("the condition rests on itself: {path}; take one of these out of the others' conditions.")
        report(circle[0].partition(" ")[2], "condition-circular", template, path=" → ".join(_bare(circle)))


def questions(form: Form) -> Iterator[Question]:
    """Yield every question of `form` in order."""
    for section in form.sections:
        yield from section.questions


def graph(form: Form) -> Mapping[str, set[str]]:
    """Return what each question ("answer PA1") and value ("value misses") rests on, in the order of the form."""
    rests: dict[str, set[str]] = {f"{Op.VALUE} {value.key}": references(value.value) for value in form.calculated}
    for question in questions(form):
        rests[f"{Op.ANSWER} {question.id}"] = references(question.show_if) if question.show_if else set()
    return rests


def references(expression: Expression) -> set[str]:
    """Return what `expression` names, as `graph` does."""
    return {f"{part.op} {part.name}" for part in expression.walk() if part.op in (Op.ANSWER, Op.VALUE)}


def circles_of(form: Form) -> Iterator[list[str]]:
    """Yield the questions and values that rest on each other, the first again at the end of each circle.

    What stands in a circle that was told is in none that comes after it: each circle is told once.
    """
    rests = graph(form)
    names = list(rests)
    while True:
        try:
            TopologicalSorter(rests).prepare()
        except CycleError as error:
            circle = error.args[1][:0:-1]  # ends with its first again, and lists what is rested on before what rests
            first = min(range(len(circle)), key=lambda at: names.index(circle[at]))
            yield [*circle[first:], *circle[:first], circle[first]]
            rests = {name: on - {*circle} for name, on in rests.items() if name not in circle}
        else:
            return


def type_of(expression: Expression, form: Form) -> Type | None:
    """Return what `expression` gives in `form`; None where that cannot be said."""
    return _Checker(form, lambda *_, **__: None).type_of(expression, "")


def _bare(circle: list[str]) -> list[str]:
    return [name.partition(" ")[2] for name in circle]


class _Checker:
    def __init__(self, form: Form, report: Report) -> None:
        self._questions = {question.id: question for question in questions(form)}
        self._values = {value.key: value.value for value in form.calculated}
        self._report = report
        self._open: set[str] = set()

    def wants(self, expression: Expression, wanted: Type, place: str) -> None:
        """Report where `expression` does not give what is wanted of it."""
        given = self.type_of(expression, place)
        if given is not None and given != wanted:
            words = N_("{wanted} is wanted where the condition has {given}; compare it with equal or less.")
            self._unfit(place, words, wanted=sentence(NAMES[wanted]), given=sentence(NAMES[given]))

    def type_of(self, expression: Expression, place: str) -> Type | None:
        """Return what `expression` gives; None where that cannot be said."""
        match expression.op:
            case Op.LITERAL:
                return _type_of_literal(expression)
            case Op.ANSWER:
                return self._type_of_answer(expression.name, place)
            case Op.VALUE:
                return self._type_of_value(expression.name, place)
            case Op.EQUAL:
                self._equal(expression, place)
            case Op.IF:
                return self._if(expression, place)
            case _:
                for part in expression.of:
                    self.wants(part, WANTED[expression.op], place)
        return RESULTS[expression.op]

    def _type_of_answer(self, name: str, place: str) -> Type | None:
        question = self._questions.get(name)
        if question is None:
            template = N_('there is no question "{name}" in this form; name one that it has.')
            self._report(place, "question-unknown", template, name=name[:60])
            return None
        return TYPES[question.kind]

    def _type_of_value(self, name: str, place: str) -> Type | None:
        if name not in self._values:
            template = N_('there is no calculated value "{name}" in this form; add it under [[calculated]].')
            self._report(place, "value-unknown", template, name=name[:60])
            return None
        if name in self._open:  # it rests on itself, which is reported once
            return None
        self._open.add(name)
        given = _Checker._quiet(self, self._values[name])
        self._open.discard(name)
        return given

    def _quiet(self, expression: Expression) -> Type | None:
        """Return the type of an expression whose own problems are reported at its own place."""
        loud, self._report = self._report, lambda *_, **__: None
        try:
            return self.type_of(expression, "")
        finally:
            self._report = loud

    def _equal(self, expression: Expression, place: str) -> None:
        left, right = expression.of
        for one, other in ((left, right), (right, left)):
            if one.op is Op.ANSWER and other.word is not None:
                self._compared_with_word(one.name, other.word, place)
                return
        types = [self.type_of(part, place) for part in expression.of]
        if None not in types and types[0] != types[1]:
            words = N_("equal compares {left} with {right}, which are never the same; compare like with like.")
            self._unfit(place, words, left=_named(types[0]), right=_named(types[1]))

    def _compared_with_word(self, name: str, word: str, place: str) -> None:
        given = self._type_of_answer(name, place)
        if given is None or word in (NO_ANSWER, NOT_APPLICABLE):
            return
        question = self._questions[name]
        codes = [option.code for option in question.options]
        if given != "word":
            words = N_("equal compares {left} with {right}, which are never the same; compare like with like.")
            self._unfit(place, words, left=_named(given), right=_named("word"))
        elif codes and word not in codes:
            template = N_('"{word}" is no option of {name}; write one of {allowed}.')
            self._report(place, "option-unknown", template, word=word[:60], name=name, allowed=tuple(codes))

    def _if(self, expression: Expression, place: str) -> Type | None:
        condition, *branches = expression.of
        self.wants(condition, "yes_no", place)
        types = [self.type_of(branch, place) for branch in branches]
        if None not in types and types[0] != types[1]:
            words = N_("if gives {left} or {right}; let both be the same.")
            self._unfit(place, words, left=_named(types[0]), right=_named(types[1]))
        return types[0] or types[1]

    def _unfit(self, place: str, template: Template, **values: object) -> None:
        self._report(place, "condition-unfit", template, **values)


def _type_of_literal(expression: Expression) -> Type:
    if expression.flag is not None:
        return "yes_no"
    return "number" if expression.number is not None else "word"


def _named(type_: Type | None) -> Sentence:
    return sentence(NAMES[type_ or "word"])
