"""What lets other programs in, and what is sent to them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text

from sync_server.database.columns import Json, Moment, is_sha256
from sync_server.database.tables.schema import metadata

api_tokens = Table(  # a token speaks for one account or one assessor; it holds the secret, this its SHA-256
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),  # what it is for
    Column("hint", Text, nullable=False),  # its last characters, so that an administrator can tell them apart
    Column("token_hash", Text, nullable=False, unique=True),
    Column("user_id", Text, ForeignKey("users.id"), index=True),
    Column("assessor_id", Text, ForeignKey("assessors.id"), index=True),
    Column("scopes", Json, nullable=False),  # ["answers", "assessments"]
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, ForeignKey("users.id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    is_sha256("token_hash"),
    CheckConstraint("(user_id IS NULL) <> (assessor_id IS NULL)", name="speaks_for_one"),
)
