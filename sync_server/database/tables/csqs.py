"""CSQS beside the visits themselves: items settled between two ratings, decided levels, and who holds a CCSM."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from sync_server.database.columns import Json, Moment, Serial, is_sha256
from sync_server.database.tables.schema import metadata

csqs_settlements = Table(  # append-only: what counts of an item that two people rated far apart; the newest holds
    "csqs_settlements",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("digest", Text, nullable=False),  # of the revision it is of
    Column("item", Text, nullable=False),
    Column("rating", Integer),  # NULL: not applicable
    Column("reason", Text, nullable=False),
    Column("settled_by", Text, ForeignKey("users.id"), nullable=False),
    Column("settled_at", Moment, nullable=False),
    CheckConstraint("rating BETWEEN 0 AND 3", name="rating_in_range"),
    CheckConstraint("reason <> ''", name="reason_given"),
    sqlite_autoincrement=True,
)

csqs_decisions = Table(  # a frozen copy: only its confirmation and its withdrawal are added to it
    "csqs_decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False),
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False, index=True),
    Column("level", Integer, nullable=False),  # 0: none
    Column("begins_on", Text, nullable=False),  # a day
    Column("ends_on", Text, nullable=False),  # the first day on which it no longer holds
    Column("body", Json, nullable=False),  # sync_server.csqs.frozen.Frozen
    Column("digest", Text, nullable=False),  # SHA-256 of that body, written canonically
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("users.id"), nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("confirmed_by", Text, ForeignKey("users.id")),
    Column("confirmed_at", Moment),
    Column("withdrawn_by", Text, ForeignKey("users.id")),
    Column("withdrawn_at", Moment),
    Column("withdrawn_because", Text, nullable=False, server_default=""),
    is_sha256("digest"),
    CheckConstraint("level BETWEEN 0 AND 3", name="level_in_range"),
    CheckConstraint("begins_on < ends_on", name="begins_before_it_ends"),
    CheckConstraint("reason <> ''", name="reason_given"),
    CheckConstraint("confirmed_by <> decided_by", name="two_people"),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because = '')", name="withdrawn_with_a_reason"),
    # One decision of a visit stands.
    Index("uq_csqs_decisions_standing", "assessment_id", unique=True,
          sqlite_where=text("withdrawn_at IS NULL")),
)  # fmt: skip

ccsm_holders = Table(  # who of an organisation holds a CCSM qualification
    "ccsm_holders",
    metadata,
    Column("number", Text, primary_key=True),  # of the certificate
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False, index=True),
    Column("person", Text, nullable=False),
    Column("held_on", Text, nullable=False),  # a day: since when
    Column("entered_by", Text, ForeignKey("users.id"), nullable=False),
    Column("entered_at", Moment, nullable=False),
    CheckConstraint("person <> ''", name="person_named"),
)
