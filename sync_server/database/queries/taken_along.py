"""What leaves as a map or an archive: branches with their places, records, and the files that their revisions name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from sync_server.database.queries.assessment_lists import Filter, conditions
from sync_server.database.tables import assessment_revisions, assessments, branches, media_links

PAGE = 250


class Branch(NamedTuple):
    """A branch and where it is, in degrees; None: nobody said."""

    id: str
    entrant_id: str
    name: Mapping[str, str]
    address: Mapping[str, str]
    latitude: float | None
    longitude: float | None


class Record(NamedTuple):
    """The revision of an assessment that counts."""

    id: str
    digest: str
    body: bytes


class NamedFile(NamedTuple):
    """A file that the counting revision of an assessment names."""

    assessment_id: str
    evidence_id: str
    sha256: str
    kind: str
    question: str | None


def branches_placed(db: Connection) -> Sequence[Branch]:
    """Return every branch, by entrant and code."""
    c = branches.c
    statement = select(c.id, c.entrant_id, c.name, c.address, c.lat, c.lon).order_by(c.entrant_id, c.id)
    return [Branch(*row) for row in db.execute(statement)]


def records_page(db: Connection, narrowed: Filter, *, after: str) -> Sequence[Record]:
    """Return PAGE records of the filter after `after`, by id."""
    a, r = assessments.c, assessment_revisions.c
    statement = (
        select(a.id, a.digest, r.body)
        .join_from(assessments, assessment_revisions, and_(r.assessment_id == a.id, r.digest == a.digest))
        .where(a.id > after, r.revision == a.revision, *conditions(db, narrowed))
        .order_by(a.id)
        .limit(PAGE)
    )
    return [Record(*row) for row in db.execute(statement)]


def files_page(db: Connection, narrowed: Filter, *, after: tuple[str, str]) -> Sequence[NamedFile]:
    """Return PAGE files that assessments of the filter name, after (assessment, evidence), in that order."""
    a, link = assessments.c, media_links.c
    is_later = (link.assessment_id > after[0]) | ((link.assessment_id == after[0]) & (link.evidence_id > after[1]))
    statement = (
        select(link.assessment_id, link.evidence_id, link.sha256, link.kind, link.question)
        .join_from(assessments, media_links, and_(link.assessment_id == a.id, link.digest == a.digest))
        .where(is_later, link.revision == a.revision, *conditions(db, narrowed))
        .order_by(link.assessment_id, link.evidence_id)
        .limit(PAGE)
    )
    return [NamedFile(*row) for row in db.execute(statement)]
