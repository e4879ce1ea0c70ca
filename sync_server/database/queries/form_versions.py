"""Form versions as stored, and the drafts of the next ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import form_drafts, form_versions


class DraftRow(NamedTuple):
    """One draft. `body` is its file."""

    name: str
    based_on: str
    body: str
    updated_at: datetime
    updated_by: str


def form_bodies(db: Connection, *, except_for: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield id and wire JSON of each form version that is not in `except_for`."""
    statement = select(form_versions.c.id, form_versions.c.body).where(form_versions.c.id.not_in(list(except_for)))
    for row in db.execute(statement):
        yield row.id, row.body


def drafts(db: Connection) -> Sequence[DraftRow]:
    """Return every draft, by name."""
    columns = [form_drafts.c[name] for name in DraftRow._fields]
    return [DraftRow(*row) for row in db.execute(select(*columns).order_by(form_drafts.c.name))]


def keep_draft(db: Connection, row: DraftRow) -> None:
    """Keep a draft, over what was there of its form."""
    statement = insert_or_update(db, form_drafts, ["name"], DraftRow._fields[1:])
    db.execute(statement.values(**row._asdict()))


def forget_draft(db: Connection, name: str) -> None:
    """Remove the draft of a form. A repeat changes nothing."""
    db.execute(delete(form_drafts).where(form_drafts.c.name == name))
