"""A week of visits as a table of assessors by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sync_server.database.queries.assignment_week import WeekVisit

DAYS = 7


class Row(NamedTuple):
    """An assessor, and the visits of each day."""

    assessor_id: str
    name: str
    days: Sequence[tuple[date, Sequence[WeekVisit]]]


def monday_of(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def week_rows(
    visits: Sequence[WeekVisit], names: Sequence[tuple[str, str]], monday: date, zone: ZoneInfo
) -> Sequence[Row]:
    """Return a row for everybody of `names`, and for whoever else has a visit, in that order."""
    cells: Mapping[tuple[str, date], list[WeekVisit]] = defaultdict(list)
    for visit in visits:
        cells[visit.assessor_id, visit.due_from.astimezone(zone).date()].append(visit)
    days = [monday + timedelta(days=n) for n in range(DAYS)]
    known = {code for code, _ in names}
    others = sorted({(visit.assessor_id, visit.assessor_id) for visit in visits if visit.assessor_id not in known})
    return [Row(code, name, [(day, cells.get((code, day), ())) for day in days]) for code, name in (*names, *others)]
