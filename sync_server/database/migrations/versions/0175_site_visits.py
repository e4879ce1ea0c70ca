"""Let entries, contact points, scenarios and assignments be by site visit, of a programme beside the award."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0175"
down_revision = "0170"
branch_labels = None
depends_on = None

TABLES = ("entries", "contact_points", "scenarios", "assignments")
COLUMN, VALUE = "channel", "site_visit"


def upgrade() -> None:
    """Bring the schema one step forward."""
    db = op.get_bind()
    if db.dialect.name == "sqlite":
        _widened(db)
        return
    for table in TABLES:
        name = f"ck_{table}_{COLUMN}_known"
        held = db.execute(
            sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
        ).scalar_one()
        values = [*re.findall(r"'([a-z_]+)'", held), VALUE]
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, sa.column(COLUMN).in_(dict.fromkeys(values)))


def _widened(db: sa.Connection) -> None:
    # A check is words of the schema alone: SQLite's own way to change one is to change them. To make the tables anew
    # would look through every record for each assignment that it names.
    version = int(db.exec_driver_sql("PRAGMA schema_version").scalar_one())
    db.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in TABLES:
        asked = {"table": table}
        made = db.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), asked)
        wider, found = re.subn(rf"(\b{COLUMN} IN \([^)]*)\)", rf"\1, '{VALUE}')", made.scalar_one())
        if found != 1:
            raise RuntimeError(f"{table}: no check of {COLUMN}")
        named = {"sql": wider, "table": table}
        db.execute(sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"), named)
    db.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    db.exec_driver_sql("PRAGMA writable_schema = RESET")
