"""Where the season stands: done of quota by entry and round, how it is spread, and visits by district.

SMP-1  A cell says done and quota in visits; its shade repeats the share. In a round under way it is marked where it is
       behind (TDY-2), and where its poorest coverage index is below .90 or .80.
SMP-3  The eighteen districts stand where they lie, also those without a visit; other names follow.
SMP-2  What is done is what came and counts: finished, returned or accepted. What more than the quota was done is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.language import Text
from checklists.plan.dayparts import Daypart, daypart_of
from sync_server.database.queries import desk_day as queries
from sync_server.database.queries import season
from sync_server.database.queries.change_sets import season_version
from sync_server.database.queries.desk_day import Assigned
from sync_server.database.queries.releases import RoundRow, round_rows
from sync_server.pages.course import Course, quotas_of, season_courses
from sync_server.pages.today import BEHIND
from sync_server.planning.coverage import AMBER, GREEN, Made, Wanted, indices, wanted_of
from sync_server.planning.districts import DISTRICTS, code_of
from sync_server.planning.holidays import general_holidays
from sync_server.season.rules import rules_in_force, version_in_force

_SHADES = (Fraction(1, 2), Fraction(6, 10), Fraction(7, 10), Fraction(1))


class Cell(NamedTuple):
    """One entry in one round. `coverage` are its indices by kind, `mark` what the poorest of them means."""

    round: int
    done: int
    quota: int | None
    is_open: bool
    is_behind: bool
    coverage: Mapping[str, Fraction]

    @property
    def shade(self) -> int:
        """0 to 4: how much of the quota is done."""
        if not self.quota:
            return 0
        return sum(Fraction(self.done, self.quota) >= least for least in _SHADES)

    @property
    def mark(self) -> str:
        """ "", "amber" or "red"."""
        poorest = min(self.coverage.values(), default=GREEN)
        return "" if poorest >= GREEN else "amber" if poorest >= AMBER else "red"


class Line(NamedTuple):
    """An entry with a cell for each round."""

    entrant_id: str
    name: Text
    channel: str
    cells: Sequence[Cell]
    course: Course | None


class Group(NamedTuple):
    """The entries of one industry group."""

    name: Text
    lines: Sequence[Line]


class RoundLine(NamedTuple):
    """A round as a whole: its weight in percent, what is done of its quota, and how much of its time is gone."""

    number: int
    weight: str
    done: int
    quota: int
    gone: int
    opens_at: datetime
    closes_at: datetime


class Tile(NamedTuple):
    """A district: visits done and assigned in the round that is shown. Without a place it is none of the eighteen."""

    name: Text
    done: int
    planned: int
    place: tuple[int, int] | None = None

    @property
    def shade(self) -> int:
        """0 to 4: how much of what is planned is done; 0 where nothing is."""
        return min(4, 4 * self.done // self.planned) if self.planned else 0

    @property
    def is_thin(self) -> bool:
        """Whether less than half of what is planned is done."""
        return self.done * 2 < self.planned


class SeasonMap(NamedTuple):
    """The page. `shown` is the round whose districts are shown, the one under way or the last that opened."""

    rounds: Sequence[RoundLine]
    groups: Sequence[Group]
    tiles: Sequence[Tile]
    shown: int | None
    entries: int
    entrants: int


class AssignedBook:
    """Where and how each visit is made: read once for each state of the season, because the bodies are large."""

    def __init__(self) -> None:
        self._version = -1
        self._known: dict[int, Mapping[str, Assigned]] = {}

    def of(self, db: Connection, number: int) -> Mapping[str, Assigned]:
        """Return every assignment of a round, by its id. Every change of one is a change of the season."""
        version = season_version(db)
        if version != self._version:
            self._known, self._version = {}, version
        if number not in self._known:
            self._known[number] = queries.assigned(db, number)
        return self._known[number]


def season_map(db: Connection, now: datetime, book: AssignedBook, only: int | None = None) -> SeasonMap:
    """Return where the season stands.

    `only`: that round alone, without courses and districts; of a large season it costs a third.
    """
    zone, rules = version_in_force(db).zone, rules_in_force(db)
    every = sorted(round_rows(db))
    rounds = [row for row in every if only in (None, row.number)]
    assigned = {name: each for row in rounds for name, each in book.of(db, row.number).items()}
    entrants = {row["id"]: row for row in season.rows_of(db, "entrants")}
    entries = [row for row in season.rows_of(db, "entries") if not row["withdrawn"]]
    holidays = _holidays(every, zone)
    by_cell, at_branches = _counted(queries.visits(db, only), assigned, _placing(zone, holidays))
    lines: dict[str, list[Line]] = defaultdict(list)
    totals: Counter[int] = Counter()
    asked = quotas_of(entries, entrants, rules.rules)
    over_time = season_courses(db, rounds, zone, asked) if only is None else {}
    quotas: Counter[int] = Counter()
    for entry in entries:
        entrant = entrants[entry["entrant_id"]]
        quota = asked[entrant["id"], entry["channel"]]
        cells = []
        for around in rounds:
            made = by_cell.get((entry["entrant_id"], entry["channel"], around.number), {})
            wanted = wanted_of(entry["service"], *_days(around, zone), holidays) if made else None
            cell = _cell(around, now, quota, made, wanted)
            cells.append(cell)
            totals[around.number] += cell.done
            quotas[around.number] += quota or 0
        course = over_time.get((entrant["id"], entry["channel"]))
        lines[entrant["industry"]].append(Line(entrant["id"], entrant["name"], entry["channel"], cells, course))
    shown = max((row.number for row in rounds if row.opens_at <= now), default=None)
    weights = rules.rules.numbers("rounds.weights")
    return SeasonMap(
        rounds=[
            RoundLine(
                row.number,
                f"{float(weights[row.number - 1] * 100):g}" if row.number <= len(weights) else "",
                totals[row.number],
                quotas[row.number],
                _gone(row, now),
                row.opens_at,
                row.closes_at,
            )
            for row in rounds
        ],
        groups=[Group(each.name, lines[each.code]) for each in rules.programme.industries if lines.get(each.code)],
        tiles=_tiles(db, at_branches, assigned, shown) if shown is not None and only is None else (),
        shown=shown,
        entries=len(entries),
        entrants=len({row["entrant_id"] for row in entries}),
    )


def _cell(around: RoundRow, now: datetime, quota: int | None, made: Mapping[Made, int], wanted: Wanted | None) -> Cell:
    is_open = around.opens_at <= now < around.closes_at
    done = sum(made.values())
    behind = is_open and bool(quota) and Fraction(_gone(around, now), 100) - Fraction(done, quota or 1) >= BEHIND
    return Cell(around.number, done, quota, is_open, behind, indices(made, wanted) if wanted else {})


def _days(around: RoundRow, zone: ZoneInfo) -> tuple[date, date]:
    last = (around.closes_at - timedelta(microseconds=1)).astimezone(zone).date()
    return around.opens_at.astimezone(zone).date(), last


def _counted(
    visits: Sequence[tuple[str, str, int, str, str]],
    assigned: Mapping[str, Assigned],
    place_of: Callable[[str], tuple[Daypart, int]],
) -> tuple[Mapping[tuple[str, str, int], Mapping[Made, int]], Mapping[tuple[int, str], int]]:
    """Return how many visits were made where in the week, by entry and round; and how many by round and branch."""
    counted: Counter[tuple[str, str, int, tuple[Daypart, int], Assigned]] = Counter(
        (entrant, channel, number, place_of(started[:16]), assigned[name])
        for entrant, channel, number, started, name in visits
        if name in assigned  # site visits have a round of their own
    )
    by_cell: dict[tuple[str, str, int], Counter[Made]] = defaultdict(Counter)
    at_branches: Counter[tuple[int, str]] = Counter()
    for (entrant, channel, number, (part, weekday), where), count in counted.items():
        by_cell[entrant, channel, number][Made(part, weekday, where.language, where.branch_id)] += count
        if where.branch_id is not None:
            at_branches[number, where.branch_id] += count
    return by_cell, at_branches


def _placing(zone: ZoneInfo, holidays: tuple[date, ...]) -> Callable[[str], tuple[Daypart, int]]:
    """Return what finds the place of a minute (UTC text) in the week; visits of one minute share the reckoning."""
    places: dict[str, tuple[Daypart, int]] = {}
    closed = frozenset(holidays)

    def place_of(minute: str) -> tuple[Daypart, int]:
        if minute not in places:
            local = datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone)
            part = daypart_of(local.date(), local.hour * 60 + local.minute, closed)
            places[minute] = part, local.isoweekday()
        return places[minute]

    return place_of


def _gone(around: RoundRow, now: datetime) -> int:
    """Return how much of a round's time is over, in percent."""
    whole = (around.closes_at - around.opens_at).total_seconds()
    return int(100 * min(1.0, max(0.0, (now - around.opens_at).total_seconds() / whole)))


def _holidays(rounds: Sequence[RoundRow], zone: ZoneInfo) -> tuple[date, ...]:
    if not rounds:
        return ()
    first = min(row.opens_at for row in rounds).astimezone(zone).date()
    return general_holidays(first, max(row.closes_at for row in rounds).astimezone(zone).date())


def _tiles(
    db: Connection, at_branches: Mapping[tuple[int, str], int], assigned: Mapping[str, Assigned], shown: int
) -> Sequence[Tile]:
    names = {row["id"]: row["district"] or "" for row in season.rows_of(db, "branches")}
    districts = {branch: code_of(name) or name for branch, name in names.items()}
    done: Counter[str] = Counter()
    for (number, branch), count in at_branches.items():
        done[districts.get(branch, "")] += count if number == shown else 0
    planned = Counter(
        districts.get(each.branch_id, "")
        for each in assigned.values()
        if each.round == shown and each.branch_id is not None and not each.withdrawn
    )
    if not any(done) and not any(planned):
        return ()
    own = [Tile(each.name, done[each.code], planned[each.code], (each.column, each.row)) for each in DISTRICTS]
    others = sorted({name for name in (*done, *planned) if name} - {each.code for each in DISTRICTS})
    return [*own, *(Tile({"en": name}, done[name], planned[name]) for name in others)]
