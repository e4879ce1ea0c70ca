"""A `$filter` as a term, checked against the fields there are.

ODF-2  "or" binds weaker than "and", "and" weaker than "not", "not" weaker than a comparison; brackets stand above all.
ODF-3  Only like is compared with like: numbers with numbers, texts with texts, moments with moments, days with days;
       fields of yes and no with true and false; all of them with null.
ODF-4  What OData knows and is not offered here is said to be so; what it does not know is an error at its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from checklists.language import N_, Template, sentence
from sync_server.database.queries.narrowing import (
    OPPOSITES,
    AnyOf,
    Call,
    Compare,
    Constant,
    Every,
    Kind,
    Named,
    Not,
    OneOf,
    Term,
    Value,
)
from sync_server.exchange.odata.filter_words import QueryError, Word, words_of

LONGEST, DEEPEST, MOST_LISTED = 4_000, 40, 500
_TIMES = (Kind.MOMENT, Kind.DAY)
# Function -> what it takes, each one of, and what it gives.
FUNCTIONS: Mapping[str, tuple[tuple[tuple[Kind, ...], ...], Kind]] = {
    **dict.fromkeys(("contains", "startswith", "endswith"), (((Kind.TEXT,), (Kind.TEXT,)), Kind.FLAG)),
    **dict.fromkeys(("tolower", "toupper", "trim"), (((Kind.TEXT,),), Kind.TEXT)),
    "length": (((Kind.TEXT,),), Kind.INTEGER),
    "date": (((Kind.MOMENT,),), Kind.DAY),
    **dict.fromkeys(("year", "month", "day"), ((_TIMES,), Kind.INTEGER)),
    **dict.fromkeys(("hour", "minute", "second"), (((Kind.MOMENT,),), Kind.INTEGER)),
}
NOT_OFFERED = frozenset(
    """add sub mul div divby mod has any all indexof substring concat matchesPattern round floor ceiling cast isof now
    time totaloffsetminutes totalseconds fractionalseconds mindatetime maxdatetime geo hassubset hassubsequence
    case""".lower().split()
)
UNKEPT = frozenset({"INF", "NaN"})  # numbers that no table here holds
_ALIKE = {Kind.INTEGER: Kind.NUMBER}


def filter_of(text: str, fields: Mapping[str, Kind]) -> Term:
    """Return the term that `text` says about `fields`.

    Raises:
        QueryError: with the place in `text`, and whether OData itself would know it.
    """
    if len(text) > LONGEST:
        raise QueryError("$filter", sentence(N_("A filter has at most {most} characters."), most=LONGEST))
    reader = _Reader(words_of(text), fields)
    term = reader.either(0)
    if reader.word.kind != "end":
        reader.refuse(N_("{what} is not expected here."))
    return term


class _Reader:
    def __init__(self, words: list[Word], fields: Mapping[str, Kind]) -> None:
        self._words = words
        self._fields = fields
        self._next = 0

    @property
    def word(self) -> Word:
        return self._words[self._next]

    def take(self) -> Word:
        self._next += 1
        return self._words[self._next - 1]

    def refuse(self, template: Template, word: Word | None = None, *, is_offered: bool = True) -> NoReturn:
        word = word or self.word
        raise QueryError(f"$filter, {word.at}", sentence(template, what=word.text or "the end"), is_offered=is_offered)

    def is_word(self, text: str) -> bool:
        return self.word.kind == "name" and self.word.text.lower() == text

    def either(self, depth: int) -> Term:
        if depth > DEEPEST:
            self.refuse(N_("The filter is nested too deeply at {what}."))
        terms = [self._both(depth)]
        while self.is_word("or"):
            self.take()
            terms.append(self._both(depth))
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _both(self, depth: int) -> Term:
        terms = [self._one(depth)]
        while self.is_word("and"):
            self.take()
            terms.append(self._one(depth))
        return terms[0] if len(terms) == 1 else Every(tuple(terms))

    def _one(self, depth: int) -> Term:
        if self.is_word("not"):
            if depth > DEEPEST:
                self.refuse(N_("The filter is nested too deeply at {what}."))
            self.take()
            return Not(self._one(depth + 1))
        if self.word.kind == "(":
            self.take()
            term = self.either(depth + 1)
            self._close()
            return term
        return self._comparison(depth)

    def _close(self) -> None:
        if self.word.kind != ")":
            self.refuse(N_("A closing bracket is missing before {what}."))
        self.take()

    def _comparison(self, depth: int) -> Term:
        begun = self.word
        left = self._value(depth)
        operator = self.word.text.lower() if self.word.kind == "name" else ""
        if operator == "in":
            self.take()
            return self._among(left, begun)
        if operator in OPPOSITES:
            self.take()
            right = self._value(depth)
            return self._compared(operator, left, right, begun)
        if operator in NOT_OFFERED:
            self.refuse(N_("{what} is not offered here."), is_offered=False)
        if left.kind is Kind.FLAG and not isinstance(left, Constant):
            return left
        return self.refuse(N_("A comparison is expected before {what}, such as eq, ne, gt, ge, lt, le or in."))

    def _compared(self, operator: str, left: Value, right: Value, begun: Word) -> Term:
        if Kind.FLAG in {left.kind, right.kind} and None not in {left.kind, right.kind}:
            constants = [one for one in (left, right) if isinstance(one, Constant) and one.kind is Kind.FLAG]
            others = [one for one in (left, right) if not isinstance(one, Constant) and one.kind is Kind.FLAG]
            if operator not in {"eq", "ne"} or len(constants) != 1 or len(others) != 1:
                self.refuse(N_("{what} is yes or no: compare it by eq or ne with true or false."), begun)
            return others[0] if bool(constants[0].value) == (operator == "eq") else Not(others[0])
        self._alike(left, right, begun)
        return Compare(operator, left, right)

    def _alike(self, left: Value, right: Value, begun: Word) -> None:
        kinds = {_ALIKE.get(kind, kind) for kind in (left.kind, right.kind) if kind is not None}
        if len(kinds) > 1:
            self.refuse(
                N_("{what} is compared with something of another kind; date(…) makes a day of a moment."), begun
            )

    def _among(self, left: Value, begun: Word) -> Term:
        if self.word.kind != "(":
            self.refuse(N_("After in comes a list in brackets, not {what}."))
        self.take()
        listed: list[Constant] = []
        while True:
            if self.word.constant is None or self.word.constant.kind is Kind.FLAG:
                self.refuse(N_("A list holds texts, numbers, moments, days or null, not {what}."))
            constant = self.take().constant
            if constant is not None:
                self._alike(left, constant, begun)
                listed.append(constant)
            if self.word.kind != ",":
                break
            self.take()
        self._close()
        if len(listed) > MOST_LISTED:
            self.refuse(N_("A list holds at most 500 values; it ends before {what}."))
        return OneOf(left, tuple(listed))

    def _value(self, depth: int) -> Value:
        word = self.take()
        if word.constant is not None:
            return word.constant
        if word.kind != "name":
            self.refuse(N_("A field or a value is expected, not {what}."), word)
        if self.word.kind == "(":
            return self._call(word, depth)
        if "/" in word.text:
            self.refuse(N_("{what}: fields of other tables are not offered in a filter."), word, is_offered=False)
        if word.text not in self._fields:
            self.refuse(N_("There is no field {what}."), word, is_offered=word.text not in UNKEPT)
        return Named(word.text, self._fields[word.text])

    def _call(self, word: Word, depth: int) -> Value:
        name = word.text.lower()
        if depth > DEEPEST:
            self.refuse(N_("The filter is nested too deeply at {what}."), word)
        if name not in FUNCTIONS:
            known = name.rpartition("/")[2].partition(".")[0] in NOT_OFFERED
            self.refuse(
                N_("{what} is not offered here.") if known else N_("There is no function {what}."),
                word,
                is_offered=not known,
            )
        takes, gives = FUNCTIONS[name]
        self.take()
        arguments: list[Value] = []
        for number, kinds in enumerate(takes):
            if number:
                if self.word.kind != ",":
                    self.refuse(N_("A comma is missing before {what}."))
                self.take()
            begun = self.word
            arguments.append(self._value(depth + 1))
            if arguments[-1].kind not in kinds:
                self.refuse(N_("{what} is of a kind that this function does not take."), begun)
        self._close()
        return Call(name, tuple(arguments), gives)
