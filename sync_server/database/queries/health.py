"""Whether the database answers at all."""

from __future__ import annotations

from sqlalchemy import Connection, text


def check(db: Connection) -> None:
    """Return when the database has answered.

    Raises:
        SQLAlchemyError: it does not.
    """
    db.execute(text("SELECT 1"))
