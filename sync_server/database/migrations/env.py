"""Alembic's entry: one serial transaction on the database it was given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from sync_server.database.columns import Json, Moment
from sync_server.database.engine import Database
from sync_server.database.tables import metadata

database: Database = context.config.attributes["database"]


def _plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    # A revision says what the column is in the database and keeps meaning that when our types change.
    return "sa.Text()" if kind == "type" and isinstance(item, (Json, Moment)) else False


with database.transaction() as db:
    context.configure(connection=db, target_metadata=metadata, render_item=_plain, compare_type=False)
    with context.begin_transaction():
        context.run_migrations()
