"""How sure rounds and finals are: each with its interval, what of it is borderline, and whether it changed (4.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from checklists.award.entry_score import EntryScore
from checklists.language import Text
from sync_server.database.queries.tallies import SpreadRow
from sync_server.pages.plot import SCORES, Scale, Spot, spot
from sync_server.pages.standings import Board, Row, Spreads, board
from sync_server.quality.intervals import CLEAR, EDGES, Interval, caught_up, is_borderline, of_kept, t_between
from sync_server.season.rules import Rules


class RoundLine(NamedTuple):
    """How sure one entry's round is. `step` None: there is no round before it, or no spread."""

    key: tuple[str, str]
    name: Text
    scores: int
    interval: Interval
    spot: Spot
    is_borderline: bool
    step: float | None
    is_clear: bool


class FinalLine(NamedTuple):
    """How sure one final is. `edges` lie inside its interval; so does `next_one`, next in its channel and industry."""

    row: Row
    interval: Interval
    edges: Sequence[float]
    next_one: Text | None


class RoundsView(NamedTuple):
    """The page of one round, and the finals."""

    rounds: Sequence[RoundLine]
    finals: Sequence[FinalLine]
    scale: Scale = SCORES

    @property
    def borderline(self) -> int:
        """How many finals are to be read again before the results."""
        return sum(bool(line.edges or line.next_one) for line in self.finals)

    @property
    def near(self) -> int:
        """How many rounds have an edge of a band inside."""
        return sum(line.is_borderline for line in self.rounds)


def rounds_view(
    spreads: Spreads, number: int, names: Mapping[str, Text], scores: Sequence[EntryScore], rules: Rules
) -> RoundsView:
    """Return the page of round `number`."""
    lines = [_line(key, by_round, number, names) for key, by_round in sorted(spreads.items())]
    return RoundsView([line for line in lines if line is not None], _finals(board(scores, rules, spreads)))


def _line(
    key: tuple[str, str], by_round: Mapping[int, SpreadRow], number: int, names: Mapping[str, Text]
) -> RoundLine | None:
    sure, before = _interval(by_round.get(number)), _interval(by_round.get(number - 1))
    if sure is None:
        return None
    t = None if before is None else t_between(before, sure)
    return RoundLine(
        key, names.get(key[0], {"en": key[0]}), by_round[number].scores, sure,
        spot(SCORES, sure.mean, (sure.low, sure.high)), is_borderline(sure, EDGES),
        None if before is None else sure.mean - before.mean, t is not None and abs(t) >= CLEAR,
    )  # fmt: skip


def _interval(row: SpreadRow | None) -> Interval | None:
    if row is None or row.mean is None or row.error is None or row.groups < 2:
        return None
    return of_kept(row.mean, row.error, row.groups)


def _finals(every: Board) -> Sequence[FinalLine]:
    rows, lines = every.rows, []
    figures = [None if row.figure is None else float(row.figure) for row in rows]
    groups = [(row.channel, row.industry) for row in rows]
    lower = caught_up([(group, figure, row.sure) for group, figure, row in zip(groups, figures, rows, strict=True)])
    for row, place in zip(rows, lower, strict=True):
        if row.sure is not None and row.final:
            edges = [edge for edge in EDGES if is_borderline(row.sure, [edge])]
            lines.append(FinalLine(row, row.sure, edges, None if place is None else rows[place].name))
    return lines
