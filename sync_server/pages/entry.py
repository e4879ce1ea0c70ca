"""The page of one entry: every term of its rounds, what its final rests on, and what a better band still needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS
from checklists.award.projection import Projection, projection
from checklists.award.result import Award, AwardResult
from checklists.award.rounds import RoundScore
from checklists.award.words import AWARD_WORDS, award_standing
from checklists.language import N_, Sentence, sentence
from checklists.number import decimal_text, exact_text, shown
from checklists.rules.ruleset import Ruleset
from checklists.rules.score_rules import ScoreRules
from sync_server.database.queries.standings import RulingRow
from sync_server.pages.standings import Row, row_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """One round of an entry, every term of its sum."""

    of: RoundScore
    mean: str
    reached_mean: str
    bonus: str
    faq: str
    deducted: str
    raw: str
    score: str
    exact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry's page."""

    score: EntryScore
    row: Row
    rounds: tuple[RoundView, ...]
    terms: str
    exact: str
    needed: tuple[Sentence, ...]
    unsettled: tuple[Sentence, ...]  # why its figures may still move
    awards: tuple[tuple[Sentence, Sentence], ...]
    digest: str
    rulings: Mapping[str | None, tuple[RulingRow, ...]]  # by assessment; None: about a round
    is_manual: bool  # the coordinator sets the consistency bonus


class GoingOn(NamedTuple):
    """What is not over: rounds that have not closed, and assessments not accepted yet, by round."""

    open_rounds: Sequence[int]
    waiting: Mapping[int, int]


def entry_view(
    score: EntryScore, awards: Sequence[AwardResult], rules: Ruleset, rulings: Sequence[RulingRow], going_on: GoingOn
) -> EntryView:
    """Return one entry's page. `rulings` are about the entry and its assessments."""
    score_rules = ScoreRules.of(rules)
    ahead = projection(score.rounds, score_rules, open_rounds=going_on.open_rounds)
    own = [
        result
        for result in awards
        if result.award is not Award.INDUSTRY
        or (result.industry == score.facts.industry and result.channel in (None, score.facts.channel.value))
    ]
    return EntryView(
        score=score,
        row=row_of(score, ahead),
        rounds=tuple(_round(each) for each in score.rounds),
        terms=" + ".join(
            f"{decimal_text(weight)} × {shown(each.score, 4) if each.score is not None else '–'}"
            for weight, each in zip(score.weights, score.rounds, strict=True)
        ),
        exact="" if score.final is None else exact_text(score.final),
        needed=_needed(ahead),
        unsettled=_unsettled(score, going_on),
        awards=tuple((sentence(AWARD_WORDS[result.award]), award_standing(result, score.key)) for result in own),
        digest=rules.digest,
        rulings={
            name: tuple(ruling for ruling in rulings if ruling.assessment_id == name)
            for name in {ruling.assessment_id for ruling in rulings}
        },
        is_manual=score_rules.consistency.method == "manual",
    )


def _round(score: RoundScore) -> RoundView:
    def four(value: Fraction | None) -> str:
        return "" if value is None else shown(value, 4)

    return RoundView(
        of=score,
        mean=four(score.mean),
        reached_mean=four(score.reached_mean),
        bonus=decimal_text(score.bonus.points),
        faq=decimal_text(score.faq) if score.faq else "",
        deducted=decimal_text(score.deducted) if score.deducted else "",
        raw=four(score.raw),
        score="" if score.score is None else shown(score.score),
        exact="" if score.score is None else exact_text(score.score),
    )


def _unsettled(score: EntryScore, going_on: GoingOn) -> tuple[Sentence, ...]:
    scored = [each.number for each in score.rounds if each.score is not None]
    lines = [sentence(N_("Round {number} is still open."), number=n) for n in scored if n in going_on.open_rounds]
    for number in scored:
        if count := going_on.waiting.get(number, 0):
            words = N_("Round {number}: assessments not accepted yet that its score rests on: {count}.")
            lines.append(sentence(words, number=number, count=count))
    return tuple(lines)


def _needed(ahead: Projection) -> tuple[Sentence, ...]:
    lines = []
    for band in ahead.needed:
        grade = sentence(GRADE_WORDS[band.grade])
        number = band.rounds[0]
        if band.is_certain:
            lines.append(sentence(N_("{grade} is certain already"), grade=grade))
        elif not band.is_reachable:
            lines.append(sentence(N_("{grade} is out of reach"), grade=grade))
        elif len(band.rounds) == 1:
            lines.append(
                sentence(N_("{grade} needs {score} in round {number}"), grade=grade, score=band.shown, number=number)
            )
        else:
            lines.append(
                sentence(
                    N_("{grade} needs {score} in each of rounds {rounds}"),
                    grade=grade,
                    score=band.shown,
                    rounds=tuple(band.rounds),
                )
            )
    return tuple(lines)
