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


class NewerSchemaError(Exception):
    """A newer release has kept this data: `revision` is not known here."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"schema {revision} is not known to this release")
        self.revision = revision


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the schema to revision `to`. One transaction: a kill leaves the old schema. Several processes may race.

    Raises:
        NewerSchemaError: nothing was changed.
    """
    if to == "head":
        held = revision_of(database)
        if held == newest_revision():
            return
        if held is not None and held not in _revisions():
            raise NewerSchemaError(held)
    from alembic import command  # noqa: PLC0415 - only when needed

    command.upgrade(_settings(database), to)


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this program expects."""
    return revision_of(database) == newest_revision()


def revision_of(database: Database) -> str | None:
    """Return the revision of the schema; None where there is no schema yet."""
    with database.reading() as db:
        if not inspect(db).has_table("alembic_version"):
            return None
        held = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if held is None else str(held)


def newest_revision() -> str:
    """Return the revision this program expects."""
    return max(_revisions())


def _revisions() -> frozenset[str]:
    """Every revision there is: its number begins the name of its file."""
    return frozenset(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def draft(database: Database, why: str) -> None:
    """Write a revision that brings the migrated `database` to the schema of `tables`. A person reads it before use."""
    from alembic import command  # noqa: PLC0415 - only when needed

    command.revision(_settings(database), why, autogenerate=True)
