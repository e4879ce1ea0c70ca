"""The process that asks the library of holidays: `python -m sync_server.planning.holidays_child`, a year in, JSON out.

For one place the library loads those of 250 countries: 20 MB, which stay.
"""

from __future__ import annotations

import sys

import holidays
import msgspec


def main() -> None:
    """Write what each general holiday of a year is called, in order, in both languages."""
    year = int(sys.stdin.buffer.read())
    # General holidays are the statutory ones and those that banks and schools keep besides, Good Friday among them.
    english, chinese = (
        holidays.country_holidays("HK", years=year, categories=("public", "optional"), language=language)
        for language in ("en_HK", "zh_HK")
    )
    named = {day: {"en": english[day], "zh-Hant": chinese[day]} for day in sorted(english) if day.year == year}
    sys.stdout.buffer.write(msgspec.json.encode(named))


if __name__ == "__main__":
    main()
