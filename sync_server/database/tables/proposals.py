"""Proposals beside what is handed in of them: drafts, moved deadlines, marks of a panel and from elsewhere."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from sync_server.database.columns import Json, Moment, Serial
from sync_server.database.tables.schema import metadata

proposal_drafts = Table(  # what was typed last; a version that is handed in is another thing, and stays
    "proposal_drafts",
    metadata,
    Column("hand_in_id", Text, ForeignKey("hand_ins.id"), primary_key=True),
    Column("body", Json, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

proposal_reopenings = Table(  # append-only
    "proposal_reopenings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("hand_in_id", Text, ForeignKey("hand_ins.id"), nullable=False),
    Column("until", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("users.id"), nullable=False),
    Column("decided_at", Moment, nullable=False),
    CheckConstraint("reason <> ''", name="reason_given"),
    sqlite_autoincrement=True,
)

proposal_outside = Table(  # points from outside the template, by the organiser's own lines
    "proposal_outside",
    metadata,
    Column("hand_in_id", Text, ForeignKey("hand_ins.id"), nullable=False),
    Column("line", Text, nullable=False),
    Column("points", Text, nullable=False),  # exact
    Column("entered_by", Text, ForeignKey("users.id"), nullable=False),
    Column("entered_at", Moment, nullable=False),
    PrimaryKeyConstraint("hand_in_id", "line"),
)

panel_ties = Table(  # append-only: whether somebody is tied to what is to be marked; the newest holds
    "panel_ties",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("subject", Text, nullable=False),  # "proposal/<hand-in>"
    Column("judge", Text, ForeignKey("users.id"), nullable=False),
    Column("is_tied", Boolean, nullable=False),
    Column("declared_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

panel_marks = Table(
    "panel_marks",
    metadata,
    Column("subject", Text, nullable=False),
    Column("judge", Text, ForeignKey("users.id"), nullable=False),
    Column("part", Text, nullable=False),
    Column("points", Text, nullable=False),  # exact
    Column("note", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False),  # of what was marked
    Column("is_final", Boolean, nullable=False),
    Column("marked_at", Moment, nullable=False),
    PrimaryKeyConstraint("subject", "judge", "part"),
)
