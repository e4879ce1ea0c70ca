"""Who makes which visit: day by day, the cheapest matching that gives away as many visits as it can.

STF-1  Only what the hard rules allow is matched (`roster`). What a soft rule would rather not is dearer: more of one
       day, more than others have, more than a fifth of an entry's round, another district, a rare language wasted.
STF-2  A visit that finds nobody on its day is moved: first to days of the same part of the week, then to any, then to
       another language. What finds nobody anywhere is left to `limits`.
STF-3  The order of everything is fixed, and what costs the same is decided by the seed: one seed, one plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from checklists.plan.rotation import SHARE
from sync_server.planning.question import LANGUAGE_SHARES, Line, Person, Question, rank
from sync_server.planning.roster import Given, Roster, Slot
from sync_server.planning.spread import Openings, When

NEVER = 1 << 40
BEYOND_SHARE, OTHER_DISTRICT, NO_DISTRICT = 4000, 600, 200
PER_LOAD, PER_DAY, PER_TURN, PER_LANGUAGE = 40, 60, 120, 50
TIES = 16  # what the seed decides


class Staffing:
    """Gives visits to people. `openings` are those of a line and a place."""

    def __init__(self, question: Question, roster: Roster, openings: Mapping[tuple[int, str | None], Openings]) -> None:
        self._question = question
        self._roster = roster
        self._openings = openings
        self._districts = {place.id: place.district for line in question.lines for place in line.places}
        self._ties = {
            (person.id, line.key): rank(question.seed, person.id, *line.key)[0] % TIES
            for person in question.people
            for line in question.lines
        }

    def staffed(self, slots: Sequence[Slot]) -> tuple[list[Given], list[Slot]]:
        """Return who makes which of `slots`, and those that nobody can make on any day."""
        by_day: defaultdict[date, list[Slot]] = defaultdict(list)
        for slot in slots:
            by_day[slot.when.day].append(slot)
        given: list[Given] = []
        left: list[Slot] = []
        for day in sorted(by_day):
            of_day = self._matched(by_day[day])
            given += of_day
            taken = {(one.slot.line, one.slot.number) for one in of_day}
            left += [slot for slot in by_day[day] if (slot.line, slot.number) not in taken]
        without = []
        for slot in left:
            moved = self._moved(slot)
            if moved is None:
                without.append(slot)
            else:
                given.append(moved)
        return given, without

    def _matched(self, slots: Sequence[Slot]) -> list[Given]:
        """Match the visits of one day with people, each up to a fair number of times."""
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - heavy: in a plan's own process only

        people = self._question.people
        if not people:
            return []
        times = -(-len(slots) // len(people)) + 2
        least = min(self._roster.load[person.id] for person in people)
        costs = []
        for slot in slots:
            row = []
            for person in people:
                if not self._roster.may(person, slot):
                    row += [NEVER] * times
                    continue
                cost = self._cost(person, slot, least)
                row += [cost + PER_DAY * k * k for k in range(times)]
            costs.append(row)
        given = []
        for row_at, column in zip(*linear_sum_assignment(costs), strict=True):
            one = Given(slots[row_at], people[column // times])
            # Two visits of one day at one entrant bar each other, which the matching cannot see.
            if costs[row_at][column] < NEVER and self._roster.may(one.person, one.slot):
                self._roster.give(one)
                given.append(one)
        return given

    def _cost(self, person: Person, slot: Slot, least: int) -> int:
        line = self._question.lines[slot.line]
        turns = self._roster.of_line[person.id, line.key]
        cost = PER_LOAD * (self._roster.load[person.id] - least) + PER_TURN * turns
        cost += PER_LANGUAGE * len(person.languages or LANGUAGE_SHARES) + self._ties[person.id, line.key]
        if turns >= most_of(line):
            cost += BEYOND_SHARE
        if slot.place is not None and person.districts:
            district = self._districts[slot.place]
            if district not in person.districts:
                cost += OTHER_DISTRICT if district else NO_DISTRICT
        return cost

    def _moved(self, slot: Slot) -> Given | None:
        """Give a visit that found nobody to somebody on another day, or in another language."""
        for one in self._elsewhere(slot):
            fits = [person for person in self._question.people if self._roster.may(person, one)]
            if fits:
                least = min(self._roster.load[person.id] for person in self._question.people)
                best = min(
                    fits,
                    key=lambda person: (
                        self._cost(person, one, least) + PER_DAY * self._roster.on_day[person.id, one.when.day] ** 2,
                        person.id,
                    ),
                )
                self._roster.give(Given(one, best))
                return Given(one, best)
        return None

    def _elsewhere(self, slot: Slot) -> Iterator[Slot]:
        openings = self._openings[slot.line, slot.place]
        times = [
            When(day, part, spans[0]) for day in openings.plannable for part, spans in openings.by_day[day].items()
        ]
        asked = slot.when
        times.sort(
            key=lambda when: (
                when.part != asked.part,
                when.day.month != asked.day.month,
                when.day.isoweekday() != asked.day.isoweekday(),
                abs((when.day - asked.day).days),
                when.day,
                when.span,
            )
        )
        others = [language for language in LANGUAGE_SHARES if language != slot.language]
        for language in (slot.language, *others):
            for when in times:
                yield slot._replace(when=when, language=language)


def most_of(line: Line) -> int:
    """Return how many visits of a line are a fifth of its round (E12)."""
    return max(1, int(SHARE * line.share_of))
