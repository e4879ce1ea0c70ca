"""The general holidays of Hong Kong, as the library `holidays` keeps them."""

from __future__ import annotations

from datetime import date


def general_holidays(first: date, last: date) -> tuple[date, ...]:
    """Return the general holidays from `first` to `last`, in order."""
    import holidays  # noqa: PLC0415 - half a second, and a plan alone needs it

    years = range(first.year, last.year + 1)
    # General holidays are the statutory ones and those that banks and schools keep besides, Good Friday among them.
    kept = holidays.country_holidays("HK", years=years, categories=("public", "optional"))
    return tuple(sorted(day for day in kept if first <= day <= last))
