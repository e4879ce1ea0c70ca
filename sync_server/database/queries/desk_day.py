"""What a desk looks at first: visits by entry and round, what waits and since when, who is late, silent phones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, and_, func, select

from sync_server.database.columns import moment_text
from sync_server.database.queries.driver import select_rows
from sync_server.database.tables import (
    assessment_revisions,
    assessments,
    assessors,
    assignments,
    devices,
    entrants,
    reviews,
)


class Assigned(NamedTuple):
    """What of an assignment says where and how its visit is made."""

    round: int
    branch_id: str | None
    language: str
    withdrawn: bool


class OpenSeries(NamedTuple):
    """A contact that is being tried: the record as it came last, and its assignment, as wire JSON."""

    assessment_id: str
    assessor_id: str
    entrant_id: str
    channel: str
    round: int
    body: bytes
    assignment: str


class Late(NamedTuple):
    """What one assessor has not finished in time: how many, how many begun, and when the oldest was due."""

    assessor_id: str
    name: str
    visits: int
    begun: int
    oldest: datetime


class Returned(NamedTuple):
    """A visit that was sent back and has not come again."""

    assessment_id: str
    entrant_name: Mapping[str, str]
    assessor_name: str
    reason: str
    returned_at: datetime
    comments: Mapping[str, str]  # what was asked at single questions, by their keys


class SilentPhone(NamedTuple):
    """A phone that was not heard of, though its assessor has visits to make."""

    device_id: str
    name: str
    assessor_id: str
    assessor_name: str
    last_seen_at: datetime
    to_do: int


def visits(db: Connection, number: int | None = None) -> Sequence[tuple[str, str, int, str, str]]:
    """Return entrant, channel, round, when it began (UTC text) and assignment of every visit that counts.

    `number`: of that round alone.
    """
    sql = (
        "SELECT entrant_id, channel, round, started_at, assignment_id FROM assessments"
        " WHERE status IN ('finished', 'returned', 'accepted')"
    )
    return select_rows(db, sql, ()) if number is None else select_rows(db, f"{sql} AND round = ?", (number,))


def done_by_round(db: Connection) -> Mapping[tuple[str, str, int], int]:
    """Return how many visits count of each entry and round."""
    c = assessments.c
    statement = (
        select(c.entrant_id, c.channel, c.round, func.count())
        .where(c.status.in_(("finished", "returned", "accepted")))
        .group_by(c.entrant_id, c.channel, c.round)
    )
    return {(entrant, channel, number): int(count) for entrant, channel, number, count in db.execute(statement)}


class _Spoken(msgspec.Struct):
    language: str = "yue"


def assigned(db: Connection, number: int) -> Mapping[str, Assigned]:
    """Return every assignment of a round, by its id. It reads their bodies, for the language: keep what it returns."""
    decoder = msgspec.json.Decoder(_Spoken)
    sql = "SELECT id, round, branch_id, withdrawn, body FROM assignments WHERE round = ?"
    rows = select_rows(db, sql, (number,))
    return {
        str(name): Assigned(int(number), branch, decoder.decode(body).language, bool(withdrawn))
        for name, number, branch, withdrawn, body in rows
    }


def waiting_since(db: Connection) -> Sequence[tuple[datetime, int]]:
    """Return how many visits that wait for their review came in each minute, the earliest first."""
    rows = select_rows(
        db,
        "SELECT substr(received_at, 1, 16), count(*) FROM assessments WHERE status = 'finished'"
        " GROUP BY substr(received_at, 1, 16) ORDER BY 1",
        (),
    )
    return [(datetime.fromisoformat(f"{minute}Z"), int(count)) for minute, count in rows]


def returned_not_back(db: Connection) -> Sequence[Returned]:
    """Return the visits that were sent back, the longest ago first."""
    every = reviews.alias()
    last = (
        select(func.max(every.c.id))
        .where(every.c.assessment_id == assessments.c.id)
        .correlate(assessments)
        .scalar_subquery()
    )
    statement = (
        select(
            assessments.c.id,
            entrants.c.name,
            assessors.c.name,
            reviews.c.reason,
            reviews.c.reviewed_at,
            reviews.c.comments,
        )
        .select_from(assessments)
        .join(reviews, reviews.c.id == last)
        .join(entrants, entrants.c.id == assessments.c.entrant_id)
        .join(assessors, assessors.c.id == assessments.c.assessor_id)
        .where(assessments.c.status == "returned")
        .order_by(reviews.c.reviewed_at)
    )
    return [Returned(*row) for row in db.execute(statement)]


def late_by_assessor(db: Connection, now: datetime) -> Sequence[Late]:
    """Return who has visits that were due before `now` and are not finished, the oldest first."""
    rows = select_rows(
        db,
        "SELECT s.assessor_id, p.name, count(*), sum(CASE WHEN d.assignment_id IS NULL THEN 0 ELSE 1 END),"
        " min(s.due_until) FROM assignments s JOIN assessors p ON p.id = s.assessor_id"
        " LEFT JOIN (SELECT DISTINCT assignment_id FROM assessments WHERE status = 'draft') d"
        " ON d.assignment_id = s.id WHERE NOT s.withdrawn AND s.due_until <= ? AND NOT EXISTS"
        " (SELECT 1 FROM assessments a WHERE a.assignment_id = s.id AND a.status <> 'draft')"
        " GROUP BY s.assessor_id, p.name ORDER BY min(s.due_until), s.assessor_id",
        (moment_text(now),),
    )
    return [Late(str(row[0]), str(row[1]), int(row[2]), int(row[3]), datetime.fromisoformat(row[4])) for row in rows]


def open_series(db: Connection) -> Sequence[OpenSeries]:
    """Return the contacts that are being tried, with all that is needed to judge them."""
    a, r = assessments.c, assessment_revisions.c
    current = and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest)
    statement = (
        select(a.id, a.assessor_id, a.entrant_id, a.channel, a.round, r.body, assignments.c.body)
        .join(assessment_revisions, current)
        .join(assignments, assignments.c.id == a.assignment_id)
        .where(a.status == "draft", a.contact == "open", assignments.c.withdrawn.is_(False))
    )
    return [OpenSeries(*row) for row in db.execute(statement)]


def to_do_by_assessor(db: Connection, round_number: int) -> Mapping[str, int]:
    """Return how many visits of a round each assessor still has to make; who has none is left out."""
    rows = select_rows(
        db,
        "SELECT s.assessor_id, count(*) FROM assignments s WHERE NOT s.withdrawn AND s.round = ? AND NOT EXISTS"
        " (SELECT 1 FROM assessments a WHERE a.assignment_id = s.id AND a.status <> 'draft') GROUP BY s.assessor_id",
        (round_number,),
    )
    return Counter({str(row[0]): int(row[1]) for row in rows})


def phones_not_heard(db: Connection, since: datetime) -> Sequence[tuple[str, str, str, str, datetime]]:
    """Return id, name, assessor, its name and the last moment of each phone not heard since, longest ago first."""
    statement = (
        select(devices.c.id, devices.c.name, devices.c.assessor_id, assessors.c.name, devices.c.last_seen_at)
        .join(assessors, assessors.c.id == devices.c.assessor_id)
        .where(devices.c.revoked_at.is_(None), assessors.c.left_at.is_(None), devices.c.last_seen_at < since)
        .order_by(devices.c.last_seen_at)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in db.execute(statement)]
