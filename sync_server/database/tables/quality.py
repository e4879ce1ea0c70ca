"""What the quality pages add up: the marks of each visit, and their sums by entry and round."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table, Text

from sync_server.database.columns import is_sha256
from sync_server.database.tables.schema import metadata

visit_marks = Table(  # what one visit adds; taken anew from its revision at any time
    "visit_marks",
    metadata,
    Column("assessment_id", Text, ForeignKey("assessments.id"), primary_key=True),
    Column("digest", Text, nullable=False),  # of the revision
    Column("corrections", Integer, nullable=False, server_default="0"),  # how many were made on it by then
    Column("body", Text, nullable=False),  # wire JSON of sync_server.quality.tally.VisitMarks
    is_sha256("digest"),
)

entry_tallies = Table(  # the sums of an entry's round; made anew from its marks at any time
    "entry_tallies",
    metadata,
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("basis", Text, nullable=False),  # names the visits it is of
    Column("scores", Integer, nullable=False, server_default="0"),
    Column("mean", Float),  # of the bases; NULL: there is none
    Column("error", Float),  # standard error of the mean; NULL: fewer than two
    Column("groups", Integer, nullable=False, server_default="0"),  # what it is worked from: branches, or scores
    Column("body", Text, nullable=False),  # wire JSON of sync_server.quality.tally.Tally
    PrimaryKeyConstraint("entrant_id", "channel", "round"),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
)
