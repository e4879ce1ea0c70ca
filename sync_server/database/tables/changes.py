"""The feed of changes: what phones and open pages hear of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from sync_server.database.columns import Moment, Serial, one_of
from sync_server.database.tables.schema import metadata

CHANGE_KINDS = (
    "form",
    "programme",
    "assignment",
    "attempts",
    "review",
    "revocation",
    "assessment",
    "media",
    "standing",
)

changes = Table(  # the feed: `seq` grows in the order of commits, so that a cursor never skips one
    "changes",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("audience", Text, nullable=False),  # everyone (all devices), assessor (that one's), office (the dashboard)
    Column("assessor_id", Text),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("body", Text, nullable=False),  # wire JSON; "{}" for the office: pages read the tables
    Column("changed_at", Moment, nullable=False),
    one_of("audience", ("everyone", "assessor", "office")),
    one_of("kind", CHANGE_KINDS),
    CheckConstraint("(audience = 'assessor') = (assessor_id IS NOT NULL)", name="assessor_named_when_meant"),
    Index(None, "audience", "assessor_id", "seq"),
    sqlite_autoincrement=True,
)
