"""Who may make a visit on a day: the hard rules, over what is kept and what this plan has given so far.

ROS-1  Languages (where it is known who speaks which) and conflicts of interest (privacy E11).
ROS-2  Nobody comes to an entrant within seven days, or to a branch within sixty (E12). A kept visit that may be made on
       several days leaves room where the days allow it (R-ROT-2).
ROS-3  No assessor plays one scenario twice at an entry within a round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from checklists.plan.rotation import BRANCH_DAYS, ENTRANT_DAYS, Turn, too_close
from sync_server.planning.question import Kept, Key, Line, Person, Question
from sync_server.planning.spread import When


class Slot(NamedTuple):
    """A visit that is to be made; `place` is a branch's code."""

    line: int
    number: int
    when: When
    language: str
    place: str | None


class Given(NamedTuple):
    """A visit and who makes it."""

    slot: Slot
    person: Person


class Roster:
    """What everybody has: turns by entrant and branch, scenarios by entry, load."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._at_entrant: defaultdict[tuple[str, str], list[Turn]] = defaultdict(list)
        self._at_branch: defaultdict[tuple[str, str], list[Turn]] = defaultdict(list)
        self._played: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._to_play: Counter[tuple[str, str, str]] = Counter()  # by person and entry, whichever line
        self._unplayed: dict[tuple[str, Key], int] = {}
        self.load: Counter[str] = Counter()
        self.on_day: Counter[tuple[str, date]] = Counter()
        self.of_line: Counter[tuple[str, Key]] = Counter()
        for kept in question.kept:
            self._keep(kept)

    def may(self, person: Person, slot: Slot) -> bool:
        """Whether every hard rule lets `person` make the visit."""
        line = self._question.lines[slot.line]
        return (
            person.speaks(slot.language)
            and self.scenarios_left(person, line) > 0
            and not person.is_barred(line, slot.when.day)
            and _has_room(self._at_entrant.get((person.id, line.entrant), ()), slot.when.day, ENTRANT_DAYS)
            and (
                slot.place is None
                or _has_room(self._at_branch.get((person.id, slot.place), ()), slot.when.day, BRANCH_DAYS)
            )
        )

    def scenarios_left(self, person: Person, line: Line) -> int:
        """Return how many more visits of a line a person can make without a scenario twice."""
        key = person.id, line.key
        if key not in self._unplayed:
            played = self.played(person.id, line)
            self._unplayed[key] = sum(scenario not in played for scenario in line.scenarios)
        return self._unplayed[key] - self._to_play[person.id, line.entrant, line.channel]

    def played(self, person: str, line: Line) -> frozenset[str]:
        """Return the scenarios that a person plays at an entry in this round, of what is kept."""
        return frozenset(self._played.get((person, line.entrant, line.channel), ()))

    def turns(self, person: str, entrant: str, branch: str | None = None) -> Sequence[Turn]:
        """Return the turns of a person with an entrant, or at one of its branches."""
        if branch is not None:
            return self._at_branch.get((person, branch), ())
        return self._at_entrant.get((person, entrant), ())

    def give(self, given: Given) -> None:
        """Take over that `person` makes the visit."""
        self._count(given, 1)
        line, day = self._question.lines[given.slot.line], given.slot.when.day
        turn = Turn(id=_id_of(given.slot), first=day, last=day)
        self._at_entrant[given.person.id, line.entrant].append(turn)
        if given.slot.place is not None:
            self._at_branch[given.person.id, given.slot.place].append(turn)

    def take_back(self, given: Given) -> None:
        """Undo `give`."""
        self._count(given, -1)
        line, name = self._question.lines[given.slot.line], _id_of(given.slot)
        groups = [self._at_entrant[given.person.id, line.entrant]]
        if given.slot.place is not None:
            groups.append(self._at_branch[given.person.id, given.slot.place])
        for turns in groups:
            turns[:] = [turn for turn in turns if turn.id != name]

    def _count(self, given: Given, by: int) -> None:
        line = self._question.lines[given.slot.line]
        self.load[given.person.id] += by
        self.on_day[given.person.id, given.slot.when.day] += by
        self.of_line[given.person.id, line.key] += by
        self._to_play[given.person.id, line.entrant, line.channel] += by

    def _keep(self, kept: Kept) -> None:
        turn = Turn(id=kept.id, first=kept.first, last=kept.last, is_new=False)
        self._at_entrant[kept.assessor, kept.entrant].append(turn)
        if kept.branch is not None:
            self._at_branch[kept.assessor, kept.branch].append(turn)
        if kept.round != self._question.round:
            return
        self._played[kept.assessor, kept.entrant, kept.channel].add(kept.scenario)
        self.load[kept.assessor] += 1
        self.on_day[kept.assessor, kept.first] += 1
        if kept.counts:
            for line in self._question.lines:
                if kept.is_of(line):
                    self.of_line[kept.assessor, line.key] += 1


def _id_of(slot: Slot) -> str:
    return f"{slot.line}/{slot.number}"


def _has_room(turns: Sequence[Turn], day: date, days: int) -> bool:
    near = False
    for turn in turns:
        if (turn.first - day).days < days and (day - turn.last).days < days:
            if turn.first == turn.last:
                return False
            near = True
    if not near:
        return True
    return not too_close([*turns, Turn(id="", first=day, last=day)], days)
