"""Let a ruling say that a settled double score counts, and what an IVRS panel's marks came to."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0242"
down_revision = "0233"
branch_labels = None
depends_on = None

TABLE, COLUMN, VALUES = "decisions", "kind", ("settled", "ivrs_panel")


def upgrade() -> None:
    """Bring the schema one step forward."""
    db = op.get_bind()
    if db.dialect.name == "sqlite":
        _widened(db)
        return
    name = f"ck_{TABLE}_{COLUMN}_known"
    held = db.execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    ).scalar_one()
    values = [*re.findall(r"'([a-z_]+)'", held), *VALUES]
    op.drop_constraint(op.f(name), TABLE, type_="check")
    op.create_check_constraint(op.f(name), TABLE, sa.column(COLUMN).in_(dict.fromkeys(values)))


def _widened(db: sa.Connection) -> None:
    # A check is words of the schema alone: SQLite's own way to change one is to change them.
    version = int(db.exec_driver_sql("PRAGMA schema_version").scalar_one())
    db.exec_driver_sql("PRAGMA writable_schema = ON")
    asked = {"table": TABLE}
    made = db.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), asked)
    more = "".join(f", '{value}'" for value in VALUES)
    wider, found = re.subn(rf"(\b{COLUMN} IN \([^)]*)\)", rf"\1{more})", made.scalar_one())
    if found != 1:
        raise RuntimeError(f"{TABLE}: no check of {COLUMN}")
    named = {"sql": wider, "table": TABLE}
    db.execute(sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"), named)
    db.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    db.exec_driver_sql("PRAGMA writable_schema = RESET")
