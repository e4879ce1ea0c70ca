"""A plan as a page prints it: a calendar of its visits, assessors by week, and what it rests on.

PLP-1  A day shows how many visits it has; a week of an assessor is shaded by its share of the fullest week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from sync_server.planning.result import Cover, Missed, Plan, Visit

SHADES = 5
WEEKDAYS = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(7))  # any week, from Monday
_WEEK = timedelta(days=7)


class Day(NamedTuple):
    """A cell of the calendar; one beside the month has no number."""

    number: int | None
    visits: int = 0
    share: int = 0  # of the fullest day, in tenths


class Month(NamedTuple):
    """A month by its first day, in weeks from Monday."""

    first: date
    weeks: Sequence[Sequence[Day]]


class Load(NamedTuple):
    """An assessor's visits in each week, with their shades from 0 to `SHADES` - 1."""

    name: str
    weeks: Sequence[tuple[int, int]]
    total: int


class PlanView(NamedTuple):
    """Everything a page shows of a plan that was made."""

    plan: Plan
    months: Sequence[Month]
    weekdays: Sequence[date]
    weeks: Sequence[date]
    loads: Sequence[Load]
    missed: Sequence[tuple[str, Sequence[Missed]]]
    lowest: Mapping[str, Cover]


def plan_view(plan: Plan, names: Mapping[str, str]) -> PlanView:
    """Return what a page shows of `plan`; `names` are those of assessors."""
    weeks = sorted({_monday(visit.day) for visit in plan.visits})
    by_rule = sorted(plan.missed, key=lambda one: one.rule)
    return PlanView(
        plan=plan,
        months=_months(plan.visits),
        weekdays=WEEKDAYS,
        weeks=weeks,
        loads=_loads(plan.visits, weeks, names),
        missed=[(rule, list(those)) for rule, those in groupby(by_rule, key=lambda one: one.rule)],
        lowest=_lowest(plan.cover),
    )


def _months(visits: Sequence[Visit]) -> list[Month]:
    on_day = Counter(visit.day for visit in visits)
    fullest = max(on_day.values(), default=1)
    months = []
    for first in sorted({day.replace(day=1) for day in on_day}):
        after = (first + timedelta(days=31)).replace(day=1)
        monday, weeks = _monday(first), []
        while monday < after:
            days = [monday + timedelta(days=n) for n in range(7)]
            weeks.append(
                [
                    Day(day.day, on_day[day], -(-10 * on_day[day] // fullest)) if first <= day < after else Day(None)
                    for day in days
                ]
            )
            monday += _WEEK
        months.append(Month(first, weeks))
    return months


def _loads(visits: Sequence[Visit], weeks: Sequence[date], names: Mapping[str, str]) -> list[Load]:
    counts = Counter((visit.assessor, _monday(visit.day)) for visit in visits)
    fullest = max(counts.values(), default=1)
    loads = []
    for assessor in sorted({visit.assessor for visit in visits}, key=lambda one: (names.get(one, one), one)):
        own = [counts[assessor, week] for week in weeks]
        shaded = [(count, -(-count * (SHADES - 1) // fullest)) for count in own]
        loads.append(Load(names.get(assessor, assessor), shaded, sum(own)))
    return loads


def _lowest(cover: Sequence[Cover]) -> Mapping[str, Cover]:
    """Return, for each kind of share, the line whose coverage is lowest."""
    kinds = dict.fromkeys(kind for one in cover for kind in one.index)
    return {kind: min((one for one in cover if kind in one.index), key=lambda one: one.index[kind]) for kind in kinds}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
