"""The general holidays of Hong Kong, as the library `holidays` keeps them: a process tells those of a year, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import msgspec

from checklists.language import Text
from sync_server.machine import child_process

LONGEST_S = 60


def general_holidays(first: date, last: date) -> tuple[date, ...]:
    """Return the general holidays from `first` to `last`, in order."""
    return tuple(holiday_names(first, last))


def holiday_names(first: date, last: date) -> Mapping[date, Text]:
    """Return what each general holiday from `first` to `last` is called, in order; two on a day are both named."""
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in _of_year(year).items() if first <= day <= last}


@lru_cache(maxsize=16)  # a copy asks for the day of each of its visits
def _of_year(year: int) -> Mapping[date, Text]:
    child = child_process.run("sync_server.planning.holidays_child", str(year).encode(), longest_s=LONGEST_S)
    child.check_returncode()
    return msgspec.json.decode(child.stdout, type=dict[date, Text])
