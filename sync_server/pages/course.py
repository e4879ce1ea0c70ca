"""Where an entry was heading, day by day, as a line from the season's first day to its last.

CRS-1  Between two days on which a standing was made the figure stays; the line ends on the last of them, never later.
CRS-2  Every point says how many visits it rests on, and the last one of how many that the whole season asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.rules.ruleset import Ruleset
from sync_server.database.queries import season
from sync_server.database.queries.projected_days import DayRow, day_rows
from sync_server.database.queries.releases import RoundRow, round_rows
from sync_server.pages.standings import LOWEST
from sync_server.planning.coverage import visits_wanted

WIDE, HIGH = 120, 40
SCALE = 100 - LOWEST


class Point(NamedTuple):
    """One day: the figure as it is shown, its band, and the visits it rests on."""

    on: date
    shown: str
    grade: str | None
    made: int


class Course(NamedTuple):
    """The days of one entry, the oldest first, never none. `line` are the corners of its plot, WIDE by HIGH."""

    points: Sequence[Point]
    line: str
    quota: int | None

    @property
    def last(self) -> Point:
        """Where it is heading now."""
        return self.points[-1]

    @property
    def rests_on(self) -> int | None:
        """The share of the season's quota that the last figure rests on, in percent."""
        return min(100, 100 * self.last.made // self.quota) if self.quota else None

    @property
    def end(self) -> tuple[str, str]:
        """Where the line ends."""
        across, _, down = self.line.rpartition(" ")[2].partition(",")
        return across, down


def quotas_of(
    entries: Sequence[Mapping[str, Any]], entrants: Mapping[str, Mapping[str, Any]], rules: Ruleset
) -> Mapping[tuple[str, str], int | None]:
    """Return how many visits a round asks of each of `entries`; None where its size is not known."""
    return {
        (entrant["id"], entry["channel"]): visits_wanted(
            entry["channel"], entrant["seats"], entrant["branches"], entry["onsite_variant"], rules
        )
        for entry in entries
        if (entrant := entrants[entry["entrant_id"]])
    }


def season_courses(
    db: Connection,
    rounds: Sequence[RoundRow],
    zone: ZoneInfo,
    quotas: Mapping[tuple[str, str], int | None],
    key: tuple[str, str] | None = None,
) -> Mapping[tuple[str, str], Course]:
    """Return the course of every entry, or of one, over `rounds`; `quotas` are what one round asks of each."""
    if not rounds:
        return {}
    first = min(row.opens_at for row in rounds).astimezone(zone).date()
    last = max(row.closes_at for row in rounds).astimezone(zone).date()
    whole = {each: None if quota is None else quota * len(rounds) for each, quota in quotas.items()}
    return courses(day_rows(db, key), first, last, whole)


def course_of(db: Connection, rules: Ruleset, key: tuple[str, str]) -> Course | None:
    """Return the course of one entry, if it has one."""
    entries = [row for row in season.rows_of(db, "entries") if (row["entrant_id"], row["channel"]) == key]
    entrants = {row["id"]: row for row in season.rows_of(db, "entrants")}
    quotas = quotas_of(entries, entrants, rules)
    return season_courses(db, round_rows(db), rules.zone("tz"), quotas, key).get(key)


def courses(
    rows: Sequence[DayRow], first: date, last: date, quotas: Mapping[tuple[str, str], int | None]
) -> Mapping[tuple[str, str], Course]:
    """Return the course of each entry that has one. `quotas` are of all rounds together."""
    points: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in rows:
        points[row.entrant_id, row.channel].append(Point(date.fromisoformat(row.day), row.shown, row.grade, row.made))
    return {key: Course(each, _line(each, first, last), quotas.get(key)) for key, each in points.items()}


def _line(points: Sequence[Point], first: date, last: date) -> str:
    days = max(1, (last - first).days)
    corners: list[str] = []
    height = ""
    for point in points:
        across = f"{WIDE * min(max(0, (point.on - first).days), days) / days:.1f}"
        if height:
            corners.append(f"{across},{height}")
        height = f"{HIGH - HIGH * (min(max(float(point.shown), LOWEST), 100) - LOWEST) / SCALE:.1f}"
        corners.append(f"{across},{height}")
    return " ".join(corners)
