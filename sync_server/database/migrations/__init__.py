"""Alembic revisions, forward only. Run at start by every command that opens the database; harmless to repeat.

Alembic itself is loaded only when there is something to do: it is a fifth of a start.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from sync_server.database.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

VERSIONS = Path(__file__).parent / "versions"


def _settings(database: Database) -> AlembicConfig:
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415 - only when needed

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("path_separator", "os")
    settings.attributes["database"] = database
    return settings


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the schema to revision `to`. One transaction: a kill leaves the old schema. Several processes may race."""
    if to == "head" and is_current(database):
        return
    from alembic import command  # noqa: PLC0415 - only when needed

    command.upgrade(_settings(database), to)


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this program expects."""
    with database.reading() as db:
        if not inspect(db).has_table("alembic_version"):
            return False
        held = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return held == newest_revision()


def newest_revision() -> str:
    """Return the revision this program expects: its number begins the name of its file."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def draft(database: Database, why: str) -> None:
    """Write a revision that brings the migrated `database` to the schema of `tables`. A person reads it before use."""
    from alembic import command  # noqa: PLC0415 - only when needed

    command.revision(_settings(database), why, autogenerate=True)
