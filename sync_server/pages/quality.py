"""Quality: who marks apart, which scores lie far off, how sure each round is; each with what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple

from checklists.language import Text
from sync_server.database.queries.quality import ScoredRow
from sync_server.quality.intervals import Interval, is_borderline, is_clear_change, of_round
from sync_server.quality.leniency import Leniency, Mark, leniencies
from sync_server.quality.outliers import outliers

EDGES = (70.0, 80.0, 90.0)
Group = tuple[str, str, int]


class AssessorLine(NamedTuple):
    """How one assessor marks. `bar` is the shrunk leniency on a scale of 0 to 100, 50 being none."""

    id: str
    name: str
    scores: int
    mean: float
    how: Leniency
    bar: float


class FarOff(NamedTuple):
    """One score that lies far off the others of its entry and round."""

    row: ScoredRow
    name: Text
    median: float


class EntryLine(NamedTuple):
    """How sure one entry's round is. `step` None: there is no round before it."""

    key: tuple[str, str]
    name: Text
    interval: Interval
    is_borderline: bool
    step: float | None
    is_clear: bool


class QualityView(NamedTuple):
    """The page of one round."""

    assessors: Sequence[AssessorLine]
    far_off: Sequence[FarOff]
    entries: Sequence[EntryLine]

    @property
    def flagged(self) -> int:
        """How many assessors somebody should talk to."""
        return sum(line.how.is_flagged or line.how.has_no_spread for line in self.assessors)


def quality_view(
    rows: Sequence[ScoredRow], number: int, assessors: Mapping[str, str], entrants: Mapping[str, Text]
) -> QualityView:
    """Return the page of round `number`; `rows` are of every round."""
    here = [row for row in rows if row.round == number]
    groups: dict[Group, list[ScoredRow]] = defaultdict(list)
    for row in rows:
        groups[row.entrant_id, row.channel, row.round].append(row)
    return QualityView(
        _assessors(here, assessors),
        [one for group in sorted(groups) if group[2] == number for one in _far_off(groups[group], entrants)],
        list(_entries(groups, number, entrants)),
    )


def _assessors(rows: Sequence[ScoredRow], names: Mapping[str, str]) -> Sequence[AssessorLine]:
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        scores[row.assessor_id].append(row.base)
    found = leniencies(Mark(row.assessor_id, (row.entrant_id, row.channel), row.base) for row in rows)
    lines = [
        AssessorLine(
            name, names.get(name, name), len(scores[name]), fmean(scores[name]), how,
            max(0.0, min(100.0, 50 + 5 * how.shrunk)),
        )
        for name, how in found.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: -abs(line.how.shrunk))


def _far_off(rows: Sequence[ScoredRow], names: Mapping[str, Text]) -> Sequence[FarOff]:
    bases = [row.base for row in rows]
    places = outliers(bases)
    return [
        FarOff(rows[place], names.get(rows[place].entrant_id, {"en": rows[place].entrant_id}), median(bases))
        for place in places
    ]


def _entries(
    groups: Mapping[Group, Sequence[ScoredRow]], number: int, names: Mapping[str, Text]
) -> Sequence[EntryLine]:
    lines = []
    for entrant, channel, round_number in sorted(groups):
        bases = [row.base for row in groups[entrant, channel, round_number]]
        interval = of_round(bases)
        if round_number != number or interval is None:
            continue
        before = [row.base for row in groups.get((entrant, channel, number - 1), ())]
        lines.append(
            EntryLine(
                (entrant, channel), names.get(entrant, {"en": entrant}), interval, is_borderline(interval, EDGES),
                fmean(bases) - fmean(before) if before else None, is_clear_change(before, bases),
            )
        )  # fmt: skip
    return lines
