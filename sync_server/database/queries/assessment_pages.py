"""Everything the page of one assessment shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, or_, select

from checklists.record.assessment import MediaKind
from sync_server.database.queries.blackouts import STANDING, WITH_BLACKOUTS
from sync_server.database.queries.derivatives import Derived
from sync_server.database.tables import (
    assessment_revisions,
    assessments,
    assessors,
    assignments,
    blackouts,
    branches,
    devices,
    entrants,
    media,
    media_derivatives,
    media_links,
    reviews,
    taken_back_reviews,
    users,
)


class Head(NamedTuple):
    """The assessment's own line, with the names of what it refers to and the assignment as it stands."""

    id: str
    assignment_id: str
    entrant_id: str
    entrant_name: Mapping[str, str]
    channel: str
    round: int
    assessor_id: str
    assessor_name: str
    device_id: str
    device_name: str
    revision: int
    digest: str
    form: str
    status: str
    contact: str
    base: str | None
    base_shown: str
    files_named: int
    files_held: int
    conflicts: int
    clock_wrong: bool
    started_at: datetime
    finished_at: datetime | None
    first_received_at: datetime
    received_at: datetime
    branch_name: Mapping[str, str] | None
    assignment_body: str


class ListedRevision(NamedTuple):
    """One revision as it came, without its body."""

    revision: int
    digest: str
    conflict: bool
    received_at: datetime
    device_time: str
    clock_offset_ms: int | None
    status: str
    contact: str
    device_name: str
    assessor_name: str
    assessor_id: str


class KeptBody(NamedTuple):
    """One revision's body: byte for byte as it came, or, once they were erased, without its words."""

    body: bytes
    words_erased_at: datetime | None


class FileRow(NamedTuple):
    """One file a revision names, and when it was erased."""

    evidence_id: str
    sha256: str
    kind: str
    question: str | None
    prepared: bool
    size_bytes: int
    content_type: str
    erased_at: datetime | None


class VerdictRow(NamedTuple):
    """One verdict of a reviewer."""

    id: int
    revision: int
    verdict: str
    comments: Mapping[str, str]
    reason: str
    reviewer_name: str
    reviewed_at: datetime
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_because: str | None


def head_of(db: Connection, assessment_id: str) -> Head | None:
    """Return the assessment, or None when there is none or the reader may not see it."""
    a = assessments.c
    statement = (
        select(
            a.id, a.assignment_id, a.entrant_id, entrants.c.name, a.channel, a.round, a.assessor_id, assessors.c.name,
            a.device_id, devices.c.name, a.revision, a.digest, a.form, a.status, a.contact, a.base, a.base_shown,
            a.files_named, a.files_held, a.conflicts, a.clock_wrong, a.started_at, a.finished_at, a.first_received_at,
            a.received_at, branches.c.name, assignments.c.body,
        )
        .select_from(
            assessments.join(entrants, entrants.c.id == a.entrant_id)
            .join(assessors, assessors.c.id == a.assessor_id)
            .join(devices, devices.c.id == a.device_id)
            .join(assignments, assignments.c.id == a.assignment_id)
            .outerjoin(branches, branches.c.id == assignments.c.branch_id)
        )
        .where(a.id == assessment_id)
    )  # fmt: skip
    row = db.execute(statement).first()
    return Head._make(row) if row else None


def revisions_of(db: Connection, assessment_id: str) -> Sequence[ListedRevision]:
    """Return every revision kept, the newest first; of one revision the first received comes first."""
    r = assessment_revisions.c
    statement = (
        select(
            r.revision, r.digest, r.conflict, r.received_at, r.device_time, r.clock_offset_ms, r.status, r.contact,
            devices.c.name, assessors.c.name, r.assessor_id,
        )
        .select_from(
            assessment_revisions.join(devices, devices.c.id == r.device_id).join(
                assessors, assessors.c.id == r.assessor_id
            )
        )
        .where(r.assessment_id == assessment_id)
        .order_by(r.revision.desc(), r.received_at)
    )  # fmt: skip
    return [ListedRevision._make(row) for row in db.execute(statement)]


def body_of(db: Connection, assessment_id: str, digest: str) -> KeptBody | None:
    """Return the body of one revision as it is kept, or None."""
    r = assessment_revisions.c
    statement = select(r.body, r.words_erased_at).where(r.assessment_id == assessment_id, r.digest == digest)
    row = db.execute(statement).first()
    return KeptBody(*row) if row else None


def bodies_with_photos(db: Connection, assessor_id: str, hashes: Collection[str], most: int) -> Sequence[bytes]:
    """Return the current records, newest first, that name a photo: of one assessor, or with the same bytes as any."""
    a, link, r = assessments.c, media_links.c, assessment_revisions.c
    photo = link.kind == MediaKind.PHOTO.value
    named = select(link.assessment_id).where(photo, or_(link.sha256.in_(list(hashes)), a.assessor_id == assessor_id))
    statement = (
        select(r.body)
        .select_from(assessments.join(assessment_revisions, and_(r.assessment_id == a.id, r.digest == a.digest)))
        .where(a.id.in_(named.where(link.assessment_id == a.id, link.digest == a.digest).correlate(assessments)))
        .order_by(a.received_at.desc())
        .limit(most)
    )
    return [row.body for row in db.execute(statement)]


def files_of(db: Connection, assessment_id: str, digest: str) -> Sequence[FileRow]:
    """Return the files a revision names, as they stand now (`queries.blackouts`), in a stable order."""
    link, is_replaced = media_links.c, blackouts.c.blackened_sha256.is_not(None)
    statement = (
        select(
            link.evidence_id, STANDING, link.kind, link.question, or_(link.prepared, is_replaced),
            case((is_replaced, media.c.size_bytes), else_=link.size_bytes),
            case((is_replaced, media.c.content_type), else_=link.content_type), media.c.erased_at,
        )
        .select_from(WITH_BLACKOUTS.outerjoin(media, media.c.sha256 == STANDING))
        .where(link.assessment_id == assessment_id, link.digest == digest)
        .order_by(link.question, link.evidence_id)
    )  # fmt: skip
    return [FileRow._make(row) for row in db.execute(statement)]


def kind_of_file(db: Connection, assessment_id: str, sha256: str) -> str | None:
    """Return the kind of the file if it stands for one that a revision of the assessment names, else None."""
    link = media_links.c
    statement = select(link.kind).select_from(WITH_BLACKOUTS)
    statement = statement.where(link.assessment_id == assessment_id, STANDING.in_([sha256]))
    return db.execute(statement).scalars().first()


def shown_derivatives(db: Connection, sha256s: Sequence[str]) -> Mapping[str, Mapping[str, Derived]]:
    """Return what stands for each original, by its SHA-256 and the purpose."""
    d = media_derivatives.c
    statement = select(d.sha256, d.purpose, d.derivative_sha256, d.content_type, d.size_bytes, d.problem).where(
        d.sha256.in_(list(sha256s))
    )
    found: dict[str, dict[str, Derived]] = {}
    for sha256, purpose, *made in db.execute(statement):
        found.setdefault(sha256, {})[purpose] = Derived(*made)
    return found


class EarlierBody(NamedTuple):
    """The record as an earlier revision had it."""

    revision: int
    body: bytes


def earlier_body(db: Connection, assessment_id: str, before: int) -> EarlierBody | None:
    """Return the last revision of an assessment before number `before`, or None."""
    r = assessment_revisions.c
    statement = (
        select(r.revision, r.body)
        .where(r.assessment_id == assessment_id, r.revision < before, r.conflict.is_(False))
        .order_by(r.revision.desc())
        .limit(1)
    )
    row = db.execute(statement).first()
    return None if row is None else EarlierBody._make(row)


def verdicts_of(db: Connection, assessment_id: str) -> Sequence[VerdictRow]:
    """Return every verdict, the newest first."""
    r, back, corrector = reviews.c, taken_back_reviews.c, users.alias()
    statement = (
        select(
            r.id, r.revision, r.verdict, r.comments, r.reason, users.c.name, r.reviewed_at,
            back.taken_back_at, corrector.c.name, back.reason,
        )
        .select_from(
            reviews.join(users, users.c.id == r.reviewer_id)
            .outerjoin(taken_back_reviews, back.review_id == r.id)
            .outerjoin(corrector, corrector.c.id == back.taken_back_by)
        )
        .where(r.assessment_id == assessment_id)
        .order_by(r.id.desc())
    )  # fmt: skip
    return [VerdictRow._make(row) for row in db.execute(statement)]


def kept_as_they_came(db: Connection, assessment_id: str, sha256s: Sequence[str]) -> set[str]:
    """Return the files of which any revision says that the phone did not prepare them (no EXIF, upright, small)."""
    link = media_links.c
    statement = select(link.sha256).where(
        link.assessment_id == assessment_id, link.sha256.in_(list(sha256s)), link.prepared.is_(False)
    )
    return set(db.execute(statement).scalars())
