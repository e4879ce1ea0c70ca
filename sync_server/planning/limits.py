"""The most visits of one entrant that the hard rules allow, exactly: a small integer programme for HiGHS.

LIM-1  What is refused is really impossible: it is asked only for an entrant with visits nobody could be found for, and
       its answer is the plan's where it has more.
LIM-2  Entrants do not bar each other: load is soft, and every hard rule is about one assessor and one entrant.
LIM-3  One worker, and a limit in nodes, never in seconds: a plan does not depend on the machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from checklists.plan.rotation import BRANCH_DAYS, ENTRANT_DAYS
from checklists.plan.rotation import Turn as KeptTurn
from sync_server.planning.question import LANGUAGE_SHARES, Line, Person
from sync_server.planning.roster import Roster

NODES = 20_000
KEPT_WEIGHT = 1000


class Rule(StrEnum):
    """A hard rule, as somebody might lift it."""

    CONFLICT = "conflict"
    LANGUAGE = "language"
    SCENARIO = "scenario"
    BRANCH_DAYS = "branch-days"
    ENTRANT_DAYS = "entrant-days"


class Target(NamedTuple):
    """Visits of one line at one place, how many are wanted, and the days on which they can be made."""

    line: Line
    place: str | None
    wanted: int
    days: Sequence[date]


class Turn(NamedTuple):
    """One visit of the answer."""

    target: int
    person: str
    day: date


class _Programme:
    """Rows of a programme whose variables are 0 or 1."""

    def __init__(self) -> None:
        self.weights: list[int] = []
        self.rows: list[tuple[Sequence[int], int]] = []

    def variable(self, weight: int) -> int:
        self.weights.append(weight)
        return len(self.weights) - 1

    def at_most(self, variables: Sequence[int], most: int) -> None:
        if len(variables) > most:
            self.rows.append((variables, most))

    def solved(self) -> list[int]:
        """Return the variables that are 1."""
        import numpy as np  # noqa: PLC0415 - heavy: in a plan's own process only
        from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415
        from scipy.sparse import csr_array  # noqa: PLC0415

        if not self.weights:
            return []
        size = len(self.weights)
        where = [(row, variable) for row, (variables, _) in enumerate(self.rows) for variable in variables]
        constraints = []
        if where:
            rows, columns = zip(*where, strict=True)
            matrix = csr_array((np.ones(len(where)), (rows, columns)), shape=(len(self.rows), size))
            constraints = [LinearConstraint(matrix, ub=[most for _, most in self.rows])]
        answer = milp(
            [-weight for weight in self.weights],
            integrality=np.ones(size),
            bounds=(0, 1),
            constraints=constraints,
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        )
        return [] if answer.x is None else [at for at, value in enumerate(answer.x) if value > 0.5]


def most(
    targets: Sequence[Target], people: Sequence[Person], roster: Roster, lifted: Collection[Rule] = ()
) -> list[Turn]:
    """Return as many visits of one entrant as can be made, over what `roster` keeps of it, without those `lifted`."""
    programme = _Programme()
    turns: dict[int, Turn] = {}
    of_target: defaultdict[int, list[int]] = defaultdict(list)
    for person in people:
        own = _own(programme, targets, person, lifted)
        for at, (number, day) in own.items():
            turns[at] = Turn(number, person.id, day)
            of_target[number].append(at)
        if own:
            _keep_apart(programme, targets, own, partial(roster.turns, person.id, targets[0].line.entrant), lifted)
            if Rule.SCENARIO not in lifted:
                _bound_scenarios(programme, targets, own, partial(roster.scenarios_left, person))
    for number, variables in of_target.items():
        programme.at_most(variables, targets[number].wanted)
    return sorted((turns[at] for at in programme.solved() if at in turns), key=lambda turn: (turn.day, turn))


def _own(
    programme: _Programme, targets: Sequence[Target], person: Person, lifted: Collection[Rule]
) -> dict[int, tuple[int, date]]:
    speaks = Rule.LANGUAGE in lifted or any(person.speaks(language) for language in LANGUAGE_SHARES)
    return {
        programme.variable(1): (number, day)
        for number, target in enumerate(targets)
        for day in target.days
        if speaks and (Rule.CONFLICT in lifted or not person.is_barred(target.line, day))
    }


def _keep_apart(
    programme: _Programme,
    targets: Sequence[Target],
    own: Mapping[int, tuple[int, date]],
    kept: Callable[[str | None], Sequence[KeptTurn]],
    lifted: Collection[Rule],
) -> None:
    """Keep the turns of one person apart; even without E12 nobody comes twice on a day."""
    dated = [(day, at) for at, (_, day) in own.items()]
    if Rule.ENTRANT_DAYS in lifted:
        _apart(programme, dated, [], 1)
    else:
        _apart(programme, dated, _kept(programme, kept(None)), ENTRANT_DAYS)
    if Rule.BRANCH_DAYS in lifted:
        return
    for place in sorted({target.place for target in targets if target.place is not None}):
        there = [(day, at) for at, (number, day) in own.items() if targets[number].place == place]
        _apart(programme, there, _kept(programme, kept(place)), BRANCH_DAYS)


def _bound_scenarios(
    programme: _Programme,
    targets: Sequence[Target],
    own: Mapping[int, tuple[int, date]],
    left: Callable[[Line], int],
) -> None:
    for channel in sorted({target.line.channel for target in targets}):
        line = next(target.line for target in targets if target.line.channel == channel)
        variables = [at for at, (number, _) in own.items() if targets[number].line.channel == channel]
        programme.at_most(variables, max(0, left(line)))


def _kept(programme: _Programme, turns: Sequence[KeptTurn]) -> list[tuple[date, int]]:
    """Add the days on which each kept turn may be made; it is made on one of them."""
    dated = []
    for turn in turns:
        days = [turn.first + timedelta(days=n) for n in range((turn.last - turn.first).days + 1)]
        variables = [(day, programme.variable(KEPT_WEIGHT)) for day in days]
        programme.at_most([at for _, at in variables], 1)
        dated += variables
    return dated


def _apart(programme: _Programme, own: Sequence[tuple[date, int]], kept: Sequence[tuple[date, int]], days: int) -> None:
    """Let no two turns lie within `days`."""
    dated = sorted([*own, *kept])
    for begin in sorted({day for day, _ in dated}):
        window = [at for day, at in dated if begin <= day < begin + timedelta(days=days)]
        programme.at_most(window, 1)
