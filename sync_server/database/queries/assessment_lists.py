"""The list of assessments as the dashboard shows it: filtered, newest first, paged by key so that it stays fast."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, literal_column, or_, select

from sync_server.database.columns import moment_text
from sync_server.database.queries.award_rows import BESIDE, of_award
from sync_server.database.tables import assessments, assessors, assignments, entrants, rounds

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the list is narrowed to. Empty: not narrowed."""

    channel: str = ""
    round: str = ""
    state: str = ""  # a record status, "conflict", "files-missing" or "clock"
    search: str = ""  # part of the entrant's or assessor's name or id, or the start of an assessment's id


class Cursor(NamedTuple):
    """Where a page ended: the last row's moment and id."""

    received_at: datetime
    id: str

    @classmethod
    def from_text(cls, text: str) -> Cursor | None:
        """Read what `str` wrote; None for anything else."""
        at, _, last_id = text.partition("_")
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return None
        return cls(moment, last_id) if moment.tzinfo and last_id else None

    def __str__(self) -> str:
        return f"{moment_text(self.received_at)}_{self.id}"


class ListRow(NamedTuple):
    """One line of the list."""

    id: str
    entrant_id: str
    entrant_name: Mapping[str, str]
    channel: str
    round: int
    assessor_name: str
    status: str
    contact: str
    base_shown: str
    files_held: int
    files_named: int
    conflicts: int
    clock_wrong: bool
    received_at: datetime
    finished_at: datetime | None
    revision: int
    subchannel: str | None

    @property
    def cursor(self) -> str:
        """Where a page ends that this is the last line of; greater than that of every line below it."""
        return str(Cursor(self.received_at, self.id))


def list_page(db: Connection, narrowed: Filter, *, after: Cursor | None = None, limit: int = PAGE) -> Sequence[ListRow]:
    """Return at most `limit` lines after `after`, the newest received first."""
    statement = _lines().where(*conditions(db, narrowed))
    if after is not None:
        earlier = and_(assessments.c.received_at == after.received_at, assessments.c.id < after.id)
        statement = statement.where(or_(assessments.c.received_at < after.received_at, earlier))
    statement = statement.order_by(assessments.c.received_at.desc(), assessments.c.id.desc()).limit(limit)
    return [ListRow(*row) for row in db.execute(statement)]


def lines_of(db: Connection, narrowed: Filter, ids: Sequence[str]) -> Sequence[ListRow]:
    """Return the lines of `ids` that the filter lets through, the newest received first."""
    statement = _lines().where(assessments.c.id.in_(list(ids)), *conditions(db, narrowed))
    statement = statement.order_by(assessments.c.received_at.desc(), assessments.c.id.desc())
    return [ListRow(*row) for row in db.execute(statement)]


def count_lines(db: Connection, narrowed: Filter) -> int:
    """Return how many assessments the filter lets through."""
    statement = select(func.count()).select_from(assessments).where(*conditions(db, narrowed))
    return db.execute(statement).scalar_one()


def status_counts(db: Connection) -> Mapping[str, int]:
    """Return how many assessments there are in each status."""
    statement = select(assessments.c.status, func.count().label("counted")).group_by(assessments.c.status)
    return {row.status: row.counted for row in db.execute(statement)}


def round_numbers(db: Connection) -> Sequence[int]:
    """Return the season's rounds."""
    return db.execute(select(rounds.c.number).where(of_award(rounds)).order_by(rounds.c.number)).scalars().all()


def rounds_begun(db: Connection) -> Sequence[int]:
    """Return the rounds of the award of which something that counts has come."""
    counts = assessments.c.status.in_(("finished", "returned", "accepted")) & (assessments.c.round != BESIDE)
    return db.execute(select(assessments.c.round).where(counts).distinct()).scalars().all()


def _lines() -> Select[Any]:
    return select(
        assessments.c.id,
        assessments.c.entrant_id,
        entrants.c.name,
        assessments.c.channel,
        assessments.c.round,
        assessors.c.name,
        assessments.c.status,
        assessments.c.contact,
        assessments.c.base_shown,
        assessments.c.files_held,
        assessments.c.files_named,
        assessments.c.conflicts,
        assessments.c.clock_wrong,
        assessments.c.received_at,
        assessments.c.finished_at,
        assessments.c.revision,
        assignments.c.subchannel,
    ).select_from(
        assessments.join(entrants, entrants.c.id == assessments.c.entrant_id)
        .join(assessors, assessors.c.id == assessments.c.assessor_id)
        .join(assignments, assignments.c.id == assessments.c.assignment_id)
    )


# Each in the words of the partial index that finds it; a bound 0 would not be recognised.
_STATES: Mapping[str, ColumnElement[bool]] = {
    "conflict": assessments.c.conflicts > literal_column("0"),
    "files-missing": assessments.c.files_held < assessments.c.files_named,
    "clock": assessments.c.clock_wrong,
}


# The start of an assessment's id; anything else is looked for in names alone, so that it never walks the whole table.
_ID_START = re.compile(r"[0-9a-f][0-9a-f-]{3,35}")


def conditions(db: Connection, narrowed: Filter) -> list[ColumnElement[bool]]:
    """Return what an assessment must be for the filter to let it through."""
    wanted: list[ColumnElement[bool]] = []
    if narrowed.channel:
        wanted.append(assessments.c.channel == narrowed.channel)
    if narrowed.round.isascii() and narrowed.round.isdecimal():
        wanted.append(assessments.c.round == int(narrowed.round[:4]))
    if narrowed.state:
        wanted.append(_STATES.get(narrowed.state, assessments.c.status == narrowed.state))
    if narrowed.search:
        wanted.append(_matching(db, narrowed.search))
    return wanted


def _matching(db: Connection, search: str) -> ColumnElement[bool]:
    """Names are looked up in their own small tables first, so that the long one is narrowed by keys."""
    words = search.strip().lower()[:100]
    named = [
        row.id
        for row in db.execute(select(entrants.c.id, entrants.c.name))
        if any(words in text.lower() for text in (row.id, *row.name.values()))
    ]
    found = [assessments.c.entrant_id.in_(named)] if named else []
    if _ID_START.fullmatch(words):
        found.append(assessments.c.id.between(words, f"{words}~"))  # "~" sorts after all that ids are made of
    people = [
        row.id
        for row in db.execute(select(assessors.c.id, assessors.c.name))
        if words in row.id.lower() or words in row.name.lower()
    ]
    found += [assessments.c.assessor_id.in_(people)] if people else []
    return or_(*found) if found else false()
