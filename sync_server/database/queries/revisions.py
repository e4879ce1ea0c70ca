"""Revisions of assessments as they came, the files they name, and the current projection kept beside them.

Everything here takes many rows at once: a batch of pushes costs a fixed number of statements.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select, update

from sync_server.database.queries.driver import insert_rows, select_listed
from sync_server.database.tables import assessment_revisions, assessments, media_links

# What belongs to an assessment for good.
_FOR_GOOD = frozenset({"id", "assignment_id", "entrant_id", "channel", "round", "first_received_at"})


class NewRevision(NamedTuple):
    """One revision to keep, a row of `assessment_revisions`. `body` is as it came."""

    assessment_id: str
    revision: int
    digest: str
    conflict: bool
    assignment_id: str
    assessor_id: str
    device_id: str
    received_at: datetime
    device_time: str
    device_monotonic: str
    clock_offset_ms: int | None
    status: str
    contact: str
    form: str
    body: bytes


class NewLink(NamedTuple):
    """One file that a revision names, a row of `media_links`."""

    assessment_id: str
    revision: int
    digest: str
    evidence_id: str
    sha256: str
    size_bytes: int
    kind: str
    content_type: str
    question: str | None
    prepared: bool


class Projection(NamedTuple):
    """The current state of one assessment, a row of `assessments` but for its count of conflicts."""

    id: str
    assignment_id: str
    entrant_id: str
    channel: str
    round: int
    assessor_id: str
    device_id: str
    revision: int
    digest: str
    form: str
    status: str
    contact: str
    base: str | None
    base_shown: str
    base_millionths: int | None
    files_named: int
    files_held: int
    clock_wrong: bool
    started_at: datetime
    finished_at: datetime | None
    first_received_at: datetime
    received_at: datetime


_PROJECTED = tuple(name for name in Projection._fields if name not in _FOR_GOOD)


class CurrentRow(NamedTuple):
    """What is current of one assessment."""

    id: str
    assignment_id: str
    assessor_id: str
    revision: int
    digest: str
    status: str
    first_received_at: datetime


class HeldRevision(NamedTuple):
    """One held revision. `conflict`: it came second, with other content than the first of its number."""

    assessment_id: str
    revision: int
    digest: str
    conflict: bool
    status: str
    received_at: datetime


def current_of(db: Connection, ids: Collection[str]) -> dict[str, CurrentRow]:
    """Return what is current of each of `ids` that is held."""
    rows = select_listed(
        db,
        "SELECT id, assignment_id, assessor_id, revision, digest, status, first_received_at FROM assessments"
        " WHERE id IN LISTED",
        ids,
    )
    return {row[0]: CurrentRow._make((*row[:-1], datetime.fromisoformat(row[-1]))) for row in rows}


def held_revisions_of(db: Connection, ids: Collection[str]) -> Sequence[HeldRevision]:
    """Return every held revision of `ids`."""
    if not ids:
        return []
    c = assessment_revisions.c
    statement = select(c.assessment_id, c.revision, c.digest, c.conflict, c.status, c.received_at).where(
        c.assessment_id.in_(list(ids))
    )
    return [HeldRevision(*row) for row in db.execute(statement)]


def bodies_of_others(db: Connection, assignment_id: str, assessor_id: str) -> Sequence[tuple[str, bytes]]:
    """Return status and current body of each assessment on an assignment that is not this assessor's."""
    a, r = assessments.c, assessment_revisions.c
    current = and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest)
    statement = (
        select(a.status, r.body)
        .join_from(assessments, assessment_revisions, current)
        .where(a.assignment_id == assignment_id, a.assessor_id != assessor_id)
        .order_by(a.first_received_at, a.id)
    )
    return [(row[0], bytes(row[1])) for row in db.execute(statement)]


def append_revisions(db: Connection, rows: Sequence[NewRevision]) -> None:
    """Append rows of `assessment_revisions`."""
    insert_rows(db, assessment_revisions, rows)


def append_links(db: Connection, rows: Sequence[NewLink]) -> None:
    """Append rows of `media_links`, after their revisions."""
    insert_rows(db, media_links, rows)


def project(db: Connection, rows: Sequence[Projection]) -> None:
    """Make `rows` the current state of their assessments; what belongs to the assessment for good stays."""
    insert_rows(db, assessments, rows, key="id", changed=_PROJECTED)


def count_conflict(db: Connection, ids: Sequence[str]) -> None:
    """Add one conflict to each of `ids` (which may repeat)."""
    if ids:
        statement = (
            update(assessments)
            .where(assessments.c.id == bindparam("which"))
            .values(conflicts=assessments.c.conflicts + 1)
        )
        db.execute(statement, [{"which": which} for which in ids])


def links_of(db: Connection, assessment_id: str, revision: int, digest: str) -> Sequence[tuple[str, int]]:
    """Return SHA-256 and size of each file a revision names, in the order of their hashes, each once."""
    c = media_links.c
    statement = (
        select(c.sha256, c.size_bytes)
        .where(c.assessment_id == assessment_id, c.revision == revision, c.digest == digest)
        .distinct()
        .order_by(c.sha256)
    )
    return [(row.sha256, row.size_bytes) for row in db.execute(statement)]
