"""Standings: what they are made of, and the kept projection of each entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, select, tuple_

from sync_server.database.queries.award_rows import of_award
from sync_server.database.queries.driver import insert_rows, select_listed, select_rows
from sync_server.database.tables import (
    assessment_facts,
    assessment_revisions,
    assessments,
    decisions,
    entrants,
    entries,
    settings,
    standings,
)


class EntryRow(NamedTuple):
    """An entry with its entrant, as imported."""

    entrant_id: str
    channel: str
    organisation: str
    name: Mapping[str, str]
    industry: str
    seats: int | None
    branches: int | None
    faq_filing: str
    faq_filed_at: datetime | None
    withdrawn: bool
    service: Mapping[str, Any] | None
    history: Sequence[Mapping[str, Any]]
    last_ruling: int | None = None  # None: no ruling about the entry or an assessment of it
    faq_awaited: bool = False  # not yet filed
    onsite_variant: str | None = None  # None: not said, or not onsite


class FactsRow(NamedTuple):
    """One current assessment and its kept facts, if any: `facts_digest` is of the revision they were taken from."""

    id: str
    round: int
    revision: int
    digest: str
    status: str
    assignment_id: str
    assessor_id: str
    facts_digest: str | None
    tests_digest: str | None
    body: str | None


class KeptFactsRow(NamedTuple):
    """One row of `assessment_facts`. `digest` is of the revision they were taken from."""

    assessment_id: str
    digest: str
    tests_digest: str
    body: str


class RulingRow(NamedTuple):
    """One ruling about an entry or an assessment of it, and who made it."""

    assessment_id: str | None
    round: int | None
    kind: str
    value: str
    reason: str
    decided_by: str
    decided_at: datetime


class KeptStandingRow(NamedTuple):
    """One row of `standings`."""

    entrant_id: str
    channel: str
    final: str | None
    final_shown: str
    final_millionths: int | None
    grade: str | None
    body: str
    ruleset_digest: str
    computed_at: datetime
    visits: str


class StandingRow(NamedTuple):
    """The kept projection of one entry."""

    entrant_id: str
    channel: str
    body: str
    ruleset_digest: str
    computed_at: datetime


def entry_rows(db: Connection, keys: Collection[tuple[str, str]] | None = None) -> Sequence[EntryRow]:
    """Return every entry of the award, or those named by (entrant, channel), by entrant and channel."""
    e, n, d = entrants.c, entries.c, decisions.c
    last = select(d.entrant_id, d.channel, func.max(d.id).label("id")).group_by(d.entrant_id, d.channel).subquery()
    statement = (
        select(
            e.id, n.channel, e.organisation, e.name, e.industry, e.seats, e.branches,
            n.faq_filing, n.faq_filed_at, n.withdrawn, n.service, n.history, last.c.id,
            n.faq_awaited, n.onsite_variant,
        )
        .join_from(entries, entrants, n.entrant_id == e.id)
        .join(last, and_(last.c.entrant_id == n.entrant_id, last.c.channel == n.channel), isouter=True)
        .where(of_award(entries))
        .order_by(e.id, n.channel)
    )  # fmt: skip
    if keys is not None:
        statement = statement.where(tuple_(n.entrant_id, n.channel).in_(list(keys)))
    return [EntryRow._make(row) for row in db.execute(statement)]


def histories(db: Connection) -> Sequence[Sequence[Mapping[str, Any]]]:
    """Return the history of every entry."""
    return db.execute(select(entries.c.history)).scalars().all()


def editions_held(db: Connection) -> Sequence[int] | None:
    """Return the past editions that took place where the setting names them, else None."""
    return db.execute(select(settings.c.value).where(settings.c.name == "editions_held")).scalar()


def facts_rows(db: Connection, entrant_id: str, channel: str) -> Sequence[FactsRow]:
    """Return every current assessment of an entry with its kept facts, the first received first."""
    rows = select_rows(
        db,
        "SELECT a.id, a.round, a.revision, a.digest, a.status, a.assignment_id, a.assessor_id,"
        " f.digest, f.tests_digest, f.body"
        " FROM assessments a LEFT JOIN assessment_facts f ON f.assessment_id = a.id"
        " WHERE a.entrant_id = ? AND a.channel = ? ORDER BY a.first_received_at, a.id",
        (entrant_id, channel),
    )
    return list(starmap(FactsRow, rows))


def waiting_by_round(db: Connection, key: tuple[str, str]) -> Mapping[int, int]:
    """Return how many assessments of an entry are finished or returned, and not accepted yet, by round."""
    a = assessments.c
    statement = select(a.round, func.count()).where(a.entrant_id == key[0], a.channel == key[1])
    statement = statement.where(a.status.in_(("finished", "returned"))).group_by(a.round)
    return {row[0]: row[1] for row in db.execute(statement)}


class CurrentBody(NamedTuple):
    """The current revision of an assessment as it came, and the body of its assignment."""

    body: bytes
    assignment: str
    digest: str


def bodies(db: Connection, ids: Collection[str]) -> Mapping[str, CurrentBody]:
    """Return the current body of each of `ids`, and its assignment's."""
    rows = select_listed(
        db,
        "SELECT a.id, r.body, s.body, a.digest FROM assessments a JOIN assessment_revisions r"
        " ON r.assessment_id = a.id AND r.revision = a.revision AND r.digest = a.digest"
        " JOIN assignments s ON s.id = a.assignment_id WHERE a.id IN LISTED",
        ids,
    )
    return {row[0]: CurrentBody(row[1], row[2], row[3]) for row in rows}


def without_words_among(db: Connection, ids: Collection[str]) -> set[str]:
    """Return those of `ids` whose current body has lost its words."""
    if not ids:
        return set()
    a, r = assessments.c, assessment_revisions.c
    current = and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest)
    statement = (
        select(a.id)
        .join_from(assessments, assessment_revisions, current)
        .where(a.id.in_(list(ids)), r.words_erased_at.is_not(None))
    )
    return set(db.execute(statement).scalars())


def ruling_rows(db: Connection, entrant_id: str, channel: str) -> Sequence[RulingRow]:
    """Return the rulings about an entry and its assessments, oldest first."""
    return _rulings(db, "d.entrant_id = ? AND d.channel = ? ORDER BY d.id", (entrant_id, channel))


def rulings_about(db: Connection, assessment_id: str) -> Sequence[RulingRow]:
    """Return the rulings about one assessment, the newest first."""
    return _rulings(db, "d.assessment_id = ? ORDER BY d.id DESC", (assessment_id,))


def graded_under(db: Connection, ids: Collection[str], ruleset_digest: str) -> set[tuple[str, str]]:
    """Return the (assessment, digest) among `ids` that have a grade under a ruleset."""
    rows = select_listed(
        db, "SELECT assessment_id, digest, ruleset_digest FROM grades WHERE assessment_id IN LISTED", ids
    )
    return {(row[0], row[1]) for row in rows if row[2] == ruleset_digest}


def ruleset_of_standing(db: Connection, key: tuple[str, str]) -> str | None:
    """Return the digest of the rules an entry's standing was made under, None where there is none yet."""
    rows = select_rows(db, "SELECT ruleset_digest FROM standings WHERE entrant_id = ? AND channel = ?", key)
    return rows[0][0] if rows else None


def keep_facts(db: Connection, rows: Sequence[KeptFactsRow]) -> None:
    """Write `rows` over those that are there."""
    insert_rows(db, assessment_facts, rows, key="assessment_id", changed=("digest", "tests_digest", "body"))


def keep_standings(db: Connection, rows: Sequence[KeptStandingRow]) -> None:
    """Write `rows` over those that are there."""
    insert_rows(db, standings, rows, key="entrant_id, channel", changed=KeptStandingRow._fields[2:])


def published_finals(db: Connection) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return the final as it is shown, and the grade, of each entry that has both."""
    c = standings.c
    rows = db.execute(
        select(c.entrant_id, c.channel, c.final_shown, c.grade).where(c.final.is_not(None), c.grade.is_not(None))
    )
    return {(row.entrant_id, row.channel): (row.final_shown, row.grade) for row in rows}


def standing_rows(db: Connection) -> Sequence[StandingRow]:
    """Return every kept standing."""
    s = standings.c
    return [
        StandingRow(*row)
        for row in db.execute(select(s.entrant_id, s.channel, s.body, s.ruleset_digest, s.computed_at))
    ]


def kept_visits(db: Connection) -> Mapping[tuple[str, str], str]:
    """Return what each kept standing was made of, alike visits together; left out where it is not kept."""
    rows = select_rows(db, "SELECT entrant_id, channel, visits FROM standings WHERE visits IS NOT NULL", ())
    return {(row[0], row[1]): row[2] for row in rows}


def _rulings(db: Connection, which: str, values: Sequence[str]) -> Sequence[RulingRow]:
    rows = select_rows(
        db,
        "SELECT d.assessment_id, d.round, d.kind, d.value, d.reason, u.name, d.decided_at"  # noqa: S608 - our own words
        f" FROM decisions d JOIN users u ON u.id = d.decided_by WHERE {which}",
        values,
    )
    return [RulingRow._make((*row[:-1], datetime.fromisoformat(row[-1]))) for row in rows]
