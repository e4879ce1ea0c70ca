"""A release is an event, written once, and what is erased is announced before. The rules keep the moments of release.

Rounds that entrants saw before this step get their event with the moment they had, or with the round's end where that
came later. What `rounds.csv` said of the others stays in force, beside rules whose digest must not change: it goes into
the setting "release-moments-of-csv", where null is no moment, until somebody sets moments anew.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "releases",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer()),
        sa.Column("release_at", sa.Text(), nullable=False),
        sa.Column("released_at", sa.Text(), nullable=False),
        sa.Column("released_by", sa.Text(), nullable=False),
        sa.CheckConstraint("(what = 'results') = (round IS NULL)", name=op.f("ck_releases_round_or_results")),
        sa.CheckConstraint("release_at <= released_at", name=op.f("ck_releases_not_before_its_moment")),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_releases")),
        sa.UniqueConstraint("round", name=op.f("uq_releases_round")),
    )
    op.create_table(
        "erasure_notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("announced_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("assessments", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.Text()),
        sa.Column("confirmed_by", sa.Text()),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_erasure_notices_confirmed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_erasure_notices_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_notices")),
        sqlite_autoincrement=True,
    )
    _keep_what_was_decided()
    op.drop_column("rounds", "released_at")


def _keep_what_was_decided() -> None:
    db = op.get_bind()
    now = datetime.now(UTC).isoformat(timespec="microseconds")[:26] + "Z"  # as the database holds moments
    rounds = db.execute(sa.text("SELECT number, closes_at, released_at FROM rounds ORDER BY number")).all()
    for number, closes_at, moment in rounds:
        if moment is not None and moment <= now and closes_at <= now:
            db.execute(
                sa.text("INSERT INTO releases VALUES (:what, :round, :release_at, :released_at, 'upgrade')"),
                {
                    "what": f"round-{number}",
                    "round": number,
                    "release_at": moment,
                    "released_at": max(moment, closes_at),
                },
            )
    if rounds:
        moments = {str(number): moment for number, _, moment in rounds}
        db.execute(
            sa.text("INSERT INTO settings VALUES ('release-moments-of-csv', :value, :now)"),
            {"value": json.dumps(moments, sort_keys=True, separators=(",", ":")), "now": now},
        )
