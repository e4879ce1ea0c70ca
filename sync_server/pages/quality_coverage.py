"""Was a round spread as it was wanted? By part of the week, weekday, language, branch, scenario and month (4.6).

QCV-1  A scenario is wanted as often as it was assigned. An entry is told by its poorest index, and by the months in
       which less than 40 % of its quota was done, counted once the month is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.language import Text
from checklists.plan.shares import coverage
from sync_server.database.queries.tallies import ScenarioCount
from sync_server.pages.plot import SHARES, Scale, Spot, spot
from sync_server.pages.season_map import RoundLine, SeasonMap
from sync_server.planning.coverage import LEAST
from sync_server.quality.coverage import Light, light_of, thin_months

Entry = tuple[str, str]
MONTHS = 2  # the rule of 40 % is for rounds of two months


class CoverageLine(NamedTuple):
    """One entry: its indices by kind, the poorest, and the months with too little."""

    key: Entry
    name: Text
    done: int
    quota: int | None
    indices: Mapping[str, Fraction]
    poorest: str
    light: Light
    thin: Sequence[str]
    spot: Spot


class CoverageView(NamedTuple):
    """The page of one round; `few` entries have too few visits to tell."""

    lines: Sequence[CoverageLine]
    few: int
    scale: Scale = SHARES

    @property
    def poor(self) -> int:
        """How many entries are not spread as they should be."""
        return sum(line.light is not Light.GREEN or bool(line.thin) for line in self.lines)


def coverage_view(
    season: SeasonMap,
    number: int,
    scenarios: Sequence[ScenarioCount],
    begun: Mapping[Entry, Sequence[str]],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> CoverageView:
    """Return the page of round `number`; `begun` are the moments of its visits (UTC text)."""
    by_scenario = _scenarios(scenarios)
    lines, few = [], 0
    over = _months_over(next((row for row in season.rounds if row.number == number), None), zone, now)
    for line in (line for group in season.groups for line in group.lines):
        cell = next((cell for cell in line.cells if cell.round == number), None)
        key = (line.entrant_id, line.channel)
        if cell is None or cell.done < LEAST:
            few += cell is not None and cell.done > 0
            continue
        found = dict(cell.coverage)
        index = by_scenario.get(key)
        if index is not None:
            found["scenario"] = index
        poorest = min(found, key=lambda kind: found[kind], default="")
        value = found.get(poorest, Fraction(1))
        months = dict.fromkeys(over, 0)
        for at in begun.get(key, ()):
            month = _month(at, zone)
            if month in months:
                months[month] += 1
        lines.append(
            CoverageLine(
                key, line.name, cell.done, cell.quota, found, poorest, light_of(value),
                thin_months(months, cell.quota) if cell.quota else (), spot(SHARES, float(100 * value)),
            )
        )  # fmt: skip
    return CoverageView(sorted(lines, key=lambda line: (line.indices.get(line.poorest, 1), line.key)), few)


def _scenarios(rows: Sequence[ScenarioCount]) -> Mapping[Entry, Fraction]:
    done: dict[Entry, dict[str, int]] = {}
    wanted: dict[Entry, dict[str, int]] = {}
    for row in rows:
        key = (row.entrant_id, row.channel)
        wanted.setdefault(key, {})[row.scenario] = row.assigned
        done.setdefault(key, {})[row.scenario] = row.done
    found = {key: coverage(done[key], wanted[key]) for key in wanted}
    return {key: index for key, index in found.items() if index is not None}


def _months_over(around: RoundLine | None, zone: ZoneInfo, now: datetime) -> Sequence[str]:
    """Return the months of a round of two months that are over, as year and month."""
    if around is None:
        return ()
    months, first = [], around.opens_at.astimezone(zone).date().replace(day=1)
    closes_on, today = around.closes_at.astimezone(zone).date(), now.astimezone(zone).date()
    while first < closes_on:
        following = (first + timedelta(days=31)).replace(day=1)
        months.append((f"{first:%Y-%m}", following))
        first = following
    return [name for name, end in months if end <= today] if len(months) == MONTHS else ()


def _month(at: str, zone: ZoneInfo) -> str:
    return _month_of_hour(at[:13], zone)


@lru_cache(maxsize=16_384)
def _month_of_hour(hour: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(f'{hour}:00').replace(tzinfo=UTC).astimezone(zone):%Y-%m}"
