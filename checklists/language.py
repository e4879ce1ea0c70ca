"""Words a person reads: bilingual data, and sentences made by rules that are put into a language only when shown.

A rule never returns finished English: it returns a `Sentence` (an English template marked with `N_`, and its values),
so that one finding can be read in either language, and switched at once.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Language = Literal["en", "zh-Hant"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant")

# A sentence in every language, as data files hold it: {"en": "...", "zh-Hant": "..."}.
Text = Mapping[str, str]
Translate = Callable[[str], str]


def in_language(text: Text, language: Language) -> str:
    """Return `text` in `language`, or in English where that is missing."""
    return text.get(language) or text["en"]


def N_(template: str) -> str:  # noqa: N802 - gettext's own name for "translate later", known to extractors
    """Mark `template` for translation without translating it."""
    return template


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence for a person: an English `template` with `{named}` places, and the `values` that fill them.

    A value may itself be a Sentence or a bilingual `Text`; it is put into the same language.
    """

    template: str
    values: Mapping[str, object] = {}

    def in_language(self, language: Language, translate: Translate | None = None) -> str:
        """Return the sentence in `language`. `translate` defaults to the catalogue of `checklists`."""
        translate = translate or translator("checklists", language)
        return translate(self.template).format(**{k: _value(v, language, translate) for k, v in self.values.items()})

    def __str__(self) -> str:
        return self.in_language("en")


class SentenceError(Exception):
    """An error that a person reads: `message` says what is wrong and what to do."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


def sentence(template: str, **values: object) -> Sentence:
    """Build a Sentence: `sentence(N_("{count} left"), count=2)`."""
    return Sentence(template=template, values=values)


def _value(value: object, language: Language, translate: Translate) -> object:
    if isinstance(value, Sentence):
        return value.in_language(language, translate)
    if isinstance(value, Mapping):
        return in_language(value, language)
    return value


@cache
def translator(package: str, language: Language) -> Translate:
    """Return the translating function of `package`'s catalogue (`<package>/locale`), English source for "en".

    Raises:
        FileNotFoundError: the catalogue is not compiled; `python .build/catalogues.py` does it.
    """
    if language == "en":
        return str
    folder = Path(__file__).parent.parent / package / "locale"
    return gettext.translation(package, folder, languages=[language.replace("-", "_")]).gettext
