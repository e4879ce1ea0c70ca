"""Named values of this data folder that are no setting of the environment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import settings

REVIEW_SEED = "review-seed"  # of what is read or scored twice at random; kept when the first visit is looked for


def setting(db: Connection, name: str) -> Any:
    """Return the value kept under `name`, or None."""
    return db.execute(select(settings.c.value).where(settings.c.name == name)).scalar()


def keep_setting(db: Connection, name: str, value: object, now: datetime) -> None:
    """Keep `value` (any JSON) under `name`, over what was there."""
    statement = insert_or_update(db, settings, ["name"], ["value", "updated_at"])
    db.execute(statement.values(name=name, value=value, updated_at=now))
