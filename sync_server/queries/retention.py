"""Which files are used where, and what was made of them: what retention decides by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from sync_server.tables import assessments, entrants, media, media_derivatives, media_links, rounds


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
            media.outerjoin(media_links, media_links.c.sha256 == media.c.sha256).outerjoin(
                assessments, assessments.c.id == media_links.c.assessment_id
            )
        )
        .where(media.c.erased_at.is_(None))
        .order_by(media.c.sha256)
        .execution_options(yield_per=500)
    )
    for row in db.execute(statement):
        yield FileUse(*row)


def release_moments(db: Connection) -> Mapping[int, datetime | None]:
    """Return when each round was or will be released; None: not decided."""
    return {row.number: row.released_at for row in db.execute(select(rounds.c.number, rounds.c.released_at))}


def derivatives_of(db: Connection, sha256: str) -> Sequence[str]:
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
    statement = update(media).where(media.c.sha256 == sha256, media.c.erased_at.is_(None)).values(erased_at=now)
    return db.execute(statement).rowcount == 1
