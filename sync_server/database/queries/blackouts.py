"""Photos with areas blacked out: what was decided, and what stands for a file that a revision names.

A revision names its files for good, in `media_links`. Whoever shows or keeps them reads them by STANDING, through
WITH_BLACKOUTS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import blackouts, media_links, users

Area = tuple[int, int, int, int]  # left, top, width, height in thousandths of the upright picture

STANDING = func.coalesce(blackouts.c.blackened_sha256, media_links.c.sha256)
WITH_BLACKOUTS = media_links.outerjoin(blackouts, blackouts.c.sha256 == media_links.c.sha256)


class BlackoutRow(NamedTuple):
    """What was decided about one photo, by whose name, and how far it is."""

    sha256: str
    assessment_id: str
    areas: Sequence[Area]
    reason: str
    decided_by: str
    decided_at: datetime
    name: str
    blackened_sha256: str | None
    destroyed_at: datetime | None
    problem: str

    @property
    def is_done(self) -> bool:
        """Whether the original is destroyed."""
        return self.destroyed_at is not None


def blackout_of(db: Connection, sha256: str) -> BlackoutRow | None:
    """Return what was decided about the photo whose original is `sha256`."""
    rows = _rows(db, blackouts.c.sha256 == sha256)
    return rows[0] if rows else None


def blackouts_on(db: Connection, sha256s: Sequence[str]) -> Mapping[str, BlackoutRow]:
    """Return what was decided about photos, by the hash of what stands now: the original or the blackened one."""
    c, names = blackouts.c, list(sha256s)
    rows = _rows(db, or_(c.sha256.in_(names), c.blackened_sha256.in_(names)))
    standing = {row.blackened_sha256: row for row in rows if row.blackened_sha256}
    return standing | {row.sha256: row for row in rows if not row.blackened_sha256}


def keep_decision(
    db: Connection, sha256: str, assessment_id: str, *, areas: Sequence[Area], reason: str, by: str, now: datetime
) -> None:
    """Keep what was decided; after a failure, the new decision stands in the place of that one."""
    row = {
        "sha256": sha256, "assessment_id": assessment_id, "areas": [list(area) for area in areas], "reason": reason,
        "decided_by": by, "decided_at": now, "problem": "",
    }  # fmt: skip
    changed = [name for name in row if name != "sha256"]
    db.execute(insert_or_update(db, blackouts, ["sha256"], changed), [row])


def note_replaced(db: Connection, sha256: str, blackened: str) -> None:
    """Let the file `blackened` stand for `sha256`, and for whatever `sha256` itself stood for."""
    c = blackouts.c
    statement = update(blackouts).where(or_(c.sha256 == sha256, c.blackened_sha256 == sha256))
    db.execute(statement.values(blackened_sha256=blackened))


def note_destroyed(db: Connection, sha256: str, now: datetime) -> None:
    """Note that the bytes of the original are gone."""
    db.execute(update(blackouts).where(blackouts.c.sha256 == sha256).values(destroyed_at=now))


def note_problem(db: Connection, sha256: str, problem: str) -> None:
    """Note why it could not be done; nothing was destroyed."""
    db.execute(update(blackouts).where(blackouts.c.sha256 == sha256).values(problem=problem))


def _rows(db: Connection, which: ColumnElement[bool]) -> Sequence[BlackoutRow]:
    c = blackouts.c
    statement = (
        select(
            c.sha256, c.assessment_id, c.areas, c.reason, c.decided_by, c.decided_at, users.c.name,
            c.blackened_sha256, c.destroyed_at, c.problem,
        )
        .join_from(blackouts, users, users.c.id == c.decided_by)
        .where(which)
        .order_by(c.decided_at)
    )  # fmt: skip
    return [BlackoutRow._make(row) for row in db.execute(statement)]
