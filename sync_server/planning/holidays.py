"""The general holidays of Hong Kong, as the library `holidays` keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from checklists.language import Text


def general_holidays(first: date, last: date) -> tuple[date, ...]:
    """Return the general holidays from `first` to `last`, in order."""
    return tuple(holiday_names(first, last))


def holiday_names(first: date, last: date) -> Mapping[date, Text]:
    """Return what each general holiday from `first` to `last` is called, in order; two on a day are both named."""
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in _of_year(year).items() if first <= day <= last}


@lru_cache(maxsize=16)  # a copy asks for the day of each of its visits
def _of_year(year: int) -> Mapping[date, Text]:
    import holidays  # noqa: PLC0415 - half a second, and a plan alone needs it

    # General holidays are the statutory ones and those that banks and schools keep besides, Good Friday among them.
    english, chinese = (
        holidays.country_holidays("HK", years=year, categories=("public", "optional"), language=language)
        for language in ("en_HK", "zh_HK")
    )
    return {day: {"en": english[day], "zh-Hant": chinese[day]} for day in sorted(english) if day.year == year}
