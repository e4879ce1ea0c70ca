"""A day and a moment as people write them, in both languages: what a sentence says of a date.

DAY-1  A sentence says "3 Sept 2026" and 2026年9月3日. ISO's 2026-09-03 is for tables, files and fields, where the order
       of text is to be that of days, and for what somebody is to type.

A page writes days in the same way, and a phone, which has no other means to.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from checklists.language import Text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")


def day_words(on: date | str) -> Text:
    """Return a day, which as text is ISO's, in every language (DAY-1)."""
    if isinstance(on, str):
        on = date.fromisoformat(on)
    return {
        "en": f"{on.day} {_MONTHS[on.month - 1]} {on.year}",
        "zh-Hant": f"{on.year}年{on.month}月{on.day}日",
    }


def moment_words(at: datetime, zone: tzinfo | None = None, *, seconds: bool = False) -> Text:
    """Return a moment in a zone, or in its own, to the minute or to the second, in every language (DAY-1)."""
    local = at if zone is None else at.astimezone(zone)
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return {language: f"{words} {time}" for language, words in day_words(local.date()).items()}
