"""Whether the database answers, for every table."""

from __future__ import annotations

from sqlalchemy import Connection, select

from sync_server.database.tables import metadata


def check(db: Connection) -> None:
    """Return when the first row of each table was read.

    Raises:
        SQLAlchemyError: the database does not answer, or a table cannot be read.
    """
    for table in metadata.sorted_tables:
        db.execute(select(table).limit(1)).first()
