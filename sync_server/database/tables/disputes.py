"""What entrants dispute of what was published, and what was decided: written twice, when opened and when decided."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, text

from sync_server.database.columns import Moment, Serial, one_of
from sync_server.database.tables.schema import metadata

disputes = Table(
    "disputes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("publication_id", Text, ForeignKey("publications.id"), nullable=False),  # the copy it is about
    Column("round", Integer, nullable=False),
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("question", Text, nullable=False),  # "": the whole visit
    Column("words", Text, nullable=False),
    Column("opened_by", Text, ForeignKey("users.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("outcome", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Column("before", Text, nullable=False, server_default=""),  # the base as it was shown, and as it is
    Column("after", Text, nullable=False, server_default=""),
    Column("decided_by", Text, ForeignKey("users.id")),
    Column("decided_at", Moment),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
    one_of("outcome", ("stands", "corrected", "voided")),
    CheckConstraint("words <> ''", name="words_given"),
    CheckConstraint("(outcome IS NULL) = (reason = '')", name="decided_with_a_reason"),
    CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_at_a_moment"),
    Index("uq_disputes_open", "assessment_id", "question", unique=True,
          sqlite_where=text("outcome IS NULL")),
    sqlite_autoincrement=True,
)  # fmt: skip
