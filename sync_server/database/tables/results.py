"""Results, and what was decided about them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from sync_server.database.columns import Json, Moment, Serial, is_sha256, one_of
from sync_server.database.tables.schema import metadata

grades = Table(  # append-only: a re-score is a new row
    "grades",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("ruleset_digest", Text, nullable=False),
    Column("base", Text),  # exact
    Column("why_no_base", Text, nullable=False, server_default=""),  # a code: "not-finished", "all-not-applicable"
    Column("graded_at", Moment, nullable=False),
    CheckConstraint("(base IS NULL) = (why_no_base <> '')", name="base_or_why_not"),
    sqlite_autoincrement=True,
)

assessment_facts = Table(  # what standings need of each current revision; rebuilt from the revisions at any time
    "assessment_facts",
    metadata,
    Column("assessment_id", Text, ForeignKey("assessments.id"), primary_key=True),
    Column("digest", Text, nullable=False),  # of the revision they were taken from
    Column("tests_digest", Text, nullable=False),  # of the parameters they depend on
    Column("body", Text, nullable=False),  # wire JSON of sync_server.standing_facts.KeptFacts
    is_sha256("digest"),
)

standings = Table(  # the current projection of one entry; recomputed when one of its assessments changes
    "standings",
    metadata,
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("final", Text),  # exact
    Column("final_shown", Text, nullable=False, server_default=""),
    Column("final_millionths", Serial),
    Column("grade", Text),
    Column("body", Text, nullable=False),  # wire JSON of the scored entry: rounds, mark, reasons
    Column("ruleset_digest", Text, nullable=False),
    Column("computed_at", Moment, nullable=False),
    Column("visits", Text),  # wire JSON of sync_server.award.alike.KeptVisits; None: an earlier release made it
    PrimaryKeyConstraint("entrant_id", "channel"),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
)

projected_days = Table(  # where an entry was heading at the end of each day on which its standing was made
    "projected_days",
    metadata,
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("day", Text, nullable=False),  # the day in the season's zone, "2021-03-01"
    Column("shown", Text, nullable=False),  # the final, or where there is none yet what is projected
    Column("grade", Text),
    Column("made", Integer, nullable=False),  # visits it rests on
    PrimaryKeyConstraint("entrant_id", "channel", "day"),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
)

decisions = Table(  # append-only: what a coordinator decided, for one assessment or one round of an entry
    "decisions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), index=True),
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("round", Integer),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("users.id"), nullable=False),
    Column("decided_at", Moment, nullable=False),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
    one_of("kind", ("void", "unvoid", "penalty", "no_penalty", "unreached", "no_unreached", "ease", "no_ease",
                    "consistency", "settled", "ivrs_panel")),
    CheckConstraint("reason <> ''", name="reason_given"),
    sqlite_autoincrement=True,
)  # fmt: skip

reviews = Table(  # append-only
    "reviews",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("comments", Json, nullable=False),  # {question key: words}
    Column("reason", Text, nullable=False, server_default=""),
    Column("reviewer_id", Text, ForeignKey("users.id"), nullable=False),
    Column("reviewed_at", Moment, nullable=False),
    one_of("verdict", ("accepted", "returned", "void")),
    sqlite_autoincrement=True,
)

erasure_notices = Table(  # what is announced before anything of a season is erased, and who confirmed it
    "erasure_notices",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("announced_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),  # when the first of it is due
    Column("files", Integer, nullable=False),
    Column("assessments", Integer, nullable=False),  # whose words go
    Column("confirmed_at", Moment),
    Column("confirmed_by", Text, ForeignKey("users.id")),
    CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
    sqlite_autoincrement=True,
)

taken_back_reviews = Table(  # append-only: the verdict itself stays as it was
    "taken_back_reviews",
    metadata,
    Column("review_id", Serial, ForeignKey("reviews.id"), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("taken_back_by", Text, ForeignKey("users.id"), nullable=False),
    Column("taken_back_at", Moment, nullable=False),
    CheckConstraint("reason <> ''", name="reason_given"),
)

audit_log = Table(  # append-only
    "audit_log",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("action", Text, nullable=False),  # "assessment-viewed"
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False, index=True),
    Column("details", Json, nullable=False),
    Column("request_id", Text, nullable=False, server_default=""),
    one_of("actor_kind", ("user", "device", "command", "system")),
    sqlite_autoincrement=True,
)
