"""Work handed out, and what came back."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
    text,
)

from checklists.forms.form import Channel
from checklists.record.assessment import Contact, RecordStatus
from checklists.record.assignment import RecordingPolicy
from sync_server.database.columns import Moment, Serial, is_sha256, one_of
from sync_server.database.tables.schema import metadata

assignments = Table(
    "assignments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("round", Integer, ForeignKey("rounds.number"), nullable=False),
    Column("form", Text, ForeignKey("form_versions.id"), nullable=False),
    Column("scenario_id", Text, ForeignKey("scenarios.id"), nullable=False),
    Column("subchannel", Text),
    Column("variant", Text),
    Column("annex", Text, ForeignKey("form_versions.id")),
    Column("branch_id", Text, ForeignKey("branches.id")),
    Column("recording_policy", Text, nullable=False),
    Column("due_from", Moment, nullable=False),
    Column("due_until", Moment, nullable=False),  # exclusive
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("exception", Text, nullable=False, server_default=""),  # why a soft rule may be broken (E11-E13)
    Column("body", Text, nullable=False),  # wire JSON of checklists.assignment.Assignment
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
    one_of("channel", Channel),
    one_of("recording_policy", RecordingPolicy),
    CheckConstraint("due_from < due_until", name="due_from_before_due_until"),
    Index(None, "entrant_id", "channel", "round"),
    # What is still to be made, and by when: bodies are large, and this is looked at without them.
    Index("ix_assignments_to_do", "round", "due_until", "assessor_id", "withdrawn", "id"),
)

assignment_holders = Table(  # everyone who ever held it: a record sent after a hand-over is still taken
    "assignment_holders",
    metadata,
    Column("assignment_id", Text, ForeignKey("assignments.id"), nullable=False),
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("since_at", Moment, nullable=False),
    PrimaryKeyConstraint("assignment_id", "assessor_id"),
)

assessment_revisions = Table(  # append-only: the body as it came, byte for byte, until its words are erased
    "assessment_revisions",
    metadata,
    Column("assessment_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the canonical JSON
    Column("conflict", Boolean, nullable=False),  # other content than the first of this revision; never current
    Column("assignment_id", Text, ForeignKey("assignments.id"), nullable=False),
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False),
    Column("device_id", Text, ForeignKey("devices.id"), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("device_time", Text, nullable=False, server_default=""),  # as the device wrote it, empty when it did not
    Column("device_monotonic", Text, nullable=False, server_default=""),
    Column("clock_offset_ms", Serial),
    Column("status", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("words_erased_at", Moment),  # by retention: from then on the body is the record without its words,
    Column("kept_digest", Text),  # this is that body's digest, and `digest` still names the record that came
    PrimaryKeyConstraint("assessment_id", "revision", "digest"),
    is_sha256("digest"),
    one_of("status", RecordStatus),
    one_of("contact", Contact),
    CheckConstraint("revision >= 1", name="revision_from_one"),
    Index("uq_assessment_revisions_current", "assessment_id", "revision", unique=True,
          sqlite_where=text("NOT conflict")),
)  # fmt: skip

assessments = Table(  # the highest revision of each, with what lists show; rebuilt from the revisions at any time
    "assessments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("assignment_id", Text, ForeignKey("assignments.id"), nullable=False, index=True),
    Column("entrant_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("device_id", Text, ForeignKey("devices.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("form", Text, ForeignKey("form_versions.id"), nullable=False),
    Column("status", Text, nullable=False),  # the record's, moved on by reviews and decisions
    Column("contact", Text, nullable=False),
    Column("base", Text),  # exact; NULL: no score
    Column("base_shown", Text, nullable=False, server_default=""),  # two decimals, for people
    Column("base_millionths", Serial),  # rounded down, for sorting only
    Column("files_named", Integer, nullable=False, server_default="0"),
    Column("files_held", Integer, nullable=False, server_default="0"),
    Column("conflicts", Integer, nullable=False, server_default="0"),
    Column("clock_wrong", Boolean, nullable=False, server_default=text("false")),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("first_received_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
    one_of("status", RecordStatus),
    one_of("contact", Contact),
    CheckConstraint("files_held BETWEEN 0 AND files_named", name="files_held_of_named"),
    Index(None, "received_at"),
    Index(None, "entrant_id", "channel", "round"),
    # What the list's rare filters look for, newest first: few rows, however many there are in all.
    Index("ix_assessments_conflict", "received_at", "id",
          sqlite_where=text("conflicts > 0")),
    Index("ix_assessments_files_missing", "received_at", "id",
          sqlite_where=text("files_held < files_named")),
    Index("ix_assessments_clock_wrong", "received_at", "id",
          sqlite_where=text("clock_wrong = 1")),
)  # fmt: skip

hand_overs = Table(  # visits handed on from phone to phone, until the desk has decided (fieldwork/hand_overs.py)
    "hand_overs",
    metadata,
    Column("record_id", Text, nullable=False),  # of the record that came: the giver's draft, or the receiver's own
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("assignment_id", Text, ForeignKey("assignments.id"), nullable=False, index=True),
    Column("giver_id", Text, ForeignKey("assessors.id"), nullable=False),
    Column("receiver_id", Text, ForeignKey("assessors.id")),  # NULL: only the giver's phone was heard of
    Column("device_id", Text, ForeignKey("devices.id"), nullable=False),
    Column("device_time", Text, nullable=False, server_default=""),
    Column("device_monotonic", Text, nullable=False, server_default=""),
    Column("clock_offset_ms", Serial),
    Column("received_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),  # as it came; empty once it is among the revisions, or was erased
    Column("state", Text, nullable=False, server_default="pending"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("decided_by", Text, ForeignKey("users.id")),
    Column("decided_at", Moment),
    PrimaryKeyConstraint("record_id", "revision", "digest"),
    is_sha256("digest"),
    one_of("state", ("pending", "confirmed", "refused")),
)
