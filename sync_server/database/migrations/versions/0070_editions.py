"""Keep the programme's editions; a season that is there already becomes the edition of its first round's year."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0063"
branch_labels = None
depends_on = None

_HONG_KONG = timedelta(hours=8)  # all programmes of earlier releases are Hong Kong's


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "editions",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text()),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("milestones", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1990 AND 2189", name=op.f("ck_editions_year_in_range")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_editions")),
    )
    db = op.get_bind()
    opens = db.execute(sa.text("SELECT MIN(opens_at) FROM rounds")).scalar()
    if opens is None:
        return
    year = (datetime.fromisoformat(opens) + _HONG_KONG).year
    title = {"en": f"{year} Mystery Caller Assessment Award", "zh-Hant": f"{year}神秘客戶評審大獎"}
    # It began when its rules were set up; what was typed since was not in the past then.
    begun = db.execute(sa.text("SELECT MIN(created_at) FROM rulesets")).scalar() or opens
    row = {"year": year, "title": json.dumps(title, ensure_ascii=False), "begun": begun}
    statement = (
        "INSERT INTO editions (year, title, organiser, contact, milestones, created_at) "
        "VALUES (:year, :title, NULL, '{}', '{}', :begun)"
    )
    db.execute(sa.text(statement), row)
