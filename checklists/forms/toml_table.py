"""Reading a table of a data file: each value of the right type, every problem told, none thrown.

A getter that finds something wrong reports it and returns a harmless stand-in, so that one reading tells all problems.
The caller asks `done()` last: whatever was never asked for is a key nobody knows.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from checklists.language import LANGUAGES, N_, Sentence, Text, sentence
from checklists.number import NotANumberError, exact
from checklists.problems import Problem

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}", re.ASCII)
MAX_BYTES = 1_000_000

NO_TEXT: Text = {"en": "?", "zh-Hant": "?"}

Word = TypeVar("Word", bound=StrEnum)


class Problems:
    """What was found wrong so far, in the order found."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.places: dict[str, str] = {}  # how each thing that was read is named, for checks across files

    def add(self, place: str, code: str, template: str, **values: object) -> None:
        """Tell one problem at `place`; `template` is marked with N_ by the caller."""
        self.found.append(Problem(place=place, code=code, message=sentence(template, **values)))


def parse(raw: bytes, place: str, problems: Problems) -> Mapping[str, Any] | None:
    """Return the file's tables with decimals kept exact, or None, told as a problem, when it is not TOML."""
    if len(raw) > MAX_BYTES:
        problems.add(
            place, "file-too-big", N_("over {limit} bytes; a file of this kind is far smaller."), limit=MAX_BYTES
        )
        return None
    try:
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.add(place, "not-utf8", N_("line {line} is not UTF-8 text; save the file as UTF-8."), line=line)
    except tomllib.TOMLDecodeError as error:
        problems.add(place, "not-toml", N_("not readable: {reason}. Correct the file there."), reason=str(error))
    except RecursionError:
        problems.add(place, "not-toml", N_("nested too deep; write it flat, as the other files are."))
    return None


class Table:
    """One table at `place` ("phone_in.toml: PA2")."""

    def __init__(self, held: Mapping[str, Any], place: str, problems: Problems) -> None:
        self._held = held
        self._asked: set[str] = set()
        self.place = place
        self.problems = problems

    def __contains__(self, key: str) -> bool:
        return key in self._held

    def tell(self, code: str, template: str, **values: object) -> None:
        """Tell a problem of this table."""
        self.problems.add(self.place, code, template, **values)

    def peek(self, key: str) -> object:
        """Return whatever stands under `key`, unchecked and not counted as asked for."""
        return self._held.get(key)

    def holds(self, key: str, kind: type) -> bool:
        """Whether a value of exactly this type stands under `key`."""
        return type(self._held.get(key)) is kind

    def is_word(self, key: str, word: str) -> bool:
        """Whether exactly `word` stands under `key`; then the key counts as asked for."""
        if self._held.get(key) != word:
            return False
        self._asked.add(key)
        return True

    def done(self) -> None:
        """Tell every key nobody asked for, with the nearest one that is known."""
        for key in self._held:
            if key not in self._asked:
                self.tell("key-unknown", N_('"{key}" is not known here; {remedy}.'), key=key, remedy=self._nearest(key))

    def _nearest(self, key: str) -> Sentence:
        near = difflib.get_close_matches(key, sorted(self._asked), n=1)
        if near:
            return sentence(N_('write "{key}" or remove it'), key=near[0])
        return sentence(N_("remove it"))

    def _get(self, key: str, kind: type, name: str, *, required: bool) -> Any:
        self._asked.add(key)
        value = self._held.get(key)
        if value is None:
            if required:
                self.tell("key-missing", N_('"{key}" is missing; add it, as {kind}.'), key=key, kind=sentence(name))
            return None
        if type(value) is not kind:
            self.tell("wrong-type", N_('"{key}" is not {kind}; write it so.'), key=key, kind=sentence(name))
            return None
        return value

    def whole(self, key: str, *, least: int, required: bool = True) -> int:
        """Return a whole number of at least `least`; `least` when it is absent."""
        value = self._get(key, int, N_("a whole number"), required=required)
        if value is not None and not least <= value < 10**9:
            self.tell(
                "number-out-of-range",
                N_('"{key}" is {value}; write {least} or more.'),
                key=key,
                value=value,
                least=least,
            )
            return least
        return least if value is None else int(value)

    def flag(self, key: str) -> bool:
        """Return true or false; false when it is absent."""
        return bool(self._get(key, bool, N_("true or false"), required=False))

    def string(self, key: str, *, required: bool = True) -> str | None:
        """Return words as they stand."""
        value = self._get(key, str, N_("text in quotes"), required=required)
        return None if value is None else str(value)

    def name(self, key: str, pattern: re.Pattern[str] = CODE, *, required: bool = True) -> str:
        """Return a permanent name: snake_case by default; "?" when there is none."""
        value = self.string(key, required=required)
        if value is None:
            return "?"
        if not pattern.fullmatch(value) or value == "na":
            template = N_(
                '"{value}" cannot be a {key}; use plain letters, digits and "_", beginning with a letter, and not "na".'
            )
            self.tell("name-unfit", template, value=value[:60], key=key)
        return value

    def one_of(self, key: str, words: type[Word]) -> Word:
        """Return one of an enum's words; its first when something is wrong."""
        value = self.string(key)
        allowed = [word.value for word in words]
        if value is not None and value not in allowed:
            template = N_('"{value}" is not a {key}; write one of {allowed}.')
            self.tell("word-unknown", template, value=value[:60], key=key, allowed=", ".join(allowed))
        return words(value) if value in allowed else next(iter(words))

    def names(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of text."""
        value = self._get(key, list, N_("a list of text"), required=required)
        if value is None:
            return ()
        if not all(type(one) is str for one in value):
            self.tell(
                "wrong-type", N_('"{key}" is not {kind}; write it so.'), key=key, kind=sentence(N_("a list of text"))
            )
            return ()
        return tuple(value)

    def share(self, key: str, *, required: bool = True) -> Fraction:
        """Return a share of the points, 0..1, exactly as written."""
        if not required and key not in self:
            return Fraction(0)
        value = self.number(key)
        if value is not None and not 0 <= value <= 1:
            self.tell(
                "share-out-of-range",
                N_('"{key}" is {value}; write a number from 0 to 1.'),
                key=key,
                value=self._held[key],
            )
        return value or Fraction(0)

    def number(self, key: str) -> Fraction | None:
        """Return an exact number, written as 3, 0.6 or "1/3"."""
        self._asked.add(key)
        value = self._held.get(key)
        if value is None:
            self.tell(
                "key-missing", N_('"{key}" is missing; add it, as {kind}.'), key=key, kind=sentence(N_("a number"))
            )
            return None
        try:
            if type(value) not in (int, str, Decimal):
                raise NotANumberError(type(value).__name__)
            return exact(value)
        except NotANumberError:
            template = N_('"{key}" is not a number; write it as 3, 0.6 or "1/3".')
            self.tell("wrong-type", template, key=key)
            return None

    def text(self, key: str, *, required: bool = True) -> Text | None:
        """Return a sentence in every language."""
        table = self.table(key, required=required, name=N_("text in each language"))
        if table is None:
            return NO_TEXT if required else None
        found = table.languages(self.place, key)
        table.done()
        return found

    def languages(self, place: str, key: str, *, path: str | None = None) -> Text:
        """Return this table's languages; a missing one is told at `place`, where `path` stands before its name."""
        words: dict[str, str] = {}
        for language in LANGUAGES:
            value = self._held.get(language)
            self._asked.add(language)
            if not isinstance(value, str) or not value.strip():
                template = N_('"{key}" has no words in "{language}"; add {path}.')
                where = f"{key}.{language}" if path is None else path + language
                self.problems.add(place, "translation-missing", template, key=key, language=language, path=where)
            words[language] = value if isinstance(value, str) else "?"
        return words

    def table(self, key: str, *, required: bool = False, name: str = N_("a table")) -> Table | None:
        """Return the table under `key`."""
        value = self._get(key, dict, name, required=required)
        return None if value is None else Table(value, self.place, self.problems)

    def tables(self, key: str, *, required: bool = False) -> Sequence[Table]:
        """Return the list of tables under `key`; each still has to be given its own place."""
        value = self._get(key, list, N_("a list of tables"), required=required)
        if value is None:
            return ()
        if not all(type(one) is dict for one in value):
            self.tell(
                "wrong-type", N_('"{key}" is not {kind}; write it so.'), key=key, kind=sentence(N_("a list of tables"))
            )
            return ()
        return [Table(one, self.place, self.problems) for one in value]

    def keys(self) -> Collection[str]:
        """Return every key, all of them counted as known: for a table whose keys are data."""
        self._asked.update(self._held)
        return self._held.keys()


def tell_repeated(table: Table, names: Sequence[str], what: str) -> None:
    """Tell each of `names` that stands more than once; "?" is a name already told as missing."""
    for name in dict.fromkeys(name for name in names if name != "?" and names.count(name) > 1):
        table.tell(
            "repeated", N_('{what} "{name}" stands more than once; give each its own.'), what=sentence(what), name=name
        )
