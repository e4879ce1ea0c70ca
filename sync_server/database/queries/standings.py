"""Standings: what they are made of, and the kept projection of each entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import (
    assessment_facts,
    assessment_revisions,
    assessments,
    assignments,
    decisions,
    entrants,
    entries,
    grades,
    settings,
    standings,
    users,
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


class RulingRow(NamedTuple):
    """One ruling about an entry or an assessment of it, and who made it."""

    assessment_id: str | None
    round: int | None
    kind: str
    value: str
    reason: str
    decided_by: str
    decided_at: datetime


class StandingRow(NamedTuple):
    """The kept projection of one entry."""

    entrant_id: str
    channel: str
    body: str
    ruleset_digest: str
    computed_at: datetime


def entry_rows(db: Connection, key: tuple[str, str] | None = None) -> Sequence[EntryRow]:
    """Return every entry, or the one named by (entrant, channel), by entrant and channel."""
    e, n, d = entrants.c, entries.c, decisions.c
    last = select(d.entrant_id, d.channel, func.max(d.id).label("id")).group_by(d.entrant_id, d.channel).subquery()
    statement = (
        select(
            e.id, n.channel, e.organisation, e.name, e.industry, e.seats, e.branches,
            n.faq_filing, n.faq_filed_at, n.withdrawn, n.service, n.history, last.c.id,
        )
        .join_from(entries, entrants, n.entrant_id == e.id)
        .join(last, and_(last.c.entrant_id == n.entrant_id, last.c.channel == n.channel), isouter=True)
        .order_by(e.id, n.channel)
    )  # fmt: skip
    if key is not None:
        statement = statement.where(n.entrant_id == key[0], n.channel == key[1])
    return [EntryRow._make(row) for row in db.execute(statement)]


def histories(db: Connection) -> Sequence[Sequence[Mapping[str, Any]]]:
    """Return the history of every entry."""
    return db.execute(select(entries.c.history)).scalars().all()


def editions_held(db: Connection) -> Sequence[int] | None:
    """Return the past editions that took place where the setting names them, else None."""
    return db.execute(select(settings.c.value).where(settings.c.name == "editions_held")).scalar()


def facts_rows(db: Connection, entrant_id: str, channel: str) -> Sequence[FactsRow]:
    """Return every current assessment of an entry with its kept facts, the first received first."""
    a, f = assessments.c, assessment_facts.c
    statement = (
        select(
            a.id,
            a.round,
            a.revision,
            a.digest,
            a.status,
            a.assignment_id,
            a.assessor_id,
            f.digest,
            f.tests_digest,
            f.body,
        )
        .join_from(assessments, assessment_facts, f.assessment_id == a.id, isouter=True)
        .where(a.entrant_id == entrant_id, a.channel == channel)
        .order_by(a.first_received_at, a.id)
    )
    return [FactsRow._make(row) for row in db.execute(statement)]


def waiting_by_round(db: Connection, key: tuple[str, str]) -> Mapping[int, int]:
    """Return how many assessments of an entry are finished or returned, and not accepted yet, by round."""
    a = assessments.c
    statement = select(a.round, func.count()).where(a.entrant_id == key[0], a.channel == key[1])
    statement = statement.where(a.status.in_(("finished", "returned"))).group_by(a.round)
    return {row[0]: row[1] for row in db.execute(statement)}


def bodies(db: Connection, ids: Collection[str]) -> Mapping[str, tuple[bytes, str]]:
    """Return the current body of each of `ids`, and its assignment's."""
    a, r = assessments.c, assessment_revisions.c
    statement = (
        select(a.id, r.body, assignments.c.body)
        .join_from(
            assessments,
            assessment_revisions,
            and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest),
        )
        .join(assignments, assignments.c.id == a.assignment_id)
        .where(a.id.in_(list(ids)))
    )
    return {row[0]: (row[1], row[2]) for row in db.execute(statement)}


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
    d = decisions.c
    statement = _rulings().where(d.entrant_id == entrant_id, d.channel == channel).order_by(d.id)
    return [RulingRow(*row) for row in db.execute(statement)]


def rulings_about(db: Connection, assessment_id: str) -> Sequence[RulingRow]:
    """Return the rulings about one assessment, the newest first."""
    statement = _rulings().where(decisions.c.assessment_id == assessment_id).order_by(decisions.c.id.desc())
    return [RulingRow(*row) for row in db.execute(statement)]


def graded_under(db: Connection, ids: Collection[str], ruleset_digest: str) -> set[tuple[str, str]]:
    """Return the (assessment, digest) among `ids` that have a grade under a ruleset."""
    g = grades.c
    statement = select(g.assessment_id, g.digest).where(
        g.assessment_id.in_(list(ids)), g.ruleset_digest == ruleset_digest
    )
    return {(row[0], row[1]) for row in db.execute(statement)}


def ruleset_of_standing(db: Connection, key: tuple[str, str]) -> str | None:
    """Return the digest of the rules an entry's standing was made under, None where there is none yet."""
    s = standings.c
    return db.execute(select(s.ruleset_digest).where(s.entrant_id == key[0], s.channel == key[1])).scalar()


def keep_facts(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of `assessment_facts` over those that are there."""
    if rows:
        changed = ["digest", "tests_digest", "body"]
        db.execute(insert_or_update(db, assessment_facts, ["assessment_id"], changed), list(rows))


def keep_standing(db: Connection, row: Mapping[str, Any]) -> None:
    """Write the standing of an entry over the one that is there."""
    key = ["entrant_id", "channel"]
    changed = [column for column in row if column not in key]
    db.execute(insert_or_update(db, standings, key, changed).values(**row))


def standing_rows(db: Connection) -> Sequence[StandingRow]:
    """Return every kept standing."""
    s = standings.c
    return [
        StandingRow(*row)
        for row in db.execute(select(s.entrant_id, s.channel, s.body, s.ruleset_digest, s.computed_at))
    ]


def _rulings() -> Select[Any]:
    d = decisions.c
    columns = (d.assessment_id, d.round, d.kind, d.value, d.reason, users.c.name, d.decided_at)
    return select(*columns).join_from(decisions, users, users.c.id == d.decided_by)
