"""On which days, in which parts of them and in which language an entry is visited, before it is said by whom.

SPR-1  Parts of the week by largest remainder of the open minutes they have in the round; what is planned counts.
SPR-2  Days alike: no day twice while another has none; then the months, the weekdays and the weeks that are behind.
       A branch is rather visited in another part of the week each time.
SPR-3  Only days from the first that may still be planned on which it is open are used, and only open minutes of them.
SPR-4  Languages by largest remainder of their shares, evenly over time; only those that somebody could speak there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from checklists.plan.dayparts import Daypart, Span, daypart_of, open_parts
from checklists.plan.shares import parted, still_wanted
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import is_open_on, open_minutes
from sync_server.planning.question import Kept, Question, rank

Parts = Mapping[Daypart, tuple[Span, ...]]
Kind = TypeVar("Kind", bound=Hashable)


class When(NamedTuple):
    """A day and the open minutes of one part of it."""

    day: date
    part: Daypart
    span: Span


class Openings:
    """The open parts of each day of a round, at one place or on one line."""

    def __init__(self, question: Question, entry: ServiceHours | None, service: ServiceHours | None) -> None:
        """Keep the days on which the entry is open and the place, `service`, as well."""
        self.holidays = frozenset(question.holidays)
        parts = {
            day: open_parts(day, open_minutes(service, day), self.holidays)
            for day in question.days
            if is_open_on(entry, day)
        }
        self.by_day: Mapping[date, Parts] = {day: of_day for day, of_day in parts.items() if of_day}
        self.plannable = tuple(day for day in self.by_day if day >= question.begin)

    def minutes(self) -> dict[Daypart, int]:
        """Return the open minutes of each part in the round, in the order of the parts."""
        total: Counter[Daypart] = Counter()
        for parts in self.by_day.values():
            for part, spans in parts.items():
                total[part] += sum(end - begin for begin, end in spans)
        return {part: total[part] for part in Daypart if total[part]}

    def weekdays(self) -> dict[int, int]:
        """Return the open minutes of each ISO weekday in the round."""
        total: Counter[int] = Counter()
        for day, parts in self.by_day.items():
            total[day.isoweekday()] += sum(end - begin for spans in parts.values() for begin, end in spans)
        return {weekday: total[weekday] for weekday in range(1, 8) if total[weekday]}

    def part_of(self, kept: Kept) -> Daypart:
        """Return the part in which a kept visit begins."""
        return daypart_of(kept.first, kept.minute, self.holidays)


class Spread:
    """Deals out the times of one line, whichever of its sites they are at; what is `kept` counts."""

    def __init__(self, sites: Sequence[Openings], kept: Sequence[Kept], count: int, seed: str) -> None:
        dated = [each for each in kept if each.is_dated]
        total, first = count + len(dated), next(iter(sites), None)
        days = [day for site in sites for day in site.by_day]
        self._seed = seed
        self._parts = Counter(first.part_of(each) for each in dated) if first else Counter[Daypart]()
        self._days = Counter(each.first for each in dated)
        self._weekdays = Counter(each.first.isoweekday() for each in dated)
        self._months = Counter(each.first.month for each in dated)
        self._weeks = Counter(each.first.isocalendar().week for each in dated)
        minutes = _sum(site.minutes() for site in sites)
        there = {part for site in sites for day in site.plannable for part in site.by_day[day]}
        wanted = {part: minutes[part] for part in Daypart if part in there}
        self._part_goal = _after(still_wanted(wanted, self._parts, count), self._parts)
        self._weekday_goal = parted(_sum(site.weekdays() for site in sites), total)
        self._month_goal = parted(Counter(day.month for day in days), total)
        self._open_in_week = Counter(day.isocalendar().week for day in set(days))
        self._here: dict[Openings, set[Daypart]] = {}

    def next(self, site: Openings) -> When | None:
        """Return the next time at a site; None where it is open on no day that is left."""
        days_of: dict[Daypart, list[date]] = {}
        for day in site.plannable:
            for part in site.by_day[day]:
                days_of.setdefault(part, []).append(day)
        if not days_of:
            return None
        here = self._here.setdefault(site, set())
        part = min(days_of, key=lambda one: (self._behind(one) <= 0, one in here, -self._behind(one), one.value))
        day = min(days_of[part], key=self._rank)
        spans = site.by_day[day][part]
        when = When(day, part, spans[self._parts[part] % len(spans)])
        here.add(part)
        self._parts[part] += 1
        self._days[day] += 1
        self._weekdays[day.isoweekday()] += 1
        self._months[day.month] += 1
        self._weeks[day.isocalendar().week] += 1
        return when

    def _behind(self, part: Daypart) -> float:
        goal = self._part_goal.get(part, 0)
        return (goal - self._parts[part]) / goal if goal else 0.0

    def _rank(self, day: date) -> tuple[object, ...]:
        week = day.isocalendar().week
        return (
            self._days[day],
            self._months[day.month] >= self._month_goal[day.month],
            self._weekdays[day.isoweekday()] - self._weekday_goal[day.isoweekday()],
            (self._weeks[week] + 1) / self._open_in_week[week],
            rank(self._seed, day),
        )


def _sum(parts: Iterable[Mapping[Kind, int]]) -> Counter[Kind]:
    total: Counter[Kind] = Counter()
    for each in parts:
        total.update(each)
    return total


def _after(more: Mapping[Daypart, int], have: Mapping[Daypart, int]) -> dict[Daypart, int]:
    return {part: count + have.get(part, 0) for part, count in more.items()}


def evenly(counts: Mapping[Kind, int]) -> list[Kind]:
    """Return each kind as often as it counts, evenly mixed."""
    places = [
        ((2 * number + 1) / (2 * count), order, kind)
        for order, (kind, count) in enumerate(counts.items())
        for number in range(count)
    ]
    return [kind for _, _, kind in sorted(places, key=lambda place: place[:2])]


def dealt(shares: Mapping[str, int], have: Iterable[str], count: int, turn: int) -> list[str]:
    """Return `count` kinds by their shares, evenly mixed and begun at another place for each `turn`."""
    mixed = evenly(still_wanted(shares, Counter(have), count))
    start = turn % len(mixed) if mixed else 0
    return mixed[start:] + mixed[:start]


def months_behind(counts: Mapping[int, int], total: int, months: Collection[int]) -> list[int]:
    """Return the months with less than 40 % of `total` where there are two."""
    if len(months) != 2:
        return []
    return [month for month in sorted(months) if counts.get(month, 0) * 10 < total * 4]
