"""Why visits cannot be planned: the one hard rule whose lifting would help most, and the cheapest way out of it.

REF-1  A rule is named when lifting it alone makes all of the visits possible; else the one that makes the most so.
REF-2  Where lifting any one rule helps nothing, there are no days or no people left, and that is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checklists.language import N_, Sentence, sentence
from sync_server.planning.limits import Rule, Target, Turn, most
from sync_server.planning.question import Line, Person
from sync_server.planning.result import Unmet, both
from sync_server.planning.roster import Roster

_WHY = {
    Rule.CONFLICT: N_("assessors have a conflict with this entrant (E11)"),
    Rule.LANGUAGE: N_("no assessor free of conflicts speaks a language of the visits"),
    Rule.SCENARIO: N_("no assessor may play a scenario here twice in a round, and there are {scenarios} approved"),
    Rule.BRANCH_DAYS: N_("nobody visits a branch again within 60 days (E12)"),
    Rule.ENTRANT_DAYS: N_("nobody comes to an entrant again within 7 days (E12)"),
}
_WAY_OUT = {
    Rule.CONFLICT: N_("Bring in assessors without a conflict here: {people} more."),
    Rule.LANGUAGE: N_("Bring in assessors who speak yue, en or cmn: {people} more."),
    Rule.SCENARIO: N_("Approve more scenarios for this channel: {more} more."),
    Rule.BRANCH_DAYS: N_("Bring in assessors who have not been there: {people} more."),
    Rule.ENTRANT_DAYS: N_("Bring in more assessors: {people} more."),
}


def blocked(line: Line, count: int) -> Unmet:
    """Return what is said of a line of which nothing can be handed out."""
    why, way_out = line.blocked or ({}, {})
    return Unmet(line=line.name, count=count, rule="not-ready", why=why, way_out=way_out)


def without_days(line: Line, count: int, branch: str | None) -> Unmet:
    """Return what is said of a line that is open on no day left."""
    why = N_("it is open on no day of the round that is left")
    if branch is not None:
        why = N_("the branch {branch} is open on no day of the round that is left")
    way_out = N_("Correct its service hours and closed days, or the round's dates.")
    said = both(sentence(why, branch=branch)), both(sentence(way_out))
    return Unmet(line=line.name, count=count, rule="closed", why=said[0], way_out=said[1])


def without_branches(line: Line, count: int) -> Unmet:
    """Return what is said of a line with fewer branches than are to be visited."""
    return Unmet(
        line=line.name,
        count=count,
        rule="no-branch",
        why=both(sentence(N_("no branch of it is listed and open"))),
        way_out=both(sentence(N_("List its branches in branches.csv."))),
    )


def refused(targets: Sequence[Target], people: Sequence[Person], roster: Roster, made: Sequence[Turn]) -> list[Unmet]:
    """Return what is said of the targets of one entrant beyond the `made` visits, which are the most there can be."""
    missing = Counter({number: target.wanted for number, target in enumerate(targets)})
    missing.subtract(Counter(turn.target for turn in made))
    short = sum(missing.values())
    if not short:
        return []
    gains = {}
    for rule in Rule:
        gains[rule] = len(most(targets, people, roster, (rule,))) - len(made)
        if gains[rule] >= short:
            break
    rule = max(gains, key=lambda one: gains[one])
    by_line: Counter[str] = Counter()
    for number, count in missing.items():
        by_line[targets[number].line.name] += count
    helps = rule if gains[rule] > 0 else None
    why, way_out = map(both, _said(helps, targets, people, roster, len(made)))
    code = "people" if helps is None else helps.value
    return [
        Unmet(line=name, count=count, rule=code, why=why, way_out=way_out) for name, count in by_line.items() if count
    ]


def _said(
    rule: Rule | None, targets: Sequence[Target], people: Sequence[Person], roster: Roster, made: int
) -> tuple[Sentence, Sentence]:
    wanted = sum(target.wanted for target in targets)
    more = len(most(targets, [_newcomer()], roster))
    values = {"people": -(-(wanted - made) // more) if more else "-", "scenarios": len(targets[0].line.scenarios)}
    if rule is None:
        why = sentence(N_("there are too few assessors for the days that are left"))
        return why, sentence(N_("Bring in more assessors: {people} more."), **values)
    if rule is Rule.SCENARIO:
        values["more"] = _scenarios_missing(targets, people, made)
    return sentence(_WHY[rule], **values), sentence(_WAY_OUT[rule], **values)


def _newcomer() -> Person:
    return Person(id="", languages=(), districts=())


def _scenarios_missing(targets: Sequence[Target], people: Sequence[Person], made: int) -> int:
    """Return about how many scenarios more would do: what is short, shared among those who may come."""
    free = sum(
        1 for person in people if not all(person.is_barred(one.line, day) for one in targets for day in one.days)
    )
    short = sum(target.wanted for target in targets) - made
    return -(-short // max(1, free))
