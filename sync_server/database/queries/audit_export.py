"""Every revision of visits, a page of visits at a time, as the export of how they were filled in needs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from sync_server.database.tables import assessment_revisions, assessments

PAGE = 100


def ids_after(db: Connection, after: str, limit: int) -> Sequence[str]:
    """Return the next `limit` visits in the order of their ids."""
    c = assessments.c
    return db.execute(select(c.id).where(c.id > after).order_by(c.id).limit(limit)).scalars().all()


def revisions_of(db: Connection, ids: Collection[str]) -> Mapping[str, Sequence[tuple[str, bytes]]]:
    """Return author and body of each revision that counts or counted, by visit, the first one first."""
    r = assessment_revisions.c
    statement = select(r.assessment_id, r.assessor_id, r.body).where(
        r.assessment_id.in_(list(ids)), r.conflict.is_(False)
    )
    found: dict[str, list[tuple[str, bytes]]] = {}
    for row in db.execute(statement.order_by(r.assessment_id, r.revision)):
        found.setdefault(row.assessment_id, []).append((row.assessor_id, bytes(row.body)))
    return found
