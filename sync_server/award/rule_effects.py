"""What other rules would change, worked out on the season as it is kept: nothing is written.

EFF-1  A change is looked at as the newest version of the rules would have it: in force for what has not opened, and for
       what of the opened is named; the rest goes on as it is. Facts that depend on rules are taken anew.
EFF-3  What is, is read from the standings that are kept; of rules that only say what becomes of a round's score, what
       would be is, too: visits are scored again where another rule could score them otherwise.
EFF-2  The effects of a decision are every figure that changes, by entry: what is shown is what is kept with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.language import Sentence
from checklists.rules.parameters import PARAMETERS
from checklists.season.what_if import Comparison, compare
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import read_entries
from sync_server.award.standings import kept_standings, scored_again, without_assessments
from sync_server.database.queries import round_rules
from sync_server.season.rules import Rules, rules_if

AFTER_THE_ROUNDS = frozenset(  # what is worked from rounds that are scored already
    name for name in PARAMETERS if name.startswith(("award.", "badge.", "grade.", "rounds.weights", "tie."))
)
Effects = Sequence[Sequence[str]]  # [entry, figure, from, to]


def compared(desk: SeasonDesk, overrides: Mapping[str, object], about: Collection[str]) -> Comparison:
    """Compare the season with what it would be under `overrides`, in force also for those opened that `about` names.

    Raises:
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    other = SeasonDesk(desk.db, rules_if(desk.db, overrides, about), desk.book)
    now = kept_standings(desk, to_the_moment=True)
    if _changed(desk.in_force, other.in_force) <= AFTER_THE_ROUNDS:
        then: Sequence[EntryScore] = scored_again(other, now)
    else:
        then = [without_assessments(other.score(entry.entrant)) for entry in read_entries(other)]
    rules = desk.rules, other.rules
    named = [number for number in desk.in_force.programme.rounds if round_rules.name_of(number) in about]
    if named and round_rules.OWN not in about:  # the season's own stay: told is what the first of these comes under
        rules = desk.in_force.rules_of(named[0]), other.in_force.rules_of(named[0])
    return compare(now, then, awards=(desk.awards(now), other.awards(then)), rules=rules)


def _changed(one: Rules, other: Rules) -> frozenset[str]:
    """Return the parameters that differ for the season or for any of its rounds."""
    numbers = {*one.programme.rounds, *other.programme.rounds}
    pairs = [(one.rules, other.rules), *((one.rules_of(number), other.rules_of(number)) for number in numbers)]
    return frozenset(
        name
        for old, new in pairs
        for name in {*old.names, *new.names}
        if old.plain_value(name) != new.plain_value(name)
    )


def effects_of(comparison: Comparison) -> Effects:
    """Return every figure that changes, in plain English, in the order of the entries; awards after them."""
    figures = [
        [f"{entry.entrant}/{entry.channel}", figure, *map(_plain, pair)]
        for entry in comparison.entries
        for figure, pair in entry.changes.items()
    ]
    awards = [
        [
            "/".join(part for part in (award.award.value, award.industry, award.channel) if part),
            "award",
            ", ".join(map("/".join, award.before)),
            ", ".join(map("/".join, award.after)),
        ]
        for award in comparison.awards
    ]
    return figures + awards


def name_of_effects(effects: Effects) -> str:
    """Return a short name of `effects`, for the form that is made from them."""
    return hashlib.sha256(msgspec.json.encode(effects)).hexdigest()[:32]


def _plain(words: Sentence | str) -> str:
    return words.in_language("en") if isinstance(words, Sentence) else words
