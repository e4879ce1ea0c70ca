"""What the pages of the award print: rows and figures made ready, so that templates decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checklists.award.decide import decide_awards
from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS, threshold
from checklists.award.projection import BANDS, Projection, projection
from checklists.award.result import Award, AwardResult
from checklists.award.rounds import RoundScore
from checklists.award.words import AWARD_WORDS, award_standing
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import decimal_text, exact_text, shown
from checklists.problems import Problem
from checklists.rules.ruleset import Ruleset
from checklists.rules.score_rules import ScoreRules
from checklists.season.model import Season
from checklists.season.score import score_season
from checklists.season.what_if import Comparison, compare
from sync_server.database.queries.standings import DecisionRow
from sync_server.season.rules import Rules

BORDERLINE_WITHIN = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry in a table of standings. `place` is None without a final."""

    entrant: str
    channel: str
    industry: str
    name: Text
    place: int | None
    rounds: tuple[str, ...]
    final: str
    projected: str
    grade: str | None
    projected_grade: str | None
    mark: Sentence | None
    is_withdrawn: bool
    why: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entries of one channel and industry, the best first."""

    channel: str
    industry: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every group; `narrowed` keeps those asked for."""

    groups: tuple[Group, ...]
    industries: tuple[tuple[str, Text], ...]
    digest: str

    def narrowed(self, *, channel: str, industry: str) -> Board:
        """Return the groups of a channel and an industry, all of them where none is named."""
        kept = tuple(g for g in self.groups if channel in ("", g.channel) and industry in ("", g.industry))
        return Board(groups=kept, industries=self.industries, digest=self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """One round of an entry, every term of its sum."""

    told: RoundScore
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

    told: EntryScore
    row: Row
    rounds: tuple[RoundView, ...]
    terms: str
    exact: str
    projection: Projection
    needed: tuple[Sentence, ...]
    awards: tuple[tuple[Sentence, Sentence], ...]
    digest: str
    decisions: Mapping[str | None, tuple[DecisionRow, ...]]  # by assessment; None: about a round
    is_manual: bool  # the coordinator sets the consistency bonus


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardView:
    """One award's card."""

    name: Sentence
    industry: Text | None
    channel: str | None
    decision: AwardResult
    winners: tuple[Row, ...]
    others: tuple[tuple[Row, Sentence], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearEdge:
    """A final close to the edge of a band."""

    row: Row
    grade: Sentence
    edge: str
    gap: str
    is_above: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The what-if page: the rules in force, and what other rules would change."""

    rules: Ruleset
    comparison: Comparison | None
    problems: Sequence[Problem]


def board(told: Sequence[EntryScore], rules: Rules) -> Board:
    """Return the table of standings."""
    score_rules = ScoreRules.of(rules.rules)
    keys = sorted({(entry.facts.channel.value, entry.facts.industry) for entry in told})
    groups = []
    for channel, industry in keys:
        here = [e for e in told if (e.facts.channel.value, e.facts.industry) == (channel, industry)]
        groups.append(Group(channel=channel, industry=industry, rows=tuple(_rows(here, score_rules))))
    present = sorted({industry for _, industry in keys})
    return Board(
        groups=tuple(groups),
        industries=tuple((code, industry_name(code, rules)) for code in present),
        digest=rules.rules.digest,
    )


def industry_name(code: str, rules: Rules) -> Text:
    """Return the name of an industry, its code where the programme has none."""
    return next((held.name for held in rules.programme.industries if held.code == code), {"en": code})


def entry_view(
    told: EntryScore, awards: Sequence[AwardResult], rules: Rules, decided: Sequence[DecisionRow] = ()
) -> EntryView:
    """Return one entry's page."""
    score_rules = ScoreRules.of(rules.rules)
    ahead = projection(told.rounds, score_rules)
    mine = [
        decision
        for decision in awards
        if decision.award is not Award.INDUSTRY
        or (decision.industry == told.facts.industry and decision.channel in (None, told.facts.channel.value))
    ]
    return EntryView(
        told=told,
        row=_row(told, None, score_rules),
        rounds=tuple(_round(held) for held in told.rounds),
        terms=" + ".join(
            f"{decimal_text(weight)} × {shown(held.score, 4) if held.score is not None else '–'}"
            for weight, held in zip(told.weights, told.rounds, strict=True)
        ),
        exact="" if told.final is None else exact_text(told.final),
        projection=ahead,
        needed=_needed(ahead),
        awards=tuple((sentence(AWARD_WORDS[d.award]), award_standing(d, told.key)) for d in mine),
        digest=rules.rules.digest,
        decisions={
            name: tuple(one for one in decided if one.assessment_id == name)
            for name in {one.assessment_id for one in decided}
        },
        is_manual=score_rules.consistency.method == "manual",
    )


def award_views(told: Sequence[EntryScore], rules: Rules) -> tuple[AwardView, ...]:
    """Return every award with its winners, and how every other entry it concerns stands."""
    score_rules = ScoreRules.of(rules.rules)
    decided = decide_awards(told, rules.rules, year=rules.year)
    rows = {entry.key: _row(entry, None, score_rules) for entry in told}
    views = []
    for decision in decided:
        places = {(one.entrant, one.channel): one.place for one in decision.ranked}
        concerned = sorted(
            {*places, *((out.entrant, out.channel) for out in decision.not_eligible)} - set(decision.winners),
            key=lambda key: (places.get(key, len(places) + 1), key),
        )
        views.append(
            AwardView(
                name=sentence(AWARD_WORDS[decision.award]),
                industry=None if decision.industry is None else industry_name(decision.industry, rules),
                channel=decision.channel,
                decision=decision,
                winners=tuple(rows[key] for key in decision.winners),
                others=tuple((rows[key], award_standing(decision, key)) for key in concerned),
            )
        )
    return tuple(views)


def borderline(told: Sequence[EntryScore], rules: Rules) -> tuple[NearEdge, ...]:
    """Return the finals within BORDERLINE_WITHIN of a band's edge, the nearest first."""
    score_rules = ScoreRules.of(rules.rules)
    found = []
    for entry in told:
        if entry.final is None:
            continue
        for grade in BANDS:
            gap = entry.final - threshold(grade, score_rules.grades).final
            if abs(gap) <= BORDERLINE_WITHIN:
                near = NearEdge(
                    row=_row(entry, None, score_rules),
                    grade=sentence(GRADE_WORDS[grade]),
                    edge=shown(entry.final - gap),
                    gap=shown(abs(gap), 4),
                    is_above=gap >= 0,
                )
                found.append((abs(gap), entry.key, near))
    return tuple(near for _, _, near in sorted(found, key=lambda one: one[:2]))


def what_if(season: Season, rules: Rules, other: Ruleset) -> WhatIf:
    """Score a copy of the season under `other` rules and compare."""
    before, after = score_season(season, rules.rules), score_season(season, other)
    told = compare(before.entries, after.entries, awards=(before.awards, after.awards), rules=(rules.rules, other))
    return WhatIf(rules=other, comparison=told, problems=())


def _rows(entries: Iterable[EntryScore], rules: ScoreRules) -> Iterable[Row]:
    def order(entry: EntryScore) -> tuple[int, Fraction, tuple[str, str]]:
        ahead = projection(entry.rounds, rules).final
        if entry.final is not None:
            return 0, -entry.final, entry.key
        return (2, Fraction(0), entry.key) if ahead is None or entry.facts.is_withdrawn else (1, -ahead, entry.key)

    place, previous = 0, None
    for number, entry in enumerate(sorted(entries, key=order), 1):
        if entry.final is None:
            yield _row(entry, None, rules)
            continue
        place = place if entry.final == previous else number
        previous = entry.final
        yield _row(entry, place, rules)


def _row(entry: EntryScore, place: int | None, rules: ScoreRules) -> Row:
    ahead = projection(entry.rounds, rules)
    return Row(
        entrant=entry.facts.entrant,
        channel=entry.facts.channel.value,
        industry=entry.facts.industry,
        name=entry.facts.name,
        place=place,
        rounds=tuple("" if held.score is None else shown(held.score) for held in entry.rounds),
        final="" if entry.final is None else shown(entry.final),
        projected="" if ahead.final is None else shown(ahead.final),
        grade=entry.grade,
        projected_grade=ahead.grade,
        mark=_mark(entry),
        is_withdrawn=entry.facts.is_withdrawn,
        why=entry.why_no_final,
    )


def _mark(entry: EntryScore) -> Sentence | None:
    mark = entry.mark
    if mark is None or not (mark.crowns or mark.stars):
        return None
    return sentence(N_("{symbols} {run} golds in a row"), symbols="♛" * mark.crowns + "★" * mark.stars, run=mark.run)


def _round(held: RoundScore) -> RoundView:
    def four(value: Fraction | None) -> str:
        return "" if value is None else shown(value, 4)

    return RoundView(
        told=held,
        mean=four(held.mean),
        reached_mean=four(held.reached_mean),
        bonus=decimal_text(held.bonus.points),
        faq=decimal_text(held.faq) if held.faq else "",
        deducted=decimal_text(held.deducted) if held.deducted else "",
        raw=four(held.raw),
        score="" if held.score is None else shown(held.score),
        exact="" if held.score is None else exact_text(held.score),
    )


def _needed(ahead: Projection) -> tuple[Sentence, ...]:
    lines = []
    for told in ahead.needed:
        grade = sentence(GRADE_WORDS[told.grade])
        number = told.rounds[0]
        if told.is_certain:
            lines.append(sentence(N_("{grade} is certain already"), grade=grade))
        elif not told.is_reachable:
            lines.append(sentence(N_("{grade} is out of reach"), grade=grade))
        elif len(told.rounds) == 1:
            lines.append(
                sentence(N_("{grade} needs {score} in round {number}"), grade=grade, score=told.shown, number=number)
            )
        else:
            listed = ", ".join(map(str, told.rounds))
            lines.append(
                sentence(
                    N_("{grade} needs {score} in each of rounds {rounds}"), grade=grade, score=told.shown, rounds=listed
                )
            )
    return tuple(lines)
