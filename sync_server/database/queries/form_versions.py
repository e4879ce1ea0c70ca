"""Form versions as stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from sync_server.database.tables import form_versions


def form_bodies(db: Connection, *, except_for: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield id and wire JSON of each form version that is not in `except_for`."""
    statement = select(form_versions.c.id, form_versions.c.body).where(form_versions.c.id.not_in(list(except_for)))
    for row in db.execute(statement):
        yield row.id, row.body
