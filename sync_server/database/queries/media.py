"""Files the server holds, and how many of those a record names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, distinct, exists, func, literal, select, update

from sync_server.database.queries.driver import select_listed
from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import assessments, jobs, media, media_derivatives, media_links


class MediaRow(NamedTuple):
    """One held file. `content_type` was sniffed from its bytes."""

    sha256: str
    size_bytes: int
    content_type: str
    stored_at: datetime
    device_id: str | None = None
    erased_at: datetime | None = None


def media_by_hash(db: Connection, sha256: str) -> MediaRow | None:
    """Return the row of one file, erased or not, or None."""
    c = media.c
    statement = select(c.sha256, c.size_bytes, c.content_type, c.stored_at, c.device_id, c.erased_at).where(
        c.sha256 == sha256
    )
    row = db.execute(statement).first()
    return MediaRow(*row) if row else None


def is_erased(db: Connection, sha256: str) -> bool:
    """Return whether a file was here once and was erased."""
    row = media_by_hash(db, sha256)
    return row is not None and row.erased_at is not None


def held_files(db: Connection, sha256s: Collection[str]) -> Sequence[MediaRow]:
    """Return the rows of those of `sha256s` whose bytes are held."""
    c = media.c
    statement = select(c.sha256, c.size_bytes, c.content_type, c.stored_at, c.device_id, c.erased_at).where(
        c.sha256.in_(list(sha256s)), c.erased_at.is_(None)
    )
    return [MediaRow(*row) for row in db.execute(statement)]


def held_among(db: Connection, hashes: Collection[str]) -> set[str]:
    """Return which of `hashes` came here: held, or erased when its time was over. A phone need not send them again."""
    if not hashes:
        return set()
    rows = select_listed(db, "SELECT sha256 FROM media WHERE sha256 IN LISTED", hashes)
    return {row[0] for row in rows}


def add_media(db: Connection, row: MediaRow) -> bool:
    """Note that a file is held, after its bytes are. True if it was not before."""
    return db.execute(insert_ignoring_duplicates(db, media).values(**row._asdict())).rowcount == 1


def files_without_a_word(db: Connection, kind: str, limit: int) -> Sequence[str]:
    """Return held files that have no derivative, no reason for having none, and no job of `kind` by their name."""
    has_job = exists().where(jobs.c.name == literal(f"{kind}/") + media.c.sha256)
    has_row = exists().where(media_derivatives.c.sha256 == media.c.sha256)
    statement = select(media.c.sha256).where(media.c.erased_at.is_(None), ~has_row, ~has_job)
    return db.execute(statement.order_by(media.c.stored_at).limit(limit)).scalars().all()


def assessments_naming(db: Connection, sha256: str) -> Sequence[str]:
    """Return the assessments whose current revision names the file."""
    current = and_(
        assessments.c.id == media_links.c.assessment_id,
        assessments.c.revision == media_links.c.revision,
        assessments.c.digest == media_links.c.digest,
    )
    statement = (
        select(assessments.c.id).distinct().join_from(media_links, assessments, current).where(
            media_links.c.sha256 == sha256
        )
    )  # fmt: skip
    return db.execute(statement).scalars().all()


def count_held_files(db: Connection, assessment_id: str) -> None:
    """Bring "files held" of one assessment up to date; one erased when its time was over still counts as come."""
    held = (
        select(func.count(distinct(media_links.c.sha256)))
        .join_from(media_links, media, media.c.sha256 == media_links.c.sha256)
        .where(
            media_links.c.assessment_id == assessments.c.id,
            media_links.c.revision == assessments.c.revision,
            media_links.c.digest == assessments.c.digest,
        )
        .correlate(assessments)
        .scalar_subquery()
    )
    db.execute(update(assessments).where(assessments.c.id == assessment_id).values(files_held=held))
