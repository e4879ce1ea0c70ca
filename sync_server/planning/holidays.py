"""The general holidays of Hong Kong, as the library `holidays` keeps them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


def general_holidays(first: date, last: date) -> tuple[date, ...]:
    """Return the general holidays from `first` to `last`, in order."""
    years = range(first.year, last.year + 1)
    return tuple(day for year in years for day in _of_year(year) if first <= day <= last)


@lru_cache(maxsize=16)  # a copy asks for the day of each of its visits
def _of_year(year: int) -> tuple[date, ...]:
    import holidays  # noqa: PLC0415 - half a second, and a plan alone needs it

    # General holidays are the statutory ones and those that banks and schools keep besides, Good Friday among them.
    kept = holidays.country_holidays("HK", years=year, categories=("public", "optional"))
    return tuple(sorted(day for day in kept if day.year == year))
