"""Statements of the quality pages: marks of visits, and the sums of each entry's round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.queries.award_rows import BESIDE
from sync_server.database.queries.driver import insert_rows, select_rows
from sync_server.database.tables import assessments, assignments, branches, entry_tallies, visit_marks


class CountedVisit(NamedTuple):
    """A visit that counts, as it is now: its base in millionths, its branch, and its marks where those are kept."""

    id: str
    round: int
    digest: str
    corrections: int
    base_millionths: int | None
    branch: str | None
    body: str | None


class MarkedVisit(NamedTuple):
    """A visit of an entry with its marks, and what names it to a person."""

    id: str
    round: int
    started_at: datetime
    base_shown: str
    branch: Mapping[str, str] | None
    body: str


class MarksRow(NamedTuple):
    """The marks of one revision, to be kept."""

    assessment_id: str
    digest: str
    corrections: int
    body: str


class TallyRow(NamedTuple):
    """The sums of an entry's round."""

    entrant_id: str
    channel: str
    round: int
    basis: str
    scores: int
    mean: float | None
    error: float | None
    groups: int
    body: str


class SpreadRow(NamedTuple):
    """How sure an entry's round is: mean of its bases, standard error of it (None: fewer than two), from how many."""

    entrant_id: str
    channel: str
    round: int
    scores: int
    mean: float | None
    error: float | None
    groups: int


class ScenarioCount(NamedTuple):
    """How often a scenario was assigned to an entry in a round, and how often it was done."""

    entrant_id: str
    channel: str
    scenario: str
    assigned: int
    done: int


_COUNTS = f"a.status IN ('finished', 'returned', 'accepted') AND a.round <> {BESIDE}"
_COUNTED = "(SELECT COUNT(*) FROM corrections c WHERE c.assessment_id = a.id AND c.digest = a.digest)"


def counted_visits(db: Connection, key: tuple[str, str]) -> Sequence[CountedVisit]:
    """Return the visits of an entry that count in a round of the award, by round and id.

    Marks of another revision are left out.
    """
    sql = (
        f"SELECT a.id, a.round, a.digest, {_COUNTED}, a.base_millionths, s.branch_id, m.body"  # noqa: S608 - our own words
        " FROM assessments a JOIN assignments s ON s.id = a.assignment_id LEFT JOIN visit_marks m"
        f" ON m.assessment_id = a.id AND m.digest = a.digest AND m.corrections = {_COUNTED}"
        f" WHERE {_COUNTS} AND a.entrant_id = ? AND a.channel = ?"
        " ORDER BY a.round, a.id"
    )
    return [CountedVisit._make(row) for row in select_rows(db, sql, key)]


def marked_visits(db: Connection, key: tuple[str, str]) -> Sequence[MarkedVisit]:
    """Return the visits of an entry that count in a round of the award and are marked, in the order they were made."""
    a, m, counts = assessments.c, visit_marks.c, ("finished", "returned", "accepted")
    statement = (
        select(a.id, a.round, a.started_at, a.base_shown, branches.c.name, m.body)
        .select_from(
            assessments.join(visit_marks, m.assessment_id == a.id)
            .join(assignments, assignments.c.id == a.assignment_id)
            .outerjoin(branches, branches.c.id == assignments.c.branch_id)
        )
        .where(a.entrant_id == key[0], a.channel == key[1], a.status.in_(counts), a.round != BESIDE)
        .order_by(a.started_at, a.id)
    )
    return [MarkedVisit._make(row) for row in db.execute(statement)]


def entries_unmarked(db: Connection) -> Sequence[tuple[str, str]]:
    """Return the entries of which something is not added up yet."""
    sql = (
        f"SELECT DISTINCT a.entrant_id, a.channel FROM assessments a WHERE {_COUNTS}"  # noqa: S608 - our own words
        " AND NOT EXISTS (SELECT 1 FROM visit_marks m WHERE m.assessment_id = a.id)"
    )
    return [(row[0], row[1]) for row in select_rows(db, sql)]


def bases_of(db: Connection, key: tuple[str, str]) -> dict[int, str]:
    """Return what names the visits of each kept tally of an entry, by round."""
    sql = "SELECT round, basis FROM entry_tallies WHERE entrant_id = ? AND channel = ?"
    return {row[0]: row[1] for row in select_rows(db, sql, key)}


def keep_tallies(db: Connection, marks: Sequence[MarksRow], tallies: Sequence[TallyRow]) -> None:
    """Keep marks and sums in the place of earlier ones."""
    insert_rows(db, visit_marks, marks, key="assessment_id", changed=("digest", "corrections", "body"))
    insert_rows(
        db,
        entry_tallies,
        tallies,
        key="entrant_id, channel, round",
        changed=("basis", "scores", "mean", "error", "groups", "body"),
    )


def tallies_of(db: Connection, number: int) -> Sequence[TallyRow]:
    """Return the sums of every entry in a round, by entrant and channel."""
    sql = f"SELECT {', '.join(TallyRow._fields)} FROM entry_tallies WHERE round = ? ORDER BY entrant_id, channel"  # noqa: S608 - our own words
    return [TallyRow._make(row) for row in select_rows(db, sql, (number,))]


def spreads(db: Connection) -> Sequence[SpreadRow]:
    """Return how sure each round of each entry is."""
    sql = f"SELECT {', '.join(SpreadRow._fields)} FROM entry_tallies ORDER BY entrant_id, channel, round"  # noqa: S608 - our own words
    return [SpreadRow._make(row) for row in select_rows(db, sql)]


def scenario_counts(db: Connection, number: int) -> Sequence[ScenarioCount]:
    """Return the scenarios of every entry in a round; withdrawn assignments are left out."""
    sql = (
        "SELECT s.entrant_id, s.channel, s.scenario_id, COUNT(*), COUNT(a.id) FROM assignments s"
        " LEFT JOIN assessments a ON a.assignment_id = s.id AND a.status IN ('finished', 'returned', 'accepted')"
        " WHERE s.round = ? AND NOT s.withdrawn GROUP BY s.entrant_id, s.channel, s.scenario_id"
    )
    return [ScenarioCount._make(row) for row in select_rows(db, sql, (number,))]


def begun_at(db: Connection, number: int) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return when the visits of each entry in a round began (UTC text)."""
    sql = (
        "SELECT entrant_id, channel, started_at FROM assessments"
        " WHERE round = ? AND status IN ('finished', 'returned', 'accepted')"
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in select_rows(db, sql, (number,)):
        found.setdefault((row[0], row[1]), []).append(row[2])
    return found
