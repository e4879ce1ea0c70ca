"""Words a person reads: bilingual data, and sentences made by rules that are put into a language only when shown.

A rule never returns finished English: it returns a `Sentence` (an English template marked with `N_`, and its values),
so that one finding can be read in either language, and switched at once.

LNG-1  A sentence is translated by the catalogue of the package whose module wrote its template, whoever shows it.
LNG-2  A template that no module marked cannot become a sentence.
LNG-3  A sentence kept before sentences knew their package is looked for in every catalogue there is.
LNG-4  A terminal reads the language of the strongest locale variable that is set; any Chinese is Traditional Chinese
       here, and every other language English.
LNG-5  Several things within one sentence are listed as its language lists them, whatever made the sentence.
"""

from __future__ import annotations

import gettext
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Language = Literal["en", "zh-Hant"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant")

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the strongest first

# A sentence in every language, as data files hold it: {"en": "...", "zh-Hant": "..."}.
Text = Mapping[str, str]
Translate = Callable[[str], str]


def in_language(text: Text, language: Language) -> str:
    """Return `text` in `language`, or in English where that is missing."""
    return text.get(language) or text["en"]


def language_of_environment(environment: Mapping[str, str]) -> Language:
    """Return the language of a terminal with these variables, as in "zh_HK.UTF-8" (LNG-4)."""
    locale = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    spoken = re.split(r"[^a-z]", locale.lower(), maxsplit=1)[0]
    return "zh-Hant" if spoken == "zh" else "en"


class Template(str):
    """An English template, and the package whose catalogue translates it. Only `N_` makes one."""

    package: str
    __slots__ = ("package",)

    def in_language(self, language: Language) -> str:
        """Return the words in `language`; places to fill stay as they are."""
        return translator(self.package, language)(str(self))


def N_(template: str) -> Template:  # noqa: N802 - gettext's own name for "translate later", known to extractors
    """Mark `template` for translation without translating it.

    The package is that of the calling module, as `warnings` finds it: so no module can mark its words as another's.
    """
    marked = Template(template)
    marked.package = str(sys._getframe(1).f_globals.get("__package__") or "").partition(".")[0]  # noqa: SLF001 - see above
    return marked


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence for a person: an English `template` with `{named}` places, and the `values` that fill them.

    A value may itself be a Sentence or a bilingual `Text`, or several in a tuple; it is put into the same language.
    `package` is whose catalogue has it; empty in sentences kept before there was such a field.
    """

    template: str
    values: Mapping[str, object] = {}
    package: str = ""

    def in_language(self, language: Language) -> str:
        """Return the sentence in `language`."""
        if not self.template:
            return ""  # a catalogue keeps its own header under the empty template
        values = {name: _in_language(value, language) for name, value in self.values.items()}
        return translator(self.package, language)(self.template).format(**values)

    def __str__(self) -> str:
        return self.in_language("en")


NOTHING = Sentence(template="")


class SentenceError(Exception):
    """An error that a person reads: `message` says what is wrong and what to do."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


def sentence(template: Template, **values: object) -> Sentence:
    """Build a Sentence: `sentence(N_("{count} left"), count=2)`."""
    if not isinstance(template, Template):
        raise TypeError(f"{template!r} is not marked with N_: nobody could translate it")
    return Sentence(template=str(template), values=values, package=template.package)


def listed(parts: Iterable[object], language: Language) -> str:
    """Return `parts` in `language`, one after the other as it lists them (LNG-5)."""
    return ("、" if language == "zh-Hant" else ", ").join(str(_in_language(part, language)) for part in parts)


def _in_language(value: object, language: Language) -> object:
    if isinstance(value, Sentence):
        return value.in_language(language)
    if isinstance(value, Mapping):
        return in_language(value, language)
    if isinstance(value, tuple | list):  # a list is a tuple that was kept and read again
        return listed(value, language)
    return value


@cache
def translator(package: str, language: Language) -> Translate:
    """Return the translating function of `package`'s catalogue (`<package>/locale`), English source for "en".

    Raises:
        FileNotFoundError: the catalogue is not compiled; `python .build/catalogues.py` does it.
    """
    if language == "en":
        return str
    if not package:
        return _any_catalogue(language)
    folder = Path(__file__).parent.parent / package / "locale"
    return gettext.translation(package, folder, languages=[language.replace("-", "_")]).gettext


def _any_catalogue(language: Language) -> Translate:
    """Return what translates old sentences: the first catalogue that has one. A phone has none of the server's."""
    folder = Path(__file__).parent.parent
    packages = [name for name in ("sync_server", "fieldapp", "checklists") if (folder / name / "locale").is_dir()]

    def translate(template: str) -> str:
        words = (translator(package, language)(template) for package in packages)
        return next((translated for translated in words if translated != template), template)

    return translate
