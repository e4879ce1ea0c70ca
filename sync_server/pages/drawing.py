"""Pages: one Jinja environment a language, and what every template may use.

A template prints; it gets values that a query or a small dataclass prepared. Every sentence goes through `_`, every
bilingual text through `text`, every code through `label`, every moment through `moment`.

FORM-1  Enter decides nothing: a form that decides begins with `decides(reader)`, whose first button nobody can press.
        Only forms that ask who somebody is (`token(reader)`) are sent by Enter.
GAP-1   No space stands after a full-width mark: it has its own. What is in attributes and in fields of text is
        somebody's, and stays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.support import Translations
from jinja2 import Environment, PackageLoader, StrictUndefined

from checklists.index.figures import in_brackets
from checklists.language import LANGUAGES, Language, Sentence, Template, in_language, listed
from checklists.number import decimal_text, shown
from sync_server.database.queries.editions import EditionRow
from sync_server.pages import labels
from sync_server.pages.desk_notices import NO_NOTICES, DeskNotices
from sync_server.pages.navigation import Group, group_of, visible_to
from sync_server.pages.switcher import ListedEdition
from sync_server.people.permissions import Role, permits
from sync_server.people.sessions import Session

STATIC = Path(__file__).parent / "static"
LOCALES: Mapping[Language, str] = {"en": "en_GB", "zh-Hant": "zh_Hant_HK"}
THEMES = ("auto", "light", "dark")
_GAP = re.compile(r"([。！？])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a page, and how. `csrf` goes into every form; `query` is the address after the path, with its "?"."""

    session: Session | None
    language: Language
    theme: str
    csrf: str
    path: str
    zone: ZoneInfo
    query: str = ""
    typed: Mapping[str, str] | None = None  # what was typed here before the session ended (KEPT-4)
    notices: DeskNotices = NO_NOTICES
    edition: EditionRow | None = None  # whose name, organiser and contact stand under every page
    editions: tuple[ListedEdition, ...] = ()  # of this server, where it has several and the office reads

    @property
    def role(self) -> Role:
        """The role that the table of permissions is asked with."""
        return self.session.account.role if self.session else Role.VISITOR

    @property
    def navigation(self) -> tuple[Group, ...]:
        """The pages in the bar."""
        return visible_to(self.role) if self.session else ()

    @property
    def group(self) -> Group | None:
        """The group of the page that is read, if it is one of the navigation."""
        return group_of(self.path, self.navigation)

    def may(self, method: str, path_template: str) -> bool:
        """Say whether this reader may call a route, so that a page offers only what works."""
        return permits(method, path_template, self.role)


def render(reader: Reader, template: str, **values: Any) -> str:
    """Return the page for this reader. Every name a template uses must be given.

    `typed`, `problem` and `meanwhile` are what a refused form gives. `zone` is the reader's, unless the page gives the
    season's because its figures rest on it.
    """
    given = {"reader": reader, "zone": reader.zone, "typed": reader.typed or {}, "problem": None, "meanwhile": ()}
    drawn = _environment(reader.language).get_template(template).render(given | values)
    return drawn if reader.language == "en" else closed_up(drawn)


def closed_up(drawn: str) -> str:
    """Return a Chinese page without the spaces that its template puts between two sentences (GAP-1)."""

    def gap(found: re.Match[str]) -> str:
        before = drawn[: found.start()] if "<textarea" in drawn else ""
        is_typed = before.rfind("<textarea") > before.rfind("</textarea")
        is_text = drawn.rfind("<", 0, found.start()) < drawn.rfind(">", 0, found.start())
        return found[1] if is_text and not is_typed else found[0]

    return _GAP.sub(gap, drawn)


def translated(reader: Reader, template: str) -> str:
    """Return words marked with `N_` in the reader's language; others (a code without a label) as they are."""
    return template.in_language(reader.language) if isinstance(template, Template) else template


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("sync_server.pages", "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters["in_brackets"] = in_brackets
    environment.filters["listed"] = partial(listed, language=language)
    environment.filters["capitalised"] = lambda words: words[:1].upper() + words[1:]
    environment.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]

    def text(value: Mapping[str, str] | None) -> str:
        return "" if not value else in_language(value, language)

    def say(value: Sentence | Mapping[str, str] | str | None) -> str:
        if isinstance(value, Mapping):
            return text(value)
        if isinstance(value, Sentence):
            return value.in_language(language)
        if isinstance(value, Template):
            return value.in_language(language)
        return value or ""

    def words(value: Sentence | Mapping[str, str] | str | None) -> str:
        # Somebody's own words stay theirs, even where the catalogue knows them.
        return value if isinstance(value, str) else say(value)

    def ago(at: datetime | None, now: datetime) -> str:
        if at is None:
            return ""
        return format_timedelta(min(at - now, timedelta(0)), add_direction=True, locale=LOCALES[language])

    environment.globals.update(
        language=language,
        language_tag="zh-Hant-HK" if language == "zh-Hant" else "en",
        languages={code: "繁體中文" if code == "zh-Hant" else "English" for code in LANGUAGES},
        themes=THEMES,
        label=lambda kind, code: say(labels.label(kind, str(code))),
        tone=lambda kind, code: labels.tone(kind, str(code)),
        static=static_address,
        text=text,
        say=say,
        words=words,
        moment=partial(_moment, language),
        day=partial(_day, language),
        until=partial(_until, language),
        on=partial(_on, language),
        ago=ago,
        two=lambda score: "" if score is None else shown(score),
        plain=decimal_text,
    )
    return environment


def _moment(language: Language, at: datetime | None, zone: ZoneInfo, form: str = "d MMM y HH:mm") -> str:
    return "" if at is None else format_datetime(at, _form(form, language), tzinfo=zone, locale=LOCALES[language])


def _day(language: Language, on: date | str) -> str:
    """Return a day as people write it; as text it is ISO's, which tables keep where the order of text is to be that."""
    if isinstance(on, str):
        on = date.fromisoformat(on)
    return format_date(on, _form("d MMM y", language), locale=LOCALES[language])


def _until(language: Language, at: datetime, zone: ZoneInfo, form: str) -> str:
    """Return an exclusive end as people say it, and as the phone does: midnight is 24:00 of the day before."""
    if at.astimezone(zone).time() == time.min:
        return _moment(language, at - timedelta(minutes=1), zone, form.replace("HH:mm", "'24:00'"))
    return _moment(language, at, zone, form)


def _on(language: Language, day: date, form: str) -> str:
    """Return a day, or what `form` says of it: its month, its weekday."""
    return format_date(day, _form(form, language), locale=LOCALES[language])


def _form(form: str, language: Language) -> str:
    if language == "en":
        return form
    return (
        form.replace("MMMM y", "y年M月")
        .replace("d MMM y", "y年M月d日")
        .replace("EEE d MMM", "M月d日 EEE")
        .replace("d MMM", "M月d日")
    )


def _translations(language: Language) -> Translations:
    if language == "en":
        return Translations()
    folder = Path(__file__).parents[1] / "locale"
    loaded = Translations.load(folder, [LOCALES[language].rsplit("_", 1)[0]], "sync_server")
    if not isinstance(loaded, Translations):
        raise FileNotFoundError("the catalogue is not compiled: run `python .build/catalogues.py`")
    return loaded


@cache
def static_address(name: str) -> str:
    """Return the address of a static file, with its content's hash, so that a browser keeps it until it changes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
