"""What lets other programs in, and what is sent to them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Table, Text, UniqueConstraint

from sync_server.database.columns import Json, Moment, Serial, is_sha256, one_of
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

webhooks = Table(  # where what happens is told of; a secret is kept as it is, for messages are signed with it
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("events", Json, nullable=False),  # ["assessment.received"]
    Column("secret", Text, nullable=False),
    Column("old_secret", Text, nullable=False, server_default=""),
    Column("old_until", Moment),
    Column("told_until", Serial, nullable=False),  # the last entry of the audit log that was looked at
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, ForeignKey("users.id"), nullable=False),
    Column("ended_at", Moment),
)

webhook_messages = Table(
    "webhook_messages",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("webhook_id", Text, ForeignKey("webhooks.id"), nullable=False),
    Column("audit_id", Serial, nullable=False),  # of what it tells of
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, index=True),  # NULL: it was taken, or given up
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("status", Integer),  # of the last answer
    Column("problem", Text, nullable=False, server_default=""),  # a code, when nobody answered
    Column("taken_at", Moment),
    UniqueConstraint("webhook_id", "audit_id"),
    sqlite_autoincrement=True,
)

submissions = Table(  # what other apps sent as an assessor: taken in, or waiting in the tray
    "submissions",
    metadata,
    Column("id", Text, primary_key=True),  # of assessor and instance id: the number of the assessment it becomes
    Column("digest", Text, primary_key=True),  # SHA-256 of the document
    Column("instance_id", Text, nullable=False),
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("token_id", Text, ForeignKey("api_tokens.id"), nullable=False),
    Column("form_id", Text, nullable=False),  # as it names its form: an assignment's id where it is one of ours
    Column("assessment_id", Text),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("why", Json, nullable=False, server_default="[]"),  # why it is in the tray, or what was left out
    Column("document", LargeBinary, nullable=False),  # as it came; empty once all of it is in a record, or erased
    Column("files", Json, nullable=False, server_default="[]"),
    Column("received_at", Moment, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("decided_by", Text, ForeignKey("users.id")),
    Column("decided_at", Moment),
    is_sha256("digest"),
    one_of("state", ("waiting", "tray", "taken", "set_aside")),
)
