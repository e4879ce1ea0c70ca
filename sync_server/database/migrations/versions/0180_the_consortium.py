"""The consortium, and copies of what is no round: findings, and tables of the index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.database.migrations.widening import also, otherwise

revision = "0180"
down_revision = "0175"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "consortium_ballots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opens_at", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_consortium_ballots_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_consortium_ballots_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_ballots")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consortium_challenges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("put_by", sa.Text(), nullable=False),
        sa.Column("put_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["put_by"], ["users.id"], name=op.f("fk_consortium_challenges_put_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_challenges")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consortium_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('meeting', 'case_sharing', 'luncheon', 'focus_group', 'site_visit')",
            name=op.f("ck_consortium_events_kind_known"),
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_consortium_events_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_events")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consortium_members",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Text(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on <= until_on", name=op.f("ck_consortium_members_from_before_until")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_consortium_members_set_by")),
        sa.PrimaryKeyConstraint("organisation", "from_on", name=op.f("pk_consortium_members")),
    )
    op.create_table(
        "consortium_people",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_consortium_people_set_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consortium_people_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_consortium_people")),
    )
    op.create_table(
        "consortium_terms",
        sa.Column("starts_on", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_consortium_terms_set_by")),
        sa.PrimaryKeyConstraint("starts_on", name=op.f("pk_consortium_terms")),
    )
    op.create_table(
        "consortium_attendance",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("coming", sa.Integer(), nullable=True),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.Text(), nullable=False),
        sa.CheckConstraint("coming >= 0 AND came >= 0", name=op.f("ck_consortium_attendance_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["consortium_events.id"], name=op.f("fk_consortium_attendance_event_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_consortium_attendance_noted_by")),
        sa.PrimaryKeyConstraint("event_id", "organisation", name=op.f("pk_consortium_attendance")),
    )
    op.create_table(
        "consortium_topics",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("challenge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("put_by", sa.Text(), nullable=False),
        sa.Column("put_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["consortium_ballots.id"], name=op.f("fk_consortium_topics_ballot_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["consortium_challenges.id"], name=op.f("fk_consortium_topics_challenge_id")
        ),
        sa.ForeignKeyConstraint(["put_by"], ["users.id"], name=op.f("fk_consortium_topics_put_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_topics")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consortium_votes",
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("cast_by", sa.Text(), nullable=False),
        sa.Column("cast_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["consortium_ballots.id"], name=op.f("fk_consortium_votes_ballot_id")),
        sa.ForeignKeyConstraint(["cast_by"], ["users.id"], name=op.f("fk_consortium_votes_cast_by")),
        sa.PrimaryKeyConstraint("ballot_id", "organisation", name=op.f("pk_consortium_votes")),
    )
    op.create_table(
        "consortium_findings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (opened_by IS NULL)", name=op.f("ck_consortium_findings_opened_by_somebody")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_consortium_findings_made_by")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_consortium_findings_opened_by")),
        sa.ForeignKeyConstraint(["topic_id"], ["consortium_topics.id"], name=op.f("fk_consortium_findings_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_findings")),
        sqlite_autoincrement=True,
    )
    for table in ("publications", "releases"):
        before, after = "(what = 'results') = (round IS NULL)", "(substr(what, 1, 6) = 'round-') = (round IS NOT NULL)"
        otherwise(table, "round_or_results", before, after)
    for table in ("users", "invitations"):
        also(table, "role", "member")
