"""The words of reports: templates in English, put into the report's language by `Say`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from checklists.language import N_, Language, Template, Text, in_language, listed, sentence
from sync_server.pages.labels import label

_LOCALES: Mapping[Language, str] = {"en": "en_GB", "zh-Hant": "zh_Hant_HK"}
MINUS = "−"  # in words and tables that are read; files for programs keep the hyphen
_DATES: Mapping[Language, str] = {"en": "d MMM y", "zh-Hant": "y年M月d日"}

DAYPARTS: Mapping[str, Template] = {
    "09-12": N_("Monday to Friday, 09–12"),
    "12-14": N_("Monday to Friday, 12–14"),
    "14-18": N_("Monday to Friday, 14–18"),
    "18-22": N_("Monday to Friday, 18–22"),
    "night": N_("Monday to Friday, night"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sundays and general holidays"),
}


class Say:
    """Puts words into one language."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone

    def __call__(self, template: Template, **values: object) -> str:
        """Return a sentence."""
        return sentence(template, **values).in_language(self.language)

    def text(self, text: Text) -> str:
        """Return what is kept in both languages."""
        return in_language(text, self.language)

    def listed(self, parts: Iterable[object]) -> str:
        """Return several things, as the language lists them; a dash where there is none."""
        return listed(parts, self.language) or "–"

    def label(self, kind: str, code: str) -> str:
        """Return the words of a code."""
        words = label(kind, code)
        return words.in_language(self.language) if isinstance(words, Template) else words

    def moment(self, at: datetime) -> str:
        """Return a moment to the minute."""
        form = f"{_DATES[self.language]} HH:mm"
        return str(format_datetime(at, form, tzinfo=self.zone, locale=_LOCALES[self.language]))

    def day(self, at: datetime) -> str:
        """Return a day."""
        return str(format_datetime(at, _DATES[self.language], tzinfo=self.zone, locale=_LOCALES[self.language]))

    def on(self, day: str) -> str:
        """Return a day that is kept as text."""
        return self.date(date.fromisoformat(day)) if day else "–"

    def weekday(self, day: str) -> str:
        """Return the day of the week of such a day."""
        return str(format_date(date.fromisoformat(day), "EEEE", locale=_LOCALES[self.language]))

    @property
    def weekdays(self) -> Sequence[str]:
        """Return the days of the week, from Monday."""
        return [self.weekday(date(2024, 1, number).isoformat()) for number in range(1, 8)]

    def seconds(self, value: float) -> str:
        """Return a time as people say it: seconds, from two minutes on minutes, from two hours on hours."""
        if value < 120:
            return self(N_("{n} s"), n=f"{value:.0f}")
        if value < 7200:
            return self(N_("{n} min"), n=f"{value / 60:.1f}")
        return self(N_("{n} h"), n=f"{value / 3600:.1f}")

    def date(self, on: date) -> str:
        """Return a day of the calendar."""
        return str(format_date(on, _DATES[self.language], locale=_LOCALES[self.language]))


def bare(text: str) -> str:
    """Return a sentence without its full stop, to stand within another."""
    return text.rstrip(".。")


def two(value: float | None) -> str:
    """Return a figure to two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}"


def signed(value: float, places: int) -> str:
    """Return a step with its sign, as people read it."""
    return f"{value:+.{places}f}".replace("-", MINUS)


def one(value: float | None) -> str:
    """Return a figure to one decimal; a dash where there is none."""
    return "–" if value is None else f"{value:.1f}"


def percent(part: int, whole: int) -> str:
    """Return a share in whole per cent, half up; a dash of none."""
    return "–" if not whole else f"{(200 * part + whole) // (2 * whole)} %"
