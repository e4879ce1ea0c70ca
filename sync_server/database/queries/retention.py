"""Which files are used where, what was made of them, and which bodies hold words: what retention decides by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, or_, select, update

from sync_server.database.engine import streamed
from sync_server.database.queries.blackouts import WITH_BLACKOUTS
from sync_server.database.tables import (
    assessment_facts,
    assessment_revisions,
    assessments,
    assignments,
    blackouts,
    changes,
    entrants,
    hand_overs,
    media,
    media_derivatives,
    media_links,
    waveforms,
)


class FileUse(NamedTuple):
    """One use of a held file; without an assessment it was sent, but no record names it."""

    sha256: str
    stored_at: datetime
    assessment_id: str | None
    kind: str | None
    round: int | None
    entrant_id: str | None


def file_uses(db: Connection) -> Iterator[FileUse]:
    """Yield every use of every file that is held, by file."""
    statement = (
        select(
            media.c.sha256,
            media.c.stored_at,
            media_links.c.assessment_id,
            media_links.c.kind,
            assessments.c.round,
            assessments.c.entrant_id,
        )
        .select_from(
            media.outerjoin(blackouts, blackouts.c.blackened_sha256 == media.c.sha256)
            .outerjoin(
                media_links, or_(media_links.c.sha256 == media.c.sha256, media_links.c.sha256 == blackouts.c.sha256)
            )
            .outerjoin(assessments, assessments.c.id == media_links.c.assessment_id)
        )
        .where(media.c.erased_at.is_(None))
        .order_by(media.c.sha256)
    )
    for row in streamed(db, statement):
        yield FileUse(*row)


def erasable_derivatives(db: Connection, sha256: str) -> Sequence[str]:
    """Return the files made of one file, those left out that another file shares or that were sent themselves."""
    c, other = media_derivatives.c, media_derivatives.alias()
    shared = select(other.c.sha256).where(other.c.derivative_sha256 == c.derivative_sha256, other.c.sha256 != sha256)
    sent = select(media.c.sha256).where(media.c.sha256 == c.derivative_sha256)
    statement = select(c.derivative_sha256).where(
        c.sha256 == sha256, c.derivative_sha256.is_not(None), ~shared.exists(), ~sent.exists()
    )
    return db.execute(statement).scalars().all()


def is_entrant(db: Connection, entrant_id: str) -> bool:
    """Return whether there is such an entrant."""
    return db.execute(select(entrants.c.id).where(entrants.c.id == entrant_id)).first() is not None


def mark_erased(db: Connection, sha256: str, now: datetime) -> bool:
    """Note that the bytes are gone; the row stays as proof. True if it was not noted before."""
    db.execute(delete(waveforms).where(waveforms.c.sha256 == sha256))
    statement = update(media).where(media.c.sha256 == sha256, media.c.erased_at.is_(None)).values(erased_at=now)
    return db.execute(statement).rowcount == 1


class WordyRevision(NamedTuple):
    """One kept body as it came."""

    revision: int
    digest: str
    assignment_id: str
    body: bytes


def assessments_with_words(db: Connection) -> Sequence[tuple[str, str]]:
    """Return assessment and entrant wherever a body is kept as it came."""
    r = assessment_revisions.c
    wordy = select(r.assessment_id).where(r.words_erased_at.is_(None))
    statement = select(assessments.c.id, assessments.c.entrant_id).where(assessments.c.id.in_(wordy))
    return [(row.id, row.entrant_id) for row in db.execute(statement.order_by(assessments.c.id))]


def claims_with_words(db: Connection) -> Sequence[tuple[str, str]]:
    """Return record and entrant wherever a visit taken over is kept that never became a revision."""
    h = hand_overs.c
    statement = select(h.record_id, assignments.c.entrant_id).join(assignments, assignments.c.id == h.assignment_id)
    rows = db.execute(statement.where(h.receiver_id.is_not(None), h.body != b"").distinct().order_by(h.record_id))
    return [(row.record_id, row.entrant_id) for row in rows]


def revisions_with_words(db: Connection, assessment_id: str) -> Sequence[WordyRevision]:
    """Return the bodies of an assessment that are kept as they came."""
    r = assessment_revisions.c
    statement = select(r.revision, r.digest, r.assignment_id, r.body).where(
        r.assessment_id == assessment_id, r.words_erased_at.is_(None)
    )
    return [WordyRevision(*row) for row in db.execute(statement.order_by(r.revision, r.digest))]


def keep_without_words(
    db: Connection, assessment_id: str, row: WordyRevision, *, body: bytes, kept_digest: str, now: datetime
) -> None:
    """Put `body` in the place of the one that came; the digest it is known by stays."""
    r = assessment_revisions.c
    db.execute(
        update(assessment_revisions)
        .where(r.assessment_id == assessment_id, r.revision == row.revision, r.digest == row.digest)
        .values(body=body, kept_digest=kept_digest, words_erased_at=now)
    )


def forget_facts(db: Connection, assessment_id: str) -> None:
    """Drop what was read out of the body, words of tries among it; whoever needs it next reads it anew."""
    db.execute(delete(assessment_facts).where(assessment_facts.c.assessment_id == assessment_id))


def attempts_told(db: Connection, assignment_id: str) -> Sequence[tuple[int, str]]:
    """Return number and body of each change that told an assessor of another's tries on an assignment."""
    c = changes.c
    statement = select(c.seq, c.body).where(c.kind == "attempts", c.subject_id == assignment_id)
    return [(row.seq, row.body) for row in db.execute(statement)]


def keep_told(db: Connection, seq: int, body: str) -> None:
    """Put `body` in the place of what a change told."""
    db.execute(update(changes).where(changes.c.seq == seq).values(body=body))


def entrants_naming(db: Connection, sha256: str) -> frozenset[str]:
    """Return the entrants whose assessments name a file, or one that it stands for."""
    statement = (
        select(assessments.c.entrant_id)
        .select_from(WITH_BLACKOUTS.join(assessments, assessments.c.id == media_links.c.assessment_id))
        .where(or_(media_links.c.sha256 == sha256, blackouts.c.blackened_sha256 == sha256))
    )
    return frozenset(db.execute(statement).scalars())
