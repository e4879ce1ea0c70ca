"""The working of one entry: every sum behind its final, grade, badge and awards, to be followed with a calculator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS, graded_on
from checklists.award.result import Award, AwardResult
from checklists.award.rounds import RoundScore
from checklists.award.spread import total
from checklists.award.words import AWARD_WORDS, award_standing
from checklists.language import N_, Language, Sentence, sentence
from checklists.number import decimal_text, exact_text, shown
from checklists.record.assessment import Contact
from checklists.record.attempts import Verdict, judge
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.ruleset import Ruleset
from checklists.rules.score_rules import ScoreRules
from checklists.score.assessment_score import AssessmentScore
from checklists.score.double_scoring import words_of_note
from checklists.score.scoring import Scorers
from checklists.season.model import SeasonAssessment, SeasonEntry, SeasonRound
from checklists.season.score import SeasonScore, scorers_for
from checklists.season.what_if import badge_words

Line = tuple[int, Sentence | str]


def entry_named(season: SeasonScore, name: str) -> EntryScore | None:
    """Return the entry that "entrant/channel" names."""
    entrant, _, channel = name.rpartition("/")
    return next((entry for entry in season.entries if entry.key == (entrant, channel)), None)


def working_text(season: SeasonScore, entry: EntryScore, language: Language) -> str:
    """Return the working of `entry` in `language`, for a terminal."""
    lines = []
    for indent, words in _Working(season, entry).lines():
        text = words.in_language(language) if isinstance(words, Sentence) else words
        lines.append(("  " * indent + text).rstrip())
    return "\n".join(lines) + "\n"


class _Working:
    def __init__(self, season: SeasonScore, entry: EntryScore) -> None:
        self._told = season
        self._entry = entry
        self._grades = ScoreRules.of(season.rules).grades
        self._read_rules(season.rules)
        self._source = _source(season, entry)

    def _read_rules(self, rules: Ruleset) -> None:
        """Read the rules of the round that is told next."""
        self._rules = ScoreRules.of(rules)
        self._attempt_rules = AttemptRules.of(rules)
        self._scorers: Scorers = scorers_for(self._told.season.forms, rules)

    def lines(self) -> Iterator[Line]:
        facts = self._entry.facts
        yield (
            0,
            sentence(
                N_("{name} ({entrant}), {channel}"), name=facts.name, entrant=facts.entrant, channel=facts.channel.value
            ),
        )
        yield (
            0,
            sentence(
                N_("Industry {industry}; size group {group}; organisation {organisation}"),
                industry=facts.industry,
                group=facts.size_group or "-",
                organisation=facts.organisation,
            ),
        )
        yield (
            0,
            sentence(
                N_("Rules {programme}, {digest}"),
                programme=self._told.season.programme.name,
                digest=self._told.rules.digest,
            ),
        )
        for score, source in zip(self._entry.rounds, self._source.rounds, strict=True):
            yield 0, ""
            yield from self._round(score, source)
        yield 0, ""
        yield from self._final()
        yield 0, ""
        yield 0, sentence(N_("Awards"))
        for decision in self._told.awards:
            yield from self._award(decision)
        if self._entry.warnings:
            yield 0, ""
            yield 0, sentence(N_("Warnings"))
            yield from ((1, warning) for warning in self._entry.warnings)

    def _round(self, round_: RoundScore, source: SeasonRound) -> Iterator[Line]:
        yield 0, sentence(N_("Round {number}"), number=round_.number)
        rules = self._told.season.rules_by_round.get(round_.number, self._told.rules)
        self._read_rules(rules)
        if rules != self._told.rules:
            yield 1, sentence(N_("Scored under the rules it opened with: {digest}"), digest=rules.digest)
        for scored, read in zip(round_.assessments, source.assessments, strict=True):
            yield 1, _assessment(scored)
            yield from self._behind(scored, read)
        if round_.reached_mean is not None:
            scores = [scored.score for scored in round_.assessments if scored.score is not None]
            yield (
                1,
                sentence(
                    N_("Mean of the {n} reached: {sum} / {n} = {mean}"),
                    n=len(scores),
                    sum=decimal_text(total(scores)),
                    mean=_exactly(round_.reached_mean),
                ),
            )
        if round_.unreached:
            yield 1, self._unreached(round_)
        if round_.mean is None:
            yield 1, sentence(N_("No round score: {why}"), why=round_.why_no_score or "")
            return
        yield (
            1,
            sentence(
                N_("Consistency +{points}: {why}"), points=decimal_text(round_.bonus.points), why=round_.bonus.why
            ),
        )
        if round_.faq:
            yield 1, sentence(N_("FAQ filed late or never: -{points}"), points=decimal_text(round_.faq))
        terms = [_exactly(round_.mean), f"+ {decimal_text(round_.bonus.points)}"]
        terms += [f"- {decimal_text(points)}" for points in (round_.faq, round_.deducted) if points]
        raw, score = round_.raw or Fraction(0), round_.score or Fraction(0)
        yield 1, sentence(N_("Round score: {sum} = {score}"), sum=" ".join(terms), score=_exactly(raw))
        if raw != score:
            yield 1, sentence(N_("Limited to {score}"), score=_exactly(score))

    def _behind(self, scored: AssessmentScore, read: SeasonAssessment) -> Iterator[Line]:
        """Say what the base and the penalty of one assessment rest on."""
        note = read.notes.get("settled")
        settled = words_of_note(note, scored.base) if isinstance(note, Mapping) and scored.base is not None else None
        if settled is not None:
            yield 2, settled
        if read.answers is not None and read.form is not None and scored.base is not None:
            scorer = self._scorers.for_answers(read.form, read.answers, read.subchannel)
            parts = [
                f"{section.key} {section.weight} × {decimal_text(section.earned)}/{decimal_text(section.possible)}"
                for part in scorer.working(read.answers).parts
                for section in part.sections
                if section.percent is not None
            ]
            yield 2, sentence(N_("from {form}: {parts}"), form=read.form.id, parts="; ".join(parts))
        if read.attempts and scored.penalty:
            series = judge(
                read.attempts,
                self._attempt_rules,
                self._source.service,
                self._source.channel,
                read.subchannel,
            )
            counted = [
                f"{judged.attempt.trusted_at.astimezone(self._attempt_rules.tz):%Y-%m-%d %H:%M}"
                f" {judged.attempt.outcome.value}"
                for judged in series.tries
                if judged.verdict is Verdict.COUNTS
            ]
            yield 2, sentence(N_("tries that count: {tries}"), tries="; ".join(counted))

    def _unreached(self, round_: RoundScore) -> Sentence:
        mode = self._rules.unreached_mode
        lost = total([s.penalty for s in round_.assessments if s.state is Contact.UNREACHABLE])
        if round_.reached_mean is None or round_.mean is None:
            return sentence(N_("{count} never reached, and nobody else was"), count=round_.unreached)
        if mode == "impute_minus_penalty":
            return sentence(
                N_("{count} never reached stand at that mean less their penalty: {mean} - {lost} / {all} = {result}"),
                count=round_.unreached,
                mean=_exactly(round_.reached_mean),
                lost=decimal_text(lost),
                all=round_.reached + round_.unreached,
                result=_exactly(round_.mean),
            )
        if mode == "zero":
            return sentence(
                N_("{count} never reached count as 0: {mean} × {n} / {all} = {result}"),
                count=round_.unreached,
                mean=_exactly(round_.reached_mean),
                n=round_.reached,
                all=round_.reached + round_.unreached,
                result=_exactly(round_.mean),
            )
        if mode == "round_deduct":
            return sentence(
                N_("{count} never reached: -{lost} off the round"), count=round_.unreached, lost=decimal_text(lost)
            )
        return sentence(N_("{count} never reached are left out"), count=round_.unreached)

    def _final(self) -> Iterator[Line]:
        entry = self._entry
        if entry.final is None or entry.raw is None or entry.grade is None:
            yield 0, sentence(N_("No final: {why}"), why=entry.why_no_final or "")
            return
        terms = " + ".join(
            f"{decimal_text(weight)} × {exact_text(round_.score or Fraction(0))}"
            for weight, round_ in zip(entry.weights, entry.rounds, strict=True)
        )
        yield 0, sentence(N_("Final: {terms} = {final}"), terms=terms, final=_exactly(entry.raw))
        if entry.raw != entry.final:
            yield 0, sentence(N_("Limited to {score}"), score=_exactly(entry.final))
        grades = self._grades
        yield (
            0,
            sentence(
                N_("Graded on {figure} ({rounding}, {dp} decimals): {grade}"),
                figure=decimal_text(graded_on(entry.final, grades)),
                rounding=grades.rounding,
                dp=grades.dp,
                grade=sentence(GRADE_WORDS[entry.grade]),
            ),
        )
        yield 0, sentence(N_("Sustainability mark: {mark}"), mark=badge_words(entry.badge))

    def _award(self, result: AwardResult) -> Iterator[Line]:
        facts = self._entry.facts
        if result.award is Award.INDUSTRY and (
            result.industry != facts.industry or result.channel not in (None, facts.channel.value)
        ):
            return
        yield (
            1,
            sentence(
                N_("{award}: {told}"),
                award=sentence(AWARD_WORDS[result.award]),
                told=award_standing(result, self._entry.key),
            ),
        )
        if result.award is Award.BEST_IVRS:
            if facts.ivrs_panel is not None:
                yield 2, sentence(N_("panel: {score}"), score=_exactly(facts.ivrs_panel))
            for round_ in self._entry.rounds:
                if round_.ivrs:
                    scores = " + ".join(map(decimal_text, round_.ivrs))
                    yield (
                        2,
                        sentence(
                            N_("round {number}: ({scores}) / {n}"),
                            number=round_.number,
                            scores=scores,
                            n=len(round_.ivrs),
                        ),
                    )


def _assessment(scored: AssessmentScore) -> Sentence:
    if scored.raw is None or scored.score is None or scored.base is None:
        return sentence(
            N_("{id}  {why}"),
            id=scored.id,
            why=scored.why_no_score or "",
        )
    terms = [_exactly(scored.base)]
    terms += [f"+ {decimal_text(scored.ease)}"] if scored.ease else []
    terms += [f"- {decimal_text(scored.penalty)}"] if scored.penalty else []
    whole = sentence(N_("{id}  {terms} = {score}"), id=scored.id, terms=" ".join(terms), score=_exactly(scored.raw))
    if scored.capped_for_critical:
        return sentence(N_("{told}, a critical item failed: {score}"), told=whole, score=_exactly(scored.score))
    if scored.raw != scored.score:
        return sentence(N_("{told}, limited to {score}"), told=whole, score=_exactly(scored.score))
    return whole


def _exactly(value: Fraction) -> str:
    """Return a figure to reckon with: the decimal where one is exact and short, else four decimals and the fraction."""
    text = decimal_text(value)
    if "/" not in text and len(text) <= 12:
        return text
    return f"{shown(value, 4)} ({exact_text(value)})"


def _source(season: SeasonScore, entry: EntryScore) -> SeasonEntry:
    return next(
        read
        for entrant in season.season.entrants
        if entrant.id == entry.facts.entrant
        for read in entrant.entries
        if read.channel is entry.facts.channel
    )
