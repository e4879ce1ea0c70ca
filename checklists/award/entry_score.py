"""From the rounds of an entry to its final, grade and badge (R7, R13, R18).

R-ENT-1  Final = the rounds by their weights, then cap and floor.
R-ENT-2  A round without a score: block leaves no final; renormalise divides by the weights there are; zero counts it 0.
R-ENT-3  Withdrawn: rounds are scored, but there is no final, no grade, no badge and no award.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec

from checklists.award.badge import Badge, BadgeRules, PastResult, badge_of
from checklists.award.grades import Grade, grade_of
from checklists.award.rounds import RoundScore
from checklists.forms.form import Channel
from checklists.language import N_, Sentence, Text, sentence
from checklists.rules.score_rules import ScoreRules


class EntryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part: an entrant on one channel."""

    entrant: str
    name: Text
    organisation: str
    industry: str
    channel: Channel
    size_group: str | None = None
    is_withdrawn: bool = False
    history: Mapping[int, PastResult] = {}
    ivrs_panel: Fraction | None = None  # what a panel's marks of its voice menu came to


class EntryScore(msgspec.Struct, frozen=True, kw_only=True):
    """An entry scored. `weights` are those the final was made with; `raw` is the final before cap and floor."""

    facts: EntryFacts
    rounds: tuple[RoundScore, ...]
    weights: tuple[Fraction, ...]
    raw: Fraction | None
    final: Fraction | None
    grade: Grade | None
    badge: Badge | None
    why_no_final: Sentence | None
    warnings: tuple[Sentence, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Entrant and channel."""
        return self.facts.entrant, self.facts.channel.value


def score_entry(
    facts: EntryFacts,
    rounds: Sequence[RoundScore],
    rules: ScoreRules,
    badge_rules: BadgeRules,
    *,
    editions_held: Iterable[int],
    year: int,
    warnings: Sequence[Sentence] = (),
) -> EntryScore:
    """Score an entry of the edition of `year`, its rounds in order."""
    weights, raw = _weighted(rounds, rules)
    final = None if raw is None or facts.is_withdrawn else rules.final_limits.clamp(raw)
    grade = None if final is None else grade_of(final, rules.grades)
    earned = badge_of(
        grade,
        facts.history,
        industry=facts.industry,
        channel=facts.channel.value,
        editions_held=editions_held,
        year=year,
        rules=badge_rules,
    )
    return EntryScore(
        facts=facts,
        rounds=tuple(rounds),
        weights=weights,
        raw=raw,
        final=final,
        grade=grade,
        badge=None if facts.is_withdrawn else earned,
        why_no_final=None if final is not None else _why_none(facts, rounds, rules),
        warnings=(*warnings, *(_warning(round_) for round_ in rounds if round_.bonus.warning)),
    )


def _weighted(rounds: Sequence[RoundScore], rules: ScoreRules) -> tuple[tuple[Fraction, ...], Fraction | None]:
    pairs = list(zip(rules.weights, rounds, strict=True))
    if rules.missing == "renormalise":
        whole = sum((weight for weight, round_ in pairs if round_.score is not None), Fraction(0))
        if not whole:
            return rules.weights, None
        weights = tuple(weight / whole if round_.score is not None else Fraction(0) for weight, round_ in pairs)
    elif rules.missing == "block" and any(round_.score is None for round_ in rounds):
        return rules.weights, None
    else:
        weights = rules.weights
    scores = (round_.score if round_.score is not None else Fraction(0) for round_ in rounds)
    return weights, sum((weight * score for weight, score in zip(weights, scores, strict=True)), Fraction(0))


def _why_none(facts: EntryFacts, rounds: Sequence[RoundScore], rules: ScoreRules) -> Sentence:
    if facts.is_withdrawn:
        return sentence(N_("withdrawn"))
    missing = [round_ for round_ in rounds if round_.score is None]
    if rules.missing == "renormalise":
        return sentence(N_("no round that carries weight has a score"))
    return sentence(
        N_("round {number} has no score: {why}"), number=missing[0].number, why=missing[0].why_no_score or ""
    )


def _warning(round_: RoundScore) -> Sentence:
    return sentence(N_("round {number}: {what}"), number=round_.number, what=round_.bonus.warning or "")
