"""A plan as a page prints it: a calendar of its visits, assessors by week, and what it rests on.

PLP-1  A day shows how many visits it has, and which general holiday it is; a week of an assessor is shaded by its
       share of the fullest week.
PLP-2  Entries, assessors and branches are called what people call them; their codes stand beside in small print.
PLP-3  Planned visits that their assessor may not make, or on whose days nobody serves, stand in one list, a line for
       each reason: they have to go.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.language import LANGUAGES, Language, Template, Text, in_language
from sync_server.database.queries.planned_conflicts import PlannedConflict
from sync_server.pages.labels import label
from sync_server.planning.holidays import holiday_names
from sync_server.planning.result import Cover, Missed, Plan, Visit

SHADES = 5
WEEKDAYS = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(7))  # any week, from Monday
_WEEK = timedelta(days=7)


class Day(NamedTuple):
    """A cell of the calendar; one beside the month has no number."""

    number: int | None
    visits: int = 0
    share: int = 0  # of the fullest day, in tenths
    holiday: Text | None = None


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
    names: Mapping[str, Text]  # of every entry, assessor and branch that the plan names by its code


class Called(NamedTuple):
    """What people call those whom a plan names by their codes."""

    assessors: Mapping[str, str] = {}
    entrants: Mapping[str, Text] = {}
    branches: Mapping[str, Text] = {}


class ConflictLine(NamedTuple):
    """Visits of one assessor to one entrant that have to go: from `first` on, for the reason of `of`."""

    of: PlannedConflict
    visits: int
    first: date


def conflict_lines(found: Sequence[PlannedConflict], zone: ZoneInfo) -> Sequence[ConflictLine]:
    """Return a line for each reason (PLP-3); a conflict that is over on the day of a visit bars nobody from it."""
    lines: dict[tuple[str, int, str, str], list[tuple[date, PlannedConflict]]] = defaultdict(list)
    for one in found:
        day = one.due_from.astimezone(zone).date()
        if one.until is None or day.isoformat() <= one.until:
            lines[one.rule, one.round, one.assessor_id, one.entrant_id].append((day, one))
    return [ConflictLine(own[0][1], len(own), own[0][0]) for own in lines.values()]


def plan_view(plan: Plan, called: Called) -> PlanView:
    """Return what a page shows of `plan`."""
    weeks = sorted({_monday(visit.day) for visit in plan.visits})
    by_rule = sorted(plan.missed, key=lambda one: one.rule)
    return PlanView(
        plan=plan,
        months=_months(plan.visits),
        weekdays=WEEKDAYS,
        weeks=weeks,
        loads=_loads(plan.visits, weeks, called.assessors),
        missed=[(rule, list(those)) for rule, those in groupby(by_rule, key=lambda one: one.rule)],
        lowest=_lowest(plan.cover),
        names=_names(plan, called),
    )


def _names(plan: Plan, called: Called) -> Mapping[str, Text]:
    lines = [one.line for named in (plan.unmet, plan.missed, plan.cover, plan.drawn) for one in named]
    branches = {branch for one in plan.drawn for branch in one.branches}
    return {
        **{line: _name(line, called) for line in lines},
        **{branch: called.branches.get(branch, {"en": branch}) for branch in branches},
    }


def _name(line: str, called: Called) -> Text:
    """Return what an assessor or an entry ("harbour-ferry/onsite (branch)") is called."""
    if line in called.assessors:
        return {"en": called.assessors[line]}
    entrant, _, rest = line.partition("/")
    channel, _, variant = rest.partition(" (")
    name = called.entrants.get(entrant, {"en": entrant})
    codes = [("channel", channel), ("onsite_variant", variant.rstrip(")"))]
    return {
        language: " · ".join(
            [in_language(name, language), *(_label(kind, code, language) for kind, code in codes if code)]
        )
        for language in LANGUAGES
    }


def _label(kind: str, code: str, language: Language) -> str:
    words = label(kind, code)
    return words.in_language(language) if isinstance(words, Template) else words


def _months(visits: Sequence[Visit]) -> list[Month]:
    on_day = Counter(visit.day for visit in visits)
    fullest = max(on_day.values(), default=1)
    months = []
    for first in sorted({day.replace(day=1) for day in on_day}):
        after = (first + timedelta(days=31)).replace(day=1)
        holidays = holiday_names(first, after - timedelta(days=1))
        monday, weeks = _monday(first), []
        while monday < after:
            days = [monday + timedelta(days=n) for n in range(7)]
            weeks.append(
                [
                    Day(day.day, on_day[day], -(-10 * on_day[day] // fullest), holidays.get(day))
                    if first <= day < after
                    else Day(None)
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
