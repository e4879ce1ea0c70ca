"""What other rules would change, worked out on the season as it is kept: nothing is written.

EFF-1  A change is looked at as the newest version of the rules would have it: in force for what has not opened, and for
       what of the opened is named; the rest goes on as it is. Facts that depend on rules are taken anew.
EFF-3  What is, is read from the standings that are kept; of rules that leave an entry's visits their scores, what would
       be is, too: its visits are scored again where another rule could score them otherwise, those that are alike once,
       and are read one by one only where what is kept of them does not say (ALK-4).
EFF-2  The effects of a decision are every figure that changes, by entry: what is shown is what is kept with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.forms.form import AWARD_CHANNELS, Channel
from checklists.language import Sentence
from checklists.rules.parameters import PARAMETERS
from checklists.season.what_if import Comparison, compare
from sync_server.award.alike import scored_alike
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import read_entries
from sync_server.award.standings import kept_standings, scored_again, without_assessments
from sync_server.database.queries import round_rules
from sync_server.season.rules import Rules, rules_if

AFTER_THE_VISITS = frozenset(  # what is worked from visits that are scored already, or scores nothing
    name
    for name in PARAMETERS
    if name.startswith(
        ("award.", "badge.", "consistency.", "fees.", "grade.", "quota.", "rounds.weights", "size.", "tie.")
    )
    or name in ("cap.round", "onsite.variants", "rounds.missing", "unreachable.all", "unreachable.score_mode")
)
_TESTS = {
    Channel.PHONE_IN: ("agent_wait_s", "first_attempt", "menu_levels"),
    Channel.ONLINE: ("chat_s", "social_s", "email_form_service_s"),
    Channel.FACE_TO_FACE: ("ack_s", "served_s"),
}
OF_ONE_CHANNEL = {  # what visits of one channel alone are scored by
    **{f"ease.points.{channel}": channel for channel in AWARD_CHANNELS},
    **{f"ease.test.{name}": channel for channel, names in _TESTS.items() for name in names},
}
Effects = Sequence[Sequence[str]]  # [entry, figure, from, to]


def compared(desk: SeasonDesk, overrides: Mapping[str, object], about: Collection[str]) -> Comparison:
    """Compare the season with what it would be under `overrides`, in force also for those opened that `about` names.

    Raises:
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    other = SeasonDesk(desk.db, rules_if(desk.db, overrides, about), desk.book)
    now = kept_standings(desk, to_the_moment=True)
    changed = _changed(desk.in_force, other.in_force)
    kept = [entry for entry in now if not _scores_visits(changed, entry)]
    then = {entry.key: entry for entry in scored_again(desk, other, kept)}
    anew = [entry.key for entry in now if entry.key not in then]
    then |= {entry.key: without_assessments(entry) for entry in scored_alike(desk, other, anew, changed)}
    anew = [key for key in anew if key not in then]
    then |= {
        key: without_assessments(other.score(read.entrant))
        for key, read in zip(anew, read_entries(other, anew), strict=True)
    }
    after = [then[entry.key] for entry in now]
    rules = desk.rules, other.rules
    named = [number for number in desk.in_force.programme.rounds if round_rules.name_of(number) in about]
    if named and round_rules.OWN not in about:  # the season's own stay: told is what the first of these comes under
        rules = desk.in_force.rules_of(named[0]), other.in_force.rules_of(named[0])
    return compare(now, after, awards=(desk.awards(now), other.awards(after)), rules=rules)


def _scores_visits(changed: Collection[str], entry: EntryScore) -> bool:
    """Whether one of the parameters that differ could score a visit of this entry otherwise."""
    channel = entry.facts.channel
    return any(name not in AFTER_THE_VISITS and OF_ONE_CHANNEL.get(name, channel) is channel for name in changed)


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
