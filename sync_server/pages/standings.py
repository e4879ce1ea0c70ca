"""The table of standings, and the finals near an edge: rows made ready, so that templates decide nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS, threshold
from checklists.award.projection import BANDS, Projection, projection
from checklists.forms.form import AWARD_CHANNELS
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import shown
from checklists.rules.score_rules import ScoreRules
from sync_server.season.rules import Rules

BORDERLINE_WITHIN = Fraction(1, 2)
SCORE = re.compile(r"-?[0-9]+\.[0-9]+")
LOWEST = 60
PLOT = 192
STEP = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry in a table of standings. `place` is None without a figure; ties share one.

    `figure` is the final, or where there is none yet what is projected. `mark` is where it stands on the scale of PLOT,
    `steps` where each scored round does on the scale of STEP, and `moved` what lies between the first and the last.
    """

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
    figure: Fraction | None
    mark: str
    steps: tuple[tuple[int, str], ...]
    moved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every entry, the best first, in the channels and industries there are; `narrowed` keeps those asked for."""

    rows: tuple[Row, ...]
    industries: tuple[tuple[str, Text], ...]
    channels: tuple[tuple[str, int], ...]
    digest: str

    def narrowed(self, *, channel: str, industry: str) -> Board:
        """Return the entries of a channel and an industry, all where none is named, ranked among themselves."""
        kept = (row for row in self.rows if channel in ("", row.channel) and industry in ("", row.industry))
        return Board(rows=_placed(kept), industries=self.industries, channels=self.channels, digest=self.digest)


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
    rows = (row_of(score, projection(score.rounds, score_rules)) for score in scores)
    industries = sorted({score.facts.industry for score in scores})
    count = Counter(score.facts.channel for score in scores)
    return Board(
        rows=_placed(sorted(rows, key=_order)),
        industries=tuple((code, rules.industry_name(code)) for code in industries),
        channels=tuple((channel.value, count[channel]) for channel in AWARD_CHANNELS if count[channel]),
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


def row_of(score: EntryScore, ahead: Projection) -> Row:
    """Return an entry as one row without a place; `ahead` is its projection."""
    figure = None if score.facts.is_withdrawn else ahead.final if score.final is None else score.final
    scored = [(each.number, each.score) for each in score.rounds if each.score is not None]
    moved = scored[-1][1] - scored[0][1] if len(scored) > 1 else None
    return Row(
        entrant=score.facts.entrant,
        channel=score.facts.channel.value,
        industry=score.facts.industry,
        name=score.facts.name,
        place=None,
        rounds=tuple("" if each.score is None else shown(each.score) for each in score.rounds),
        final="" if score.final is None else shown(score.final),
        projected="" if ahead.final is None else shown(ahead.final),
        grade=score.grade,
        projected_grade=ahead.grade,
        badge=_badge(score),
        is_withdrawn=score.facts.is_withdrawn,
        why=score.why_no_final,
        figure=figure,
        mark="" if figure is None else _along(figure, PLOT),
        steps=tuple((number, _along(each, STEP)) for number, each in scored),
        moved="" if moved is None else f"{'−' if moved < 0 else '+'}{shown(abs(moved), 1)}",
    )


def _order(row: Row) -> tuple[bool, Fraction, str, str]:
    return row.figure is None, -(row.figure or Fraction(0)), row.entrant, row.channel


def _placed(rows: Iterable[Row]) -> tuple[Row, ...]:
    placed: list[Row] = []
    for number, row in enumerate(rows, 1):
        is_tied = bool(placed) and row.figure == placed[-1].figure
        place = placed[-1].place if is_tied else number
        placed.append(replace(row, place=None if row.figure is None else place))
    return tuple(placed)


def plotted(pair: tuple[Sentence | str, Sentence | str]) -> tuple[str, str] | None:
    """Return where two scores, as they are shown, stand on the scale of PLOT; None where one is not a score."""
    if not all(isinstance(each, str) and SCORE.fullmatch(each) for each in pair):
        return None
    before, after = (_along(Fraction(str(each)), PLOT) for each in pair)
    return before, after


def _along(score: Fraction, length: int) -> str:
    """Return where a score stands on a scale from LOWEST to 100 of this length; what is lower stands at its start."""
    return shown((max(score, Fraction(LOWEST)) - LOWEST) * length / (100 - LOWEST), 1)


def _badge(score: EntryScore) -> Sentence | None:
    badge = score.badge
    if badge is None or not (badge.crowns or badge.stars):
        return None
    symbols = "♛" * badge.crowns + "★" * badge.stars
    return sentence(N_("{symbols} {run} golds in a row"), symbols=symbols, run=badge.run)
