"""What other rules would change, worked out on the season as it is kept: nothing is written.

EFF-1  A change is looked at as the newest version of the rules would have it: in force for what has not opened, and for
       what of the opened is named; the rest goes on as it is. Facts that depend on rules are taken anew.
EFF-2  The effects of a decision are every figure that changes, by entry: what is shown is what is kept with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import msgspec

from checklists.language import Sentence
from checklists.season.what_if import Comparison, what_if
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.season.rules import rules_if

Effects = Sequence[Sequence[str]]  # [entry, figure, from, to]


def compared(desk: SeasonDesk, overrides: Mapping[str, object], about: Collection[str]) -> Comparison:
    """Compare the season with what it would be under `overrides`, in force also for those opened that `about` names.

    Raises:
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    other = SeasonDesk(desk.db, rules_if(desk.db, overrides, about), desk.book)
    return what_if(season_of(desk), season_of(other))


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
