"""Signing in by a provider: who an account is there, and sign-ins it has been asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0233"
down_revision = "0227"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "provider_links",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.Text()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_provider_links_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_provider_links")),
        sa.UniqueConstraint("name", name=op.f("uq_provider_links_name")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_links_issuer_subject")),
    )
    op.create_table(
        "provider_tries",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("onward", sa.Text(), nullable=False),
        sa.Column("kept_words", sa.Text()),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_provider_tries")),
    )
