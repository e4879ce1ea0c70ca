"""What of a round is still to be planned, line by line: branches drawn, days spread, languages dealt.

DMD-1  A line wants what its quota asks for, less what is planned and counts. A repeat plans only what is missing.
DMD-2  Each drawn branch is visited as often as any other, give or take one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from checklists.plan.shares import still_wanted
from sync_server.planning.draw import drawn
from sync_server.planning.question import LANGUAGE_SHARES, Kept, Line, Place, Question, rank
from sync_server.planning.refusals import blocked, without_branches, without_days
from sync_server.planning.result import Drawn, Unmet
from sync_server.planning.roster import Slot
from sync_server.planning.spread import Openings, When, dealt, spread

Site = tuple[int, str | None]  # a line by its number, and a branch


class Demand:
    """The visits that are wanted, and those that nothing can be planned for."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.slots: list[Slot] = []
        self.unmet: list[Unmet] = []
        self.drawn: list[Drawn] = []
        self.openings: dict[Site, Openings] = {}
        self.wanted = 0
        for number, line in enumerate(question.lines):
            self._add(number, line)

    def kept_of(self, line: Line) -> Sequence[Kept]:
        """Return the visits of this round's `line` that are planned and count."""
        return [kept for kept in self._kept_here.get((line.entrant, line.channel), ()) if kept.is_of(line)]

    @cached_property
    def _kept_here(self) -> dict[tuple[str, str], list[Kept]]:
        here: dict[tuple[str, str], list[Kept]] = {}
        for kept in self.question.kept:
            if kept.round == self.question.round and kept.counts:
                here.setdefault((kept.entrant, kept.channel), []).append(kept)
        return here

    def _add(self, number: int, line: Line) -> None:
        kept = self.kept_of(line)
        missing = line.visits - len(kept)
        self.wanted += max(0, missing)
        if missing <= 0:
            return
        if line.blocked is not None:
            self.unmet.append(blocked(line, missing))
            return
        times = sorted(
            self._times(number, line, kept, missing), key=lambda one: (one[1].day, one[1].span, one[0] or "")
        )
        languages = dealt(
            self._spoken(line), [each.language for each in kept], len(times), rank(self.question.seed, *line.key)[0]
        )
        self.slots += [
            Slot(number, at, when, language, place)
            for at, ((place, when), language) in enumerate(zip(times, languages, strict=True))
        ]

    def _times(self, number: int, line: Line, kept: Sequence[Kept], missing: int) -> Iterator[tuple[str | None, When]]:
        on_day: Counter[date] = Counter(each.first for each in kept if each.is_dated)
        question = self.question
        if not line.branches:
            openings = self.openings[number, None] = Openings(question, line.service, line.service)
            times = spread(openings, kept, missing, on_day, f"{question.seed}:{line.name}")
            if not times:
                self.unmet.append(without_days(line, missing, None))
            yield from ((None, when) for when in times)
            return
        for place, count in self._places(number, line, kept, missing):
            openings = self.openings[number, place.id]
            there = [each for each in kept if each.branch == place.id]
            times = spread(openings, there, count, on_day, f"{question.seed}:{line.name}:{place.id}")
            if len(times) < count:
                self.unmet.append(without_days(line, count - len(times), place.id))
            yield from ((place.id, when) for when in times)

    def _places(self, number: int, line: Line, kept: Sequence[Kept], missing: int) -> Iterator[tuple[Place, int]]:
        question = self.question
        for place in line.places:
            self.openings[number, place.id] = Openings(question, line.service, place.service)
        is_open = {place.id for place in line.places if self.openings[number, place.id].plannable}
        have = Counter(each.branch for each in kept if each.branch is not None)
        places = drawn(line, have, is_open, question.seed, question.round)
        self.drawn.append(Drawn(line=line.name, branches=tuple(place.id for place in places)))
        still = {place.id: int(place.id in is_open) for place in places}
        if not any(still.values()):
            self.unmet.append(without_branches(line, missing))
            return
        counts = still_wanted(still, {name: have[name] for name in still}, missing)
        yield from ((place, counts[place.id]) for place in places if counts[place.id])

    def _spoken(self, line: Line) -> dict[str, int]:
        """Return the shares of the languages that somebody free of conflicts speaks; all of them where nobody does."""
        last = self.question.last
        free = [person for person in self.question.people if not person.is_barred(line, last)]
        spoken = {name: share for name, share in LANGUAGE_SHARES.items() if any(one.speaks(name) for one in free)}
        return spoken or dict(LANGUAGE_SHARES)
