"""A round's plan: the same question has the same plan, visit by visit.

PLN-1  No hard rule is broken: languages, conflicts, service hours, closed days, the 7 and 60 days, no scenario twice.
PLN-2  What cannot be met is named with the rule that forbids it and the cheapest way out; it is really impossible.
PLN-3  What is kept is never moved. A visit that was lost has its code again.
PLN-4  The plan depends on its question alone, and on the libraries it names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version

import msgspec

from checklists.plan.rotation import Turn as Turned
from checklists.plan.rotation import beyond_share
from sync_server.planning.demand import Demand
from sync_server.planning.limits import Target, Turn, most
from sync_server.planning.question import Line, Question, rank, seed_hash
from sync_server.planning.refusals import refused
from sync_server.planning.result import Plan, Unmet, Visit
from sync_server.planning.roster import Given, Roster, Slot
from sync_server.planning.soft import covers, misses
from sync_server.planning.spread import When
from sync_server.planning.staffing import Staffing, most_of

LIBRARIES = ("scipy", "holidays")
BEYOND_SHARE = "Planned beyond a fifth of this entry's round: nobody else is free."


def make_plan(question: Question) -> Plan:
    """Return the plan of `question`."""
    demand = Demand(question)
    roster = Roster(question)
    given, left = Staffing(question, roster, demand.openings).staffed(demand.slots)
    given, unmet = _settled(demand, roster, given, left)
    visits = _visits(question, demand, roster, given)
    return Plan(
        question=question.digest,
        round=question.round,
        seed_hash=seed_hash(question.seed),
        libraries={name: version(name) for name in LIBRARIES},
        wanted=demand.wanted,
        visits=tuple(visits),
        unmet=(*demand.unmet, *unmet),
        missed=tuple(misses(demand, visits)),
        drawn=tuple(demand.drawn),
        cover=tuple(covers(demand, visits)),
    )


def _settled(
    demand: Demand, roster: Roster, given: Sequence[Given], left: Sequence[Slot]
) -> tuple[list[Given], list[Unmet]]:
    """Find the most that each entrant with visits `left` can have; return everything given, and what is refused."""
    lines, people = demand.question.lines, demand.question.people
    final, unmet = list(given), []
    for entrant in sorted({lines[slot.line].entrant for slot in left}):
        own = [one for one in final if lines[one.slot.line].entrant == entrant]
        slots = [slot for slot in demand.slots if lines[slot.line].entrant == entrant]
        targets = _targets(demand, slots)
        for one in own:
            roster.take_back(one)
        answer = most(targets, people, roster)
        if len(answer) > len(own):
            better = list(_given(demand, slots, targets, answer))
            final = [one for one in final if lines[one.slot.line].entrant != entrant] + better
            unmet += refused(targets, people, roster, answer)
        else:
            better = own
            unmet += refused(targets, people, roster, _as_turns(targets, demand, own))
        for one in better:
            roster.give(one)
    return final, unmet


def _targets(demand: Demand, slots: Sequence[Slot]) -> list[Target]:
    wanted = Counter((slot.line, slot.place) for slot in slots)
    return [
        Target(demand.question.lines[line], place, count, demand.openings[line, place].plannable)
        for (line, place), count in sorted(wanted.items(), key=lambda one: (one[0][0], one[0][1] or ""))
    ]


def _as_turns(targets: Sequence[Target], demand: Demand, given: Sequence[Given]) -> list[Turn]:
    numbers = {(target.line.key, target.place): number for number, target in enumerate(targets)}
    lines = demand.question.lines
    return [Turn(numbers[lines[one.slot.line].key, one.slot.place], one.person.id, one.slot.when.day) for one in given]


def _given(demand: Demand, slots: Sequence[Slot], targets: Sequence[Target], answer: Sequence[Turn]) -> Iterator[Given]:
    """Turn the days and people of an answer into visits: parts and languages as near to what was wanted as they go."""
    people = {person.id: person for person in demand.question.people}
    for number, target in enumerate(targets):
        wanted = [
            slot
            for slot in slots
            if demand.question.lines[slot.line].key == target.line.key and slot.place == target.place
        ]
        openings = demand.openings[wanted[0].line, target.place]
        for turn in answer:
            if turn.target != number:
                continue
            person, parts = people[turn.person], openings.by_day[turn.day]
            slot = min(
                wanted,
                key=lambda one: (
                    not person.speaks(one.language),
                    one.when.part not in parts,
                    abs((one.when.day - turn.day).days),
                    one.number,
                ),
            )
            wanted.remove(slot)
            part = slot.when.part if slot.when.part in parts else next(iter(parts))
            language = slot.language if person.speaks(slot.language) else person.languages[0]
            yield Given(slot._replace(when=When(turn.day, part, parts[part][0]), language=language), person)


def _visits(question: Question, demand: Demand, roster: Roster, given: Sequence[Given]) -> list[Visit]:
    in_order = sorted(given, key=lambda one: (one.slot.line, one.slot.when.day, one.slot.when.span, one.slot.number))
    codes = _Codes(question)
    of_line: defaultdict[int, list[Given]] = defaultdict(list)
    for one in in_order:
        of_line[one.slot.line].append(one)
    visits: list[Visit] = []
    played: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for number, own in of_line.items():
        line = question.lines[number]
        kept = demand.kept_of(line)
        scenarios = Counter(dict.fromkeys(line.scenarios, 0))
        scenarios.update(each.scenario for each in kept if each.scenario in scenarios)
        subchannels = Counter(dict.fromkeys(line.subchannels, 0))
        subchannels.update(each.subchannel for each in kept if each.subchannel is not None)
        for at, (slot, person) in enumerate(own):
            mine = played[person.id, line.entrant, line.channel] or set(roster.played(person.id, line))
            scenario = min(
                (name for name in line.scenarios if name not in mine),
                key=lambda name: (scenarios[name], rank(question.seed, *line.key, name, at)),
            )
            played[person.id, line.entrant, line.channel] = {*mine, scenario}
            scenarios[scenario] += 1
            subchannel = min(line.subchannels, key=lambda name: subchannels[name], default=None)
            if subchannel is not None:
                subchannels[subchannel] += 1
            visits.append(_visit(line, codes.next(line), scenario, subchannel, Given(slot, person)))
    return _with_reasons(question, demand, visits)


def _visit(line: Line, code: str, scenario: str, subchannel: str | None, given: Given) -> Visit:
    when = given.slot.when
    return Visit(
        code=code,
        assessor=given.person.id,
        entrant=line.entrant,
        channel=line.channel,
        variant=line.variant,
        scenario=scenario,
        day=when.day,
        begin=when.span[0],
        end=when.span[1],
        daypart=when.part.value,
        language=given.slot.language,
        subchannel=subchannel,
        branch=given.slot.place,
        recordings=line.recordings,
    )


def _with_reasons(question: Question, demand: Demand, visits: Sequence[Visit]) -> list[Visit]:
    """Give a reason to those visits that are beyond a fifth of their entry's round."""
    beyond: set[str] = set()
    for line in question.lines:
        turns: defaultdict[str, list[Turned]] = defaultdict(list)
        for kept in demand.kept_of(line):
            turns[kept.assessor].append(Turned(id=kept.id, first=kept.first, last=kept.last, is_new=False))
        for visit in visits:
            if (visit.entrant, visit.channel, visit.variant) == line.key:
                turns[visit.assessor].append(Turned(id=visit.code, first=visit.day, last=visit.day))
        for own in turns.values():
            if len(own) > most_of(line):
                beyond |= set(beyond_share(own, 0, line.share_of))
    return [msgspec.structs.replace(visit, reason=BEYOND_SHARE) if visit.code in beyond else visit for visit in visits]


class _Codes:
    """Names visits: those that were lost first, then new ones that nobody has."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._taken = set(question.codes)
        self._lost: defaultdict[tuple[str, str, str | None], list[str]] = defaultdict(list)
        for lost in sorted(question.lost, key=lambda one: one.id, reverse=True):
            self._lost[lost.entrant, lost.channel, lost.variant].append(lost.id)
        self._number: Counter[str] = Counter()

    def next(self, line: Line) -> str:
        lost = self._lost[line.key]
        if lost:
            return lost.pop()
        stem = f"r{self._question.round}-{line.entrant}-{line.channel.replace('_', '-')}"
        while True:
            self._number[stem] += 1
            code = f"{stem}-{self._number[stem]:03d}"
            if code not in self._taken:
                self._taken.add(code)
                return code
