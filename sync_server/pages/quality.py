"""Quality: who marks apart or within a narrow range, and which scores lie far off; each with what to do (4.1, 4.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean, median, stdev
from typing import NamedTuple

from checklists.language import N_, Template, Text
from sync_server.database.queries.quality import ScoredRow
from sync_server.pages.plot import LENIENCY, SCORES, Scale, Spot, spot
from sync_server.quality.intervals import Z
from sync_server.quality.leniency import Leniency, Mark, leniencies
from sync_server.quality.outliers import outliers

PARTS: Mapping[str, Template] = {
    "scores": N_("Assessors and scores"),
    "rounds": N_("Intervals"),
    "agreement": N_("Agreement"),
    "items": N_("Questions"),
    "service": N_("Service"),
    "coverage": N_("Coverage"),
}
Group = tuple[str, str]


class AssessorLine(NamedTuple):
    """How one assessor marks. `spread` is the standard deviation of the scores, None of fewer than two."""

    id: str
    name: str
    scores: int
    mean: float
    spread: float | None
    how: Leniency
    spot: Spot


class FarOff(NamedTuple):
    """One score that lies far off the others of its entry and round."""

    row: ScoredRow
    name: Text
    median: float
    spot: Spot


class QualityView(NamedTuple):
    """The page of one round."""

    assessors: Sequence[AssessorLine]
    far_off: Sequence[FarOff]
    scale: Scale = LENIENCY
    scores: Scale = SCORES

    @property
    def flagged(self) -> int:
        """How many assessors somebody should talk to."""
        return sum(line.how.is_flagged or line.how.has_no_spread for line in self.assessors)


def quality_view(rows: Sequence[ScoredRow], assessors: Mapping[str, str], entrants: Mapping[str, Text]) -> QualityView:
    """Return the page of the round that `rows` are of."""
    groups: dict[Group, list[ScoredRow]] = defaultdict(list)
    for row in rows:
        groups[row.entrant_id, row.channel].append(row)
    return QualityView(
        _assessors(rows, assessors), [one for group in sorted(groups) for one in _far_off(groups[group], entrants)]
    )


def _assessors(rows: Sequence[ScoredRow], names: Mapping[str, str]) -> Sequence[AssessorLine]:
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        scores[row.assessor_id].append(row.base)
    found = leniencies(Mark(row.assessor_id, (row.entrant_id, row.channel), row.base) for row in rows)
    lines = [
        AssessorLine(
            name, names.get(name, name), len(scores[name]), fmean(scores[name]),
            stdev(scores[name]) if len(scores[name]) > 1 else None, how, _spot(how),
        )
        for name, how in found.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: -abs(line.how.shrunk))


def _spot(how: Leniency) -> Spot:
    if how.error is None:
        return spot(LENIENCY, how.shrunk)
    half = Z * how.error * (how.shrunk / how.plain if how.plain else 1)
    return spot(LENIENCY, how.shrunk, (how.shrunk - half, how.shrunk + half))


def _far_off(rows: Sequence[ScoredRow], names: Mapping[str, Text]) -> Sequence[FarOff]:
    bases = [row.base for row in rows]
    places = outliers(bases)
    middle = median(bases) if places else 0.0
    return [
        FarOff(
            rows[place], names.get(rows[place].entrant_id, {"en": rows[place].entrant_id}), middle,
            Spot(full=SCORES.along(rows[place].base), hollow=SCORES.along(middle)),
        )
        for place in places
    ]  # fmt: skip
