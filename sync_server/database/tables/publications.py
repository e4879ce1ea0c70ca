"""Frozen copies of rounds and results, who signed them, and what closing them rests on. All of it is append-only, but
for a copy that is withdrawn before it is released.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from sync_server.database.columns import Json, Moment, Serial, is_sha256
from sync_server.database.tables.schema import metadata

publications = Table(  # when it was released stands in `releases`, and nowhere else
    "publications",
    metadata,
    Column("id", Text, primary_key=True),  # "round-1-2": the second copy taken of round 1
    Column("what", Text, nullable=False),  # "round-1", "results", "finding-1", "index-2021": as in `releases`
    Column("round", Integer),
    Column("copy", Integer, nullable=False),  # from 1, those withdrawn among them
    Column("correction", Integer, nullable=False, server_default="0"),  # 0: the first publication
    Column("audience", Text, nullable=False),
    Column("rules_version", Integer, ForeignKey("rulesets.version"), nullable=False),
    Column("rules_digest", Text, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the season file it holds, written canonically
    Column("body", LargeBinary, nullable=False),  # that file, deflated
    Column("reason", Text, nullable=False, server_default=""),  # of what stayed open, or of the correction
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, ForeignKey("users.id"), nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", Text, ForeignKey("users.id")),
    Column("withdrawn_because", Text, nullable=False, server_default=""),
    UniqueConstraint("what", "copy"),
    is_sha256("digest"),
    CheckConstraint("(substr(what, 1, 6) = 'round-') = (round IS NOT NULL)", name="round_or_results"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because = '')", name="withdrawn_with_a_reason"),
    CheckConstraint("correction = 0 OR reason <> ''", name="correction_with_a_reason"),
    # One of each correction stands; the first publication is correction 0.
    Index("uq_publications_standing", "what", "correction", unique=True,
          sqlite_where=text("withdrawn_at IS NULL")),
)  # fmt: skip

signatures = Table(
    "signatures",
    metadata,
    Column("publication_id", Text, ForeignKey("publications.id"), nullable=False),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("digest", Text, nullable=False),  # of what was signed
    Column("signed_at", Moment, nullable=False),
    PrimaryKeyConstraint("publication_id", "user_id"),
    is_sha256("digest"),
)

shortfalls = Table(  # why a round is closed with less than its quota: a reason, and a second name where it is far less
    "shortfalls",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("given_by", Text, ForeignKey("users.id"), nullable=False),
    Column("given_at", Moment, nullable=False),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
    CheckConstraint("reason <> ''", name="reason_given"),
    sqlite_autoincrement=True,
)

declarations = Table(  # the organisations an account is tied to (E28), and whether it also assesses; the newest holds
    "declarations",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("organisations", Json, nullable=False),
    Column("assessor_id", Text, ForeignKey("assessors.id")),
    Column("declared_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
