"""On which days, in which parts of them and in which language an entry is visited, before it is said by whom.

SPR-1  Parts of the week by largest remainder of the open minutes they have in the round; what is planned counts.
SPR-2  Days alike: no day twice while another has none; then the months, the weekdays and the weeks that are behind.
SPR-3  Only days from the first that may still be planned on which it is open are used, and only open minutes of them.
SPR-4  Languages by largest remainder of their shares, evenly over time; only those that somebody could speak there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from checklists.plan.dayparts import Daypart, Span, daypart_of, open_parts
from checklists.plan.shares import parted, still_wanted
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import is_open_on, open_minutes
from sync_server.planning.question import Kept, Question, rank

Parts = Mapping[Daypart, tuple[Span, ...]]
Kind = TypeVar("Kind", bound=str)


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


def spread(openings: Openings, kept: Sequence[Kept], count: int, on_day: Counter[date], seed: str) -> list[When]:
    """Return `count` times to visit, by day; fewer where no day is left. `on_day` is counted on.

    Beyond one visit a part and day, days are used again and again: how many are too many is told, not forbidden.
    """
    if not openings.plannable:
        return []
    kept = [each for each in kept if each.is_dated]
    there = {part for day in openings.plannable for part in openings.by_day[day]}
    shares = {part: minutes for part, minutes in openings.minutes().items() if part in there}
    parts = still_wanted(shares, Counter(map(openings.part_of, kept)), count)
    weekdays = Counter(each.first.isoweekday() for each in kept)
    months = Counter(each.first.month for each in kept)
    weekday_goal = parted(openings.weekdays(), count + len(kept))
    month_goal = parted(Counter(day.month for day in openings.by_day), count + len(kept))
    weeks = Counter(each.first.isocalendar().week for each in kept)
    used: Counter[Daypart] = Counter()
    chosen = []
    in_order = {day: rank(seed, day) for day in openings.plannable}
    days_of = {part: [day for day in openings.plannable if part in openings.by_day[day]] for part in parts}
    for part in evenly(parts):
        day = min(
            days_of[part],
            key=lambda one: (
                on_day[one],
                months[one.month] >= month_goal[one.month],
                weekdays[one.isoweekday()] - weekday_goal[one.isoweekday()],
                weeks[one.isocalendar().week],
                in_order[one],
            ),
        )
        spans = openings.by_day[day][part]
        chosen.append(When(day, part, spans[used[part] % len(spans)]))
        used[part] += 1
        on_day[day] += 1
        weekdays[day.isoweekday()] += 1
        months[day.month] += 1
        weeks[day.isocalendar().week] += 1
    return sorted(chosen, key=lambda when: (when.day, when.span, when.part))


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
