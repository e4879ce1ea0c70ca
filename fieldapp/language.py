"""The language of the screen, one per open app, switched at once. English is the source; zh_Hant comes from gettext.

Each session of the app has its own language: in server mode many people share one process.
"""

from __future__ import annotations

import flet as ft

from checklists.language import Language, Sentence, Template, Text, in_language, translator
from fieldapp.of_page import OfPage

NAMES: dict[Language, str] = {"en": "English", "zh-Hant": "繁體中文"}

# What the toolkit's own words ("Back", "Close") are spoken in.
LOCALES: dict[Language, ft.Locale] = {"en": ft.Locale("en"), "zh-Hant": ft.Locale("zh", "HK", "Hant")}

_spoken = OfPage[Language]()
_outside: list[Language] = ["en"]


def _page() -> ft.Page | None:
    try:
        return ft.context.page
    except RuntimeError:
        return None


def speak(language: Language) -> None:
    """Use `language` from now on in this session (or, outside any session, in this process)."""
    page = _page()
    if page is None:
        _outside[0] = language
    else:
        _spoken.put(page, language)


def speak_locale(page: ft.Page, language: Language) -> None:
    """Let the toolkit's own words follow, unless they do: it draws everything anew for them."""
    configured = page.locale_configuration
    if configured is not None and configured.current_locale == LOCALES[language]:
        return
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=list(LOCALES.values()), current_locale=LOCALES[language]
    )


def spoken() -> Language:
    """Return the language this session reads."""
    page = _page()
    return (_spoken.get(page) if page is not None else None) or _outside[0]


def _(message: str) -> str:
    """Return `message`, an English sentence of the app or a label marked elsewhere, in the language spoken."""
    if isinstance(message, Template):
        return message.in_language(spoken())
    return translator("fieldapp", spoken())(message)


def fill(message: str, **values: object) -> str:
    """Return `_(message)` with its `{named}` places filled. The msgid must be marked with `N_` or `_`."""
    return _(message).format(**values)


def say(sentence: Sentence) -> str:
    """Return a sentence, of a rule or of the app, in the language spoken."""
    return sentence.in_language(spoken())


def read(text: Text) -> str:
    """Return a bilingual text of the data (a question, a scenario) in the language spoken."""
    return in_language(text, spoken())
