"""Alembic revisions, forward only. Run at start by every command that opens the database; harmless to repeat."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from sync_server.database import Database


def _settings(database: Database) -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("path_separator", "os")
    settings.attributes["database"] = database
    return settings


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the schema to revision `to`. One transaction: a kill leaves the old schema. Several processes may race."""
    command.upgrade(_settings(database), to)


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this program expects."""
    with database.reading() as db:
        held = MigrationContext.configure(db).get_current_revision()
    return held == ScriptDirectory.from_config(_settings(database)).get_current_head()


def draft(database: Database, why: str) -> None:
    """Write a revision that brings the migrated `database` to the schema of `tables`. A person reads it before use."""
    command.revision(_settings(database), why, autogenerate=True)
