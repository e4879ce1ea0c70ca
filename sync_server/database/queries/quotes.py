"""Statements about what a reviewer cleared for the report of an entrant: words of assessors, and captioned photos."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from sync_server.database.queries.driver import select_listed, select_rows
from sync_server.database.tables import assessors, quotes, users


class QuoteRow(NamedTuple):
    """What was decided last about the words at one place of a record. `words` "": they were taken back."""

    assessment_id: str
    digest: str
    question: str
    kind: str
    words: str
    language: str
    name: str
    decided_at: datetime


class Reviewed(NamedTuple):
    """How far an assessment is: its current revision, and when it was last returned or declared void."""

    digest: str
    status: str
    set_aside_at: datetime | None


def quotes_of(db: Connection, ids: Collection[str]) -> Mapping[str, Sequence[QuoteRow]]:
    """Return the quotes of each of `ids` by assessment, in the order of their keys; one taken back is among them."""
    sql = "SELECT DISTINCT assessment_id FROM quotes WHERE assessment_id IN LISTED"
    names = [row[0] for row in select_listed(db, sql, ids)]
    if not names:
        return {}
    c = quotes.c
    statement = (
        select(c.assessment_id, c.digest, c.question, c.kind, c.words, c.language, users.c.name, c.decided_at)
        .join_from(quotes, users, users.c.id == c.decided_by)
        .where(c.assessment_id.in_(names))
        .order_by(c.question, c.kind, c.id)
    )
    last: dict[str, dict[tuple[str, str], QuoteRow]] = {}
    for row in db.execute(statement):
        last.setdefault(row.assessment_id, {})[row.question, row.kind] = QuoteRow._make(row)
    return {name: list(found.values()) for name, found in last.items()}


def add_quote(db: Connection, row: QuoteRow, by: str) -> None:
    """Keep what `by` decided about words; nothing decided before is changed. The name in `row` is not kept."""
    kept = {**row._asdict(), "decided_by": by}
    del kept["name"]
    db.execute(insert(quotes).values(kept))


def captioned(db: Connection, ids: Collection[str]) -> Sequence[str]:
    """Return those of `ids` of which a photo was given a caption for the report, at any time."""
    sql = "SELECT DISTINCT assessment_id FROM clearances WHERE caption <> '{}' AND assessment_id IN LISTED"
    return [row[0] for row in select_listed(db, sql, ids)]


def near_in_report(db: Connection, assessment_id: str) -> Sequence[str]:
    """Return the visits whose words and photos are in the same report as those of an assessment, it among them."""
    sql = (
        "SELECT o.id FROM assessments a JOIN assessments o ON o.entrant_id = a.entrant_id AND o.channel = a.channel"
        " AND o.round = a.round WHERE a.id = ? AND (EXISTS (SELECT 1 FROM quotes q WHERE q.assessment_id = o.id)"
        " OR EXISTS (SELECT 1 FROM clearances c WHERE c.assessment_id = o.id AND c.caption <> '{}'))"
    )
    return [row[0] for row in select_rows(db, sql, (assessment_id,))]


def reviewed(db: Connection, ids: Collection[str]) -> Mapping[str, Reviewed]:
    """Return how far each of `ids` is; a return or a void that was lifted later set it aside all the same."""
    sql = (
        "SELECT a.id, a.digest, a.status,"
        " (SELECT MAX(r.reviewed_at) FROM reviews r WHERE r.assessment_id = a.id AND r.verdict = 'returned'),"
        " (SELECT MAX(d.decided_at) FROM decisions d WHERE d.assessment_id = a.id AND d.kind = 'void')"
        " FROM assessments a WHERE a.id IN LISTED"
    )
    found = {}
    for name, digest, status, returned, voided in select_listed(db, sql, ids):
        at = max(filter(None, (returned, voided)), default=None)
        found[name] = Reviewed(digest, status, None if at is None else datetime.fromisoformat(at))
    return found


def everybody(db: Connection) -> Sequence[tuple[str, str]]:
    """Return id and name of every assessor, those who left among them."""
    return [(row.id, row.name) for row in db.execute(select(assessors.c.id, assessors.c.name))]
