"""The table of standings, and the finals near an edge: rows made ready, so that templates decide nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS, threshold
from checklists.award.projection import BANDS, Projection, projection
from checklists.forms.form import AWARD_CHANNELS
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import shown
from checklists.rules.score_rules import ScoreRules
from sync_server.database.queries.tallies import SpreadRow
from sync_server.pages.plot import SCORES, Scale, Spot
from sync_server.quality.intervals import Interval, is_borderline, of_rounds
from sync_server.season.rules import Rules

Spreads = Mapping[tuple[str, str], Mapping[int, SpreadRow]]
BORDERLINE_WITHIN = Fraction(1, 2)
SCORE = re.compile(r"-?[0-9]+\.[0-9]+")
LOWEST = 60
STEP = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry in a table of standings. `place` is None without a figure; ties share one.

    `figure` is the final, or where there is none yet what is projected; `sure` its 95 % interval, None where a round
    has no spread. `spot` is where it stands on the board's scale, `steps` where each scored round does on the scale of
    STEP, and `moved` what lies between the first and the last.
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
    sure: Interval | None
    spot: Spot
    steps: tuple[tuple[int, str], ...]
    moved: str

    @property
    def interval(self) -> str:
        """Half of the interval, as people write it; "" without one."""
        return "" if self.sure is None else f"±{self.sure.high - self.sure.mean:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every entry, the best first, in the channels and industries there are; `narrowed` keeps those asked for."""

    rows: tuple[Row, ...]
    industries: tuple[tuple[str, Text], ...]
    channels: tuple[tuple[str, int], ...]
    digest: str
    scale: Scale = SCORES

    def narrowed(self, *, channel: str, industry: str) -> Board:
        """Return the entries of a channel and an industry, all where none is named, ranked among themselves."""
        kept = (row for row in self.rows if channel in ("", row.channel) and industry in ("", row.industry))
        return Board(rows=_placed(kept), industries=self.industries, channels=self.channels, digest=self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearEdge:
    """A final close to the edge of a band; `is_inside`: the edge lies in its 95 % interval."""

    row: Row
    grade: Sentence
    edge: str
    gap: str
    is_above: bool
    is_inside: bool


def by_entry(rows: Iterable[SpreadRow]) -> Spreads:
    """Return the spreads of each entry by round."""
    found: dict[tuple[str, str], dict[int, SpreadRow]] = {}
    for row in rows:
        found.setdefault((row.entrant_id, row.channel), {})[row.round] = row
    return found


def _sure_row(score: EntryScore, rules: ScoreRules, spreads: Spreads) -> Row:
    ahead = projection(score.rounds, rules)
    return row_of(score, ahead, sure_of(score, _figure(score, ahead), rules.weights, spreads))


def _figure(score: EntryScore, ahead: Projection) -> Fraction | None:
    return None if score.facts.is_withdrawn else ahead.final if score.final is None else score.final


def sure_of(
    score: EntryScore, figure: Fraction | None, weights: Sequence[Fraction], spreads: Spreads
) -> Interval | None:
    """Return the interval of a final, or of what is projected from the rounds so far; bonuses are taken as constants.

    None: there is no figure, or a scored round has no spread.
    """
    here, scored = spreads.get(score.key, {}), [each.number for each in score.rounds if each.score is not None]
    weighed = [(float(weights[number - 1]), here[number].error if number in here else None) for number in scored]
    return None if figure is None else of_rounds(float(figure), weighed)


def board(scores: Sequence[EntryScore], rules: Rules, spreads: Spreads | None = None) -> Board:
    """Return the table of standings; `spreads` give each its interval."""
    score_rules = ScoreRules.of(rules.rules)
    rows = (_sure_row(score, score_rules, spreads or {}) for score in scores)
    industries = sorted({score.facts.industry for score in scores})
    count = Counter(score.facts.channel for score in scores)
    return Board(
        rows=_placed(sorted(rows, key=_order)),
        industries=tuple((code, rules.industry_name(code)) for code in industries),
        channels=tuple((channel.value, count[channel]) for channel in AWARD_CHANNELS if count[channel]),
        digest=rules.rules.digest,
    )


def borderline(scores: Sequence[EntryScore], rules: Rules, spreads: Spreads | None = None) -> tuple[NearEdge, ...]:
    """Return the finals within BORDERLINE_WITHIN of a band's edge, or with it in their interval, the nearest first."""
    score_rules = ScoreRules.of(rules.rules)
    near = []
    for score in scores:
        if score.final is None:
            continue
        row = _sure_row(score, score_rules, spreads or {})
        for grade in BANDS:
            gap = score.final - threshold(grade, score_rules.grades).final
            is_inside = row.sure is not None and is_borderline(row.sure, [float(score.final - gap)])
            if abs(gap) <= BORDERLINE_WITHIN or is_inside:
                edge = NearEdge(
                    row=row,
                    grade=sentence(GRADE_WORDS[grade]),
                    edge=shown(score.final - gap),
                    gap=shown(abs(gap), 4),
                    is_above=gap >= 0,
                    is_inside=is_inside,
                )
                near.append((abs(gap), score.key, edge))
    return tuple(edge for _, _, edge in sorted(near, key=lambda item: item[:2]))


def row_of(score: EntryScore, ahead: Projection, sure: Interval | None = None) -> Row:
    """Return an entry as one row without a place; `ahead` is its projection."""
    figure = _figure(score, ahead)
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
        sure=sure,
        spot=Spot() if figure is None else _spot(figure, sure, is_final=score.final is not None),
        steps=tuple((number, _step(each)) for number, each in scored),
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


def plotted(pair: tuple[Sentence | str, Sentence | str]) -> Spot:
    """Return two scores, as they are shown, on the scale of scores: hollow the first; nothing where one is no score."""
    if not all(isinstance(each, str) and SCORE.fullmatch(each) for each in pair):
        return Spot()
    before, after = (SCORES.along(float(str(each))) for each in pair)
    return Spot(full=after, hollow=before)


def _spot(figure: Fraction, sure: Interval | None, *, is_final: bool) -> Spot:
    at = SCORES.along(float(figure))
    low, high = ("", "") if sure is None else (SCORES.along(sure.low), SCORES.along(sure.high))
    return Spot(full=at if is_final else "", hollow="" if is_final else at, low=low, high=high)


def _step(score: Fraction) -> str:
    """Return where a round stands on a scale of STEP from LOWEST to 100; what is lower stands at its start."""
    return shown((max(score, Fraction(LOWEST)) - LOWEST) * STEP / (100 - LOWEST), 1)


def _badge(score: EntryScore) -> Sentence | None:
    badge = score.badge
    if badge is None or not (badge.crowns or badge.stars):
        return None
    symbols = "♛" * badge.crowns + "★" * badge.stars
    return sentence(N_("{symbols} {run} golds in a row"), symbols=symbols, run=badge.run)
