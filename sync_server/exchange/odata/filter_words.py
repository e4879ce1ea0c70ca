"""The words of a `$filter`, each with its place: literals, names, operators, brackets.

ODF-1  A text stands in single quotes, two of them inside for one. A moment is ISO 8601 with its zone, a day without a
       time; a space in a zone is the plus that an address lost.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple

from checklists.language import N_, Sentence, sentence
from sync_server.database.columns import moment_text
from sync_server.database.queries.narrowing import Constant, Kind


class QueryError(Exception):
    """What was asked cannot be read, or is not offered (`is_offered` false): where, and why."""

    def __init__(self, place: str, message: Sentence, *, is_offered: bool = True) -> None:
        super().__init__(place, message)
        self.place = place
        self.message = message
        self.is_offered = is_offered


class Word(NamedTuple):
    """One word: `kind` is "name", "constant", "(", ")", ",", ":" or "end"; `at` is its first letter's place, from 1."""

    kind: str
    text: str
    at: int
    constant: Constant | None = None


_WORDS = re.compile(
    r"""(?P<space>[ \t]+)
    |(?P<text>'(?:[^']|'')*')
    |(?P<moment>[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](?::[0-9][0-9](?:\.[0-9]{1,12})?)?
        (?:Z|[+\- ][0-9][0-9]:[0-9][0-9]))
    |(?P<day>[0-9]{4}-[0-9][0-9]-[0-9][0-9])(?![0-9T])
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w])
    |(?P<name>[A-Za-z_][\w/]*)
    |(?P<mark>[(),:])""",
    re.VERBOSE,
)
_SIMPLE = {"null": Constant(None, None), "true": Constant(True, Kind.FLAG), "false": Constant(False, Kind.FLAG)}
_SUBSECONDS = re.compile(r"(\.[0-9]{6})[0-9]+")
MOST_DIGITS = 18
ELSEWHERE = frozenset("@$.[{*-")  # aliases, counts, types, lists, objects, and a minus before a field begin so


def words_of(text: str) -> list[Word]:
    """Return the words of `text`, and "end" as the last. Raises QueryError."""
    words: list[Word] = []
    start = 0
    while start < len(text):
        found = _WORDS.match(text, start)
        if found is None:
            raise QueryError(
                f"$filter, {start + 1}",
                sentence(
                    N_("{what} cannot be read here. Texts stand in single quotes."), what=text[start : start + 20]
                ),
                is_offered=text[start] not in ELSEWHERE,
            )
        kind, held = str(found.lastgroup), found[0]
        if kind == "mark":
            words.append(Word(held, held, start + 1))
        elif kind == "name" and held.lower() not in _SIMPLE:
            words.append(Word("name", held, start + 1))
        elif kind != "space":
            words.append(Word("constant", held, start + 1, _constant(kind, held, start + 1)))
        start = found.end()
    return [*words, Word("end", "", len(text) + 1)]


def _constant(kind: str, held: str, at: int) -> Constant:
    try:
        match kind:
            case "text":
                return Constant(held[1:-1].replace("''", "'"), Kind.TEXT)
            case "moment":
                written = _SUBSECONDS.sub(r"\1", held.replace(" ", "+"))
                return Constant(moment_text(datetime.fromisoformat(written)), Kind.MOMENT)
            case "day":
                return Constant(date.fromisoformat(held).isoformat(), Kind.DAY)
            case "number":
                is_whole = held.isascii() and held.lstrip("-").isdigit()
                if is_whole and len(held) <= MOST_DIGITS:
                    return Constant(int(held), Kind.INTEGER)
                number = float(held)
                if number in {float("inf"), float("-inf")}:
                    raise OverflowError(held)
                return Constant(number, Kind.NUMBER)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            f"$filter, {at}", sentence(N_("{what} is no moment, day or number that there is."), what=held)
        ) from error
    return _SIMPLE[held.lower()]
