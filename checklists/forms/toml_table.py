"""The tables of a form's TOML file: each field read by its type, into a harmless stand-in where it does not fit.

Here a problem's place is its table ("phone_in.toml: PA2"), and its sentence names the key.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from checklists.fields import Fields
from checklists.forms.expression import Expression, expression
from checklists.language import LANGUAGES, N_, Template, Text, sentence
from checklists.number import NotANumberError, exact
from checklists.problems import Misfit, Problems

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}", re.ASCII)
MAX_BYTES = 1_000_000

NO_TEXT: Text = {"en": "?", "zh-Hant": "?"}
A_TABLE, TEXT_IN_EACH_LANGUAGE = N_("a table"), N_("text in each language")

Word = TypeVar("Word", bound=StrEnum)


def parse(raw: bytes, place: str, problems: Problems) -> Mapping[str, Any] | None:
    """Return the file's tables with decimals kept exact; None, reported as a problem, when it is not TOML."""
    if len(raw) > MAX_BYTES:
        template = N_("over {limit} bytes; a file of this kind is far smaller.")
        problems.add(place, "file-too-big", template, limit=MAX_BYTES)
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


class Table(Fields):
    """One table at `place`, which a part of the form may still name more closely."""

    place: str

    def __init__(self, raw: Mapping[str, Any], place: str, problems: Problems) -> None:
        super().__init__(raw, place, problems)

    def at(self, key: str) -> str:
        """Return the table's own place: the sentence names the key."""
        del key
        return self.place

    def report(self, code: str, template: Template, **values: object) -> None:
        """Report a problem of this table."""
        self.problems.add(self.place, code, template, **values)

    def report_repeated(self, names: Sequence[str], what: Template) -> None:
        """Report each of `names` that stands more than once; "?" is a name already reported as missing."""
        for name in dict.fromkeys(name for name in names if name != "?" and names.count(name) > 1):
            template = N_('{what} "{name}" stands more than once; give each its own.')
            self.report("repeated", template, what=sentence(what), name=name)

    def report_unread(self) -> None:
        """Report every key that nobody read, with the nearest one that was."""
        for key in self.unread():
            near = difflib.get_close_matches(key, sorted(self.keys_read), n=1)
            remedy = sentence(N_('write "{key}" or remove it'), key=near[0]) if near else sentence(N_("remove it"))
            self.report("key-unknown", N_('"{key}" is not known here; {remedy}.'), key=key, remedy=remedy)

    def is_word(self, key: str, word: str) -> bool:
        """Whether exactly `word` stands under `key`; then the key counts as read."""
        if self.raw.get(key) != word:
            return False
        self.keys_read.add(key)
        return True

    def whole(self, key: str, *, least: int, required: bool = True) -> int:
        """Return a whole number of at least `least`; `least` when it is absent."""

        def read(raw: object) -> int:
            number: int = _typed(int, _A_WHOLE_NUMBER)(raw)
            if least <= number < 10**9:
                return number
            template = N_('"{key}" is {value}; write {least} or more.')
            raise Misfit("number-out-of-range", template, value=number, least=least)

        value = self.take(key, read, _missing(_A_WHOLE_NUMBER, required))
        return least if value is None else value

    def flag(self, key: str) -> bool:
        """Return true or false; false when it is absent."""
        return bool(self.take(key, _typed(bool, N_("true or false"))))

    def string(self, key: str, *, required: bool = True) -> str | None:
        """Return words as they stand."""
        value: str | None = self._typed_value(key, str, N_("text in quotes"), required=required)
        return value

    def name(self, key: str, pattern: re.Pattern[str] = CODE, *, required: bool = True) -> str:
        """Return a permanent name: snake_case by default; "?" when there is none."""
        value = self.string(key, required=required)
        if value is not None and (not pattern.fullmatch(value) or value == "na"):
            template = N_(
                '"{value}" is no {key}; use plain letters, digits and "_", beginning with a letter, and not "na".'
            )
            self.report("name-unfit", template, value=value[:60], key=key)
        return "?" if value is None else value

    def one_of(self, key: str, words: type[Word]) -> Word:
        """Return one of an enum's words; its first when something is wrong."""
        value = self.string(key)
        allowed = [word.value for word in words]
        if value is not None and value not in allowed:
            template = N_('"{value}" is not a {key}; write one of {allowed}.')
            self.report("word-unknown", template, value=value[:60], key=key, allowed=tuple(allowed))
        return words(value) if value in allowed else next(iter(words))

    def names(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of text."""
        return tuple(self._list(key, str, N_("a list of text"), required=required))

    def share(self, key: str, *, required: bool = True) -> Fraction:
        """Return a share of the points, 0..1, exactly as written."""
        if not required and key not in self:
            return Fraction(0)
        value = self.number(key)
        if value is not None and not 0 <= value <= 1:
            template = N_('"{key}" is {value}; write a number from 0 to 1.')
            self.report("share-out-of-range", template, key=key, value=self.raw[key])
        return value or Fraction(0)

    def number(self, key: str) -> Fraction | None:
        """Return an exact number, written as 3, 0.6 or "1/3"."""
        return self.take(key, _number, _missing(N_("a number")))

    def expression(self, key: str, *, required: bool = False) -> Expression | None:
        """Return a condition, or what works out a value."""
        return self.take(key, expression, _missing(N_("a condition"), required))

    def text(self, key: str, *, required: bool = True) -> Text | None:
        """Return a sentence in every language."""
        table = self.table(key, required=required, name=TEXT_IN_EACH_LANGUAGE)
        if table is None:
            return NO_TEXT if required else None
        words = table.languages(self.place, key)
        table.report_unread()
        return words

    def languages(self, place: str, key: str, *, path: str | None = None) -> Text:
        """Return this table's languages. A missing one is reported at `place`; `path` stands before its name there."""
        words: dict[str, str] = {}
        for language in LANGUAGES:
            value = self.raw.get(language)
            self.keys_read.add(language)
            if not isinstance(value, str) or not value.strip():
                template = N_('"{key}" has no words in "{language}"; add {path}.')
                where = f"{key}.{language}" if path is None else path + language
                self.problems.add(place, "translation-missing", template, key=key, language=language, path=where)
            words[language] = value if isinstance(value, str) else "?"
        return words

    def table(self, key: str, *, required: bool = False, name: Template = A_TABLE) -> Table | None:
        """Return the table under `key`."""
        value = self._typed_value(key, dict, name, required=required)
        return None if value is None else Table(value, self.place, self.problems)

    def tables(self, key: str, *, required: bool = False) -> Sequence[Table]:
        """Return the list of tables under `key`; each still has to be given its own place."""
        tables = self._list(key, dict, N_("a list of tables"), required=required)
        return [Table(table, self.place, self.problems) for table in tables]

    def keys(self) -> Collection[str]:
        """Return every key, all of them counted as read: for a table whose keys are data."""
        self.keys_read.update(self.raw)
        return self.raw.keys()

    def _typed_value(self, key: str, kind: type, name: Template, *, required: bool) -> Any:
        return self.take(key, _typed(kind, name), _missing(name, required))

    def _list(self, key: str, kind: type, name: Template, *, required: bool) -> Sequence[Any]:
        def read(raw: object) -> Sequence[Any]:
            return [_typed(kind, name)(item) for item in _typed(list, name)(raw)]

        return self.take(key, read, _missing(name, required)) or ()


_A_WHOLE_NUMBER = N_("a whole number")


def _missing(name: Template, required: bool = True) -> Misfit | None:
    template = N_('"{key}" is missing; add it, as {kind}.')
    return Misfit("key-missing", template, kind=sentence(name)) if required else None


def _typed(kind: type, name: Template) -> Callable[[object], Any]:
    """Return the reader of a value of exactly this type."""

    def read(raw: object) -> Any:
        if type(raw) is kind:
            return raw
        raise Misfit("wrong-type", N_('"{key}" is not {kind}; write it so.'), kind=sentence(name))

    return read


def _number(raw: object) -> Fraction:
    if isinstance(raw, (int, str, Decimal)) and not isinstance(raw, bool):
        try:
            return exact(raw)
        except NotANumberError:
            pass
    raise Misfit("wrong-type", N_('"{key}" is not a number; write it as 3, 0.6 or "1/3".'))
