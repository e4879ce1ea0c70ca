"""Scoring a season: every assessment, round and entry, then the awards. The same season and rules, the same result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from checklists.award.badge import BadgeRules
from checklists.award.decide import AwardResult, decide_awards
from checklists.award.entry_score import EntryFacts, EntryScore, score_entry
from checklists.award.rounds import RoundScore, score_round
from checklists.forms.form import Channel, Form
from checklists.language import N_, Sentence, sentence
from checklists.plan.quota import Made, Quota, Size, Variant, plan_of, shortfalls, variant_of
from checklists.record.assessment import Contact
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.ruleset import Ruleset
from checklists.rules.score_rules import ScoreRules
from checklists.score.assessment_score import ZERO, AssessmentScore, Facts, log_came_to, score_assessment
from checklists.score.scoring import CriticalEffect, Scorers
from checklists.season.model import Season, SeasonAssessment, SeasonEntrant, SeasonEntry, SeasonRound

NO_DEADLINE = sentence(N_("no FAQ deadline is set (faq.deadline): no FAQ is late"))
ALL_NOT_APPLICABLE = sentence(N_("every question is N/A: there is nothing to score"))
_EFFECTS: dict[str, CriticalEffect] = {
    "section_zero": "section_zero",
    "flag_only": "flag_only",
    "assessment_cap": "assessment_cap",
}


class SeasonScore(msgspec.Struct, frozen=True, kw_only=True):
    """A season scored under `rules`. `entries` are in the order of the file."""

    season: Season
    rules: Ruleset
    entries: tuple[EntryScore, ...]
    awards: tuple[AwardResult, ...]


def score_season(season: Season) -> SeasonScore:
    """Score `season`: each round under its own rules, everything else under the season's."""
    desk = EntryDesk.of(season)
    return with_awards(season, [desk.entry(entrant, entry) for entrant in season.entrants for entry in entrant.entries])


def with_awards(season: Season, entries: Sequence[EntryScore]) -> SeasonScore:
    """Return the score of `season`, whose entries were scored before. Their visits need not be there any more."""
    rules = season.programme.rules
    awards = decide_awards(
        entries,
        rules,
        year=season.year,
        industries=(entrant.industry for entrant in season.entrants),
    )
    return SeasonScore(season=season, rules=rules, entries=tuple(entries), awards=awards)


def scorers_for(forms: Mapping[str, Form], rules: Ruleset) -> Scorers:
    """Return what scores answers on `forms` under `rules`."""
    return Scorers(forms, critical_effect=_EFFECTS[rules.text("critical.effect")])


class EntryDesk:
    """Scores entries one by one, everything of the rulesets read once. `forms` are needed where answers are given."""

    def __init__(
        self,
        rules: Ruleset,
        *,
        year: int,
        editions_held: frozenset[int],
        forms: Mapping[str, Form] | None = None,
        rules_by_round: Mapping[int, Ruleset] | None = None,
    ) -> None:
        self._year = year
        self._editions_held = editions_held
        self._rules = rules
        self._score_rules = ScoreRules.of(rules)
        self._badge_rules = BadgeRules.of(rules)
        self._own = RoundDesk(rules, forms or {})
        self._by_round = {number: RoundDesk(each, forms or {}) for number, each in (rules_by_round or {}).items()}

    @classmethod
    def of(cls, season: Season) -> EntryDesk:
        """Return the desk that scores the entries of `season`."""
        return cls(
            season.programme.rules,
            year=season.year,
            editions_held=season.editions_held,
            forms=season.forms,
            rules_by_round=season.rules_by_round,
        )

    def entry(self, entrant: SeasonEntrant, entry: SeasonEntry) -> EntryScore:
        """Score one entry of one entrant."""
        desks = [self._by_round.get(number, self._own) for number, _ in enumerate(entry.rounds, 1)]
        rounds = [desk.round(number, entry.rounds[number - 1], entry) for number, desk in enumerate(desks, 1)]
        has_deadline = all(desk.has_deadline for desk in desks)
        size = Size(seats=entrant.seats, branches=entrant.branches)
        plan = plan_of(entry.channel, size, self._rules, variant=entry.onsite_variant)
        variant = variant_of(entry.onsite_variant, size, self._rules)
        warnings = [warning for warning in (plan.warning, None if has_deadline else NO_DEADLINE) if warning is not None]
        for round_, source in zip(rounds, entry.rounds, strict=True):
            made = self._made(round_, source, entry.channel, variant, plan.quota)
            warnings += shortfalls(round_.number, made, plan.quota)
        return score_entry(
            EntryFacts(
                entrant=entrant.id,
                name=entrant.name,
                organisation=entrant.organisation,
                industry=entrant.industry,
                channel=entry.channel,
                size_group=plan.group,
                is_withdrawn=entry.is_withdrawn,
                history=entry.history,
                ivrs_panel=entry.ivrs_panel,
            ),
            rounds,
            self._score_rules,
            self._badge_rules,
            editions_held=self._editions_held,
            year=self._year,
            warnings=warnings,
        )

    def _made(
        self, round_: RoundScore, source: SeasonRound, channel: Channel, variant: Variant, asked: Quota | None
    ) -> Made:
        """Count what was made towards the quota: one recording is one contact, whatever session it was checked in."""
        if asked is None or channel is not Channel.ONSITE or not asked.contacts:
            made = round_.made
            return Made(contacts=made, visits=made)
        contacts = visits = 0
        for scored, assessment in zip(round_.assessments, source.assessments, strict=True):
            if not scored.is_made:
                continue
            recordings, of_variant = self._recordings(assessment), Variant(assessment.variant or variant)
            contacts += recordings if of_variant is not Variant.BRANCH else 0
            visits += of_variant is not Variant.RECORDING
        return Made(contacts=contacts, visits=visits)

    def _recordings(self, assessment: SeasonAssessment) -> int:
        if assessment.recordings is None and assessment.answers is not None and assessment.form is not None:
            scorer = self._own.scorers.for_answers(assessment.form, assessment.answers, assessment.subchannel)
            return scorer.sheet.recordings or 1
        return 1 if assessment.recordings is None else assessment.recordings


class RoundDesk:
    """Scores rounds under one ruleset."""

    def __init__(self, rules: Ruleset, forms: Mapping[str, Form]) -> None:
        self._score_rules = ScoreRules.of(rules)
        self._attempt_rules = AttemptRules.of(rules)
        self._zeroes = rules.text("critical.effect") == "section_zero"
        self.scorers = scorers_for(forms, rules)

    @property
    def has_deadline(self) -> bool:
        """Whether these rules say when an FAQ is late."""
        return self._score_rules.faq_deadline is not None

    def round(self, number: int, round_: SeasonRound, entry: SeasonEntry) -> RoundScore:
        """Score round `number` of `entry`. One assessment that is listed again and again in a row is scored once."""
        scored: list[AssessmentScore] = []
        before: SeasonAssessment | None = None
        for assessment in round_.assessments:
            scored.append(scored[-1] if assessment is before else self._assessment(assessment, entry))
            before = assessment
        return score_round(
            number,
            scored,
            self._score_rules,
            is_faq_late=self._is_faq_late(entry),
            manual_consistency=round_.consistency,
            ivrs=round_.ivrs,
        )

    def _is_faq_late(self, entry: SeasonEntry) -> bool:
        deadline = self._score_rules.faq_deadline
        if deadline is None or entry.faq_in_time:
            return False
        return entry.faq_filed_at is None or entry.faq_filed_at > deadline

    def _assessment(self, assessment: SeasonAssessment, entry: SeasonEntry) -> AssessmentScore:
        return score_assessment(self._facts(assessment, entry), entry.channel, self._score_rules)

    def _facts(self, assessment: SeasonAssessment, entry: SeasonEntry) -> Facts:
        if assessment.void is not None:
            reason = sentence(N_("void: {reason}"), reason=assessment.void)
            return Facts(id=assessment.id, state=Contact.VOID, base=assessment.base, why=reason)
        decided = self._score_rules.unreached_penalty
        if assessment.unreached:
            return Facts(id=assessment.id, state=Contact.UNREACHABLE, penalty=decided)
        has_base = assessment.base is not None or assessment.answers is not None
        state, cost = Contact.CONNECTED if has_base else Contact.OPEN, ZERO
        if assessment.attempts:
            state, cost = log_came_to(
                assessment.attempts,
                self._attempt_rules,
                entry.service,
                entry.channel,
                assessment.subchannel,
                has_base=has_base,
            )
        elif assessment.penalty and has_base:
            cost = decided
        failed = assessment.critical_failed and self._score_rules.critical_cap is not None
        base = assessment.base if self._zeroes or assessment.base_unzeroed is None else assessment.base_unzeroed
        why: Sentence | None = None
        if assessment.answers is not None and assessment.form is not None:
            base, failed, why = self._base(assessment.form, assessment.answers, assessment.subchannel)
        return Facts(
            id=assessment.id,
            state=state,
            base=base,
            ease_met=assessment.ease,
            penalty=cost,
            critical_failed=failed,
            why=why,
        )

    def _base(
        self, form: Form, answers: Mapping[str, object], subchannel: str | None
    ) -> tuple[Fraction | None, bool, Sentence | None]:
        """Return the base, whether a critical item failed where that matters, and why there is no base."""
        scorer = self.scorers.for_answers(form, answers, subchannel)
        base = scorer.base(answers)
        if base is None:
            return None, False, ALL_NOT_APPLICABLE
        return base, self._score_rules.critical_cap is not None and bool(scorer.critical_failed(answers)), None
