"""The tables of standings, and the finals near an edge: rows made ready, so that templates decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS, threshold
from checklists.award.projection import BANDS, Projection, projection
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import shown
from checklists.rules.score_rules import ScoreRules
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
    badge: Sentence | None
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
class NearEdge:
    """A final close to the edge of a band."""

    row: Row
    grade: Sentence
    edge: str
    gap: str
    is_above: bool


def board(scores: Sequence[EntryScore], rules: Rules) -> Board:
    """Return the table of standings."""
    score_rules = ScoreRules.of(rules.rules)
    keys = sorted({(score.facts.channel.value, score.facts.industry) for score in scores})
    groups = []
    for channel, industry in keys:
        here = [e for e in scores if (e.facts.channel.value, e.facts.industry) == (channel, industry)]
        groups.append(Group(channel=channel, industry=industry, rows=_ranked(here, score_rules)))
    present = sorted({industry for _, industry in keys})
    return Board(
        groups=tuple(groups),
        industries=tuple((code, rules.industry_name(code)) for code in present),
        digest=rules.rules.digest,
    )


def borderline(scores: Sequence[EntryScore], rules: Rules) -> tuple[NearEdge, ...]:
    """Return the finals within BORDERLINE_WITHIN of a band's edge, the nearest first."""
    score_rules = ScoreRules.of(rules.rules)
    near = []
    for score in scores:
        if score.final is None:
            continue
        for grade in BANDS:
            gap = score.final - threshold(grade, score_rules.grades).final
            if abs(gap) <= BORDERLINE_WITHIN:
                edge = NearEdge(
                    row=row_of(score, projection(score.rounds, score_rules)),
                    grade=sentence(GRADE_WORDS[grade]),
                    edge=shown(score.final - gap),
                    gap=shown(abs(gap), 4),
                    is_above=gap >= 0,
                )
                near.append((abs(gap), score.key, edge))
    return tuple(edge for _, _, edge in sorted(near, key=lambda item: item[:2]))


def row_of(score: EntryScore, ahead: Projection, place: int | None = None) -> Row:
    """Return an entry as one row; `ahead` is its projection."""
    return Row(
        entrant=score.facts.entrant,
        channel=score.facts.channel.value,
        industry=score.facts.industry,
        name=score.facts.name,
        place=place,
        rounds=tuple("" if each.score is None else shown(each.score) for each in score.rounds),
        final="" if score.final is None else shown(score.final),
        projected="" if ahead.final is None else shown(ahead.final),
        grade=score.grade,
        projected_grade=ahead.grade,
        badge=_badge(score),
        is_withdrawn=score.facts.is_withdrawn,
        why=score.why_no_final,
    )


def _ranked(scores: Sequence[EntryScore], rules: ScoreRules) -> tuple[Row, ...]:
    """Return rows, the best first: finals, then what is projected, then what has no figure or was withdrawn."""

    def order(item: tuple[EntryScore, Projection]) -> tuple[int, Fraction, tuple[str, str]]:
        score, ahead = item
        if score.final is not None:
            return 0, -score.final, score.key
        if ahead.final is None or score.facts.is_withdrawn:
            return 2, Fraction(0), score.key
        return 1, -ahead.final, score.key

    rows: list[Row] = []
    place, previous = 0, None
    ordered = sorted(((score, projection(score.rounds, rules)) for score in scores), key=order)
    for number, (score, ahead) in enumerate(ordered, 1):
        if score.final is None:
            rows.append(row_of(score, ahead))
            continue
        place = place if score.final == previous else number
        previous = score.final
        rows.append(row_of(score, ahead, place))
    return tuple(rows)


def _badge(score: EntryScore) -> Sentence | None:
    badge = score.badge
    if badge is None or not (badge.crowns or badge.stars):
        return None
    symbols = "♛" * badge.crowns + "★" * badge.stars
    return sentence(N_("{symbols} {run} golds in a row"), symbols=symbols, run=badge.run)
