"""Every table, as SQLAlchemy Core. Constraints live here, not only in Python; SQL itself lives in `queries/`.

Times are `Moment` (aware, UTC). Bilingual texts, lists and mappings are `Json`. Scores are exact text ("517/6").
Append-only: assessment_revisions, grades, decisions, reviews, rulesets, changes, audit_log. A change here needs a
migration: `python -m sync_server.migrations "why"` writes its draft, and a test holds both to the same schema.
"""

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
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from checklists.assessment import Contact, MediaKind, RecordStatus
from checklists.assignment import RecordingPolicy
from checklists.form import Channel
from sync_server.columns import Json, Moment, Serial, is_sha256, one_of

ROLES = ("admin", "coordinator", "reviewer", "viewer", "entrant")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ---- the season: who takes part, what is asked, by which rules

rulesets = Table(  # append-only; the highest version is in force
    "rulesets",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("programme", Text, nullable=False),  # "mystery_caller_2021"
    Column("overrides", Json, nullable=False),  # {"unreachable.score_mode": "zero"}
    Column("rules", Json, nullable=False),  # every parameter in force, by dotted name
    Column("digest", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("frozen_at", Moment),  # once a round has opened
    CheckConstraint("version >= 1", name="version_from_one"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),  # exclusive
    Column("released_at", Moment),  # from then on entrants may see it
    CheckConstraint("number BETWEEN 1 AND 9", name="number_in_range"),
    CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
)

form_versions = Table(  # a form never changes: another content is another version
    "form_versions",
    metadata,
    Column("id", Text, primary_key=True),  # "phone_in@1"
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),  # wire JSON of checklists.form.Form
    Column("digest", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("name", "version"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

entrants = Table(
    "entrants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("name", Json, nullable=False),  # {"en": ..., "zh-Hant": ...}
    Column("industry", Text, nullable=False),
    Column("seats", Integer),
    Column("branches", Integer),  # how many it declares; the listed ones are in `branches`
    Column("recording_policy", Text, nullable=False, server_default="none"),
    Column("staff_notice", Json),  # when and how staff were told (privacy E1)
    Column("created_at", Moment, nullable=False),
    one_of("recording_policy", RecordingPolicy),
    CheckConstraint("seats >= 0", name="seats_not_negative"),
    CheckConstraint("branches >= 0", name="branches_not_negative"),
)

entries = Table(
    "entries",
    metadata,
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("faq_filing", Text, nullable=False, server_default="in_time"),
    Column("faq_filed_at", Moment),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("service", Json),  # checklists.assignment.ServiceHours; NULL: always open
    Column("history", Json, nullable=False, server_default="[]"),  # [{year, industry, channel, final, grade}]
    PrimaryKeyConstraint("entrant_id", "channel"),
    one_of("channel", Channel),
    one_of("faq_filing", ("in_time", "at", "never")),
    CheckConstraint("(faq_filing = 'at') = (faq_filed_at IS NOT NULL)", name="faq_filed_at_when_dated"),
)

branches = Table(
    "branches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False, index=True),
    Column("name", Json, nullable=False),
    Column("address", Json, nullable=False),
)

filed_faqs = Table(
    "filed_faqs",
    metadata,
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False),
    Column("code", Text, nullable=False),  # the FAQ's name within the entrant, named by scenarios
    Column("version", Integer, nullable=False),
    Column("question", Json, nullable=False),
    Column("answer", Json, nullable=False),
    Column("in_force_from", Text, nullable=False),  # a day, "2021-03-01"
    Column("filed_at", Moment, nullable=False),
    PrimaryKeyConstraint("entrant_id", "code", "version"),
    CheckConstraint("version >= 1", name="version_from_one"),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("subchannel", Text),  # chat, email, form, social; NULL: any
    Column("branch_id", Text, ForeignKey("branches.id")),
    Column("label", Json, nullable=False),
    Column("value", Text, nullable=False),
    one_of("channel", Channel),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("title", Json, nullable=False),
    Column("briefing", Json, nullable=False),
    Column("stop_rules", Json, nullable=False, server_default="[]"),
    Column("faq_codes", Json, nullable=False, server_default="[]"),  # in the order they are asked
    Column("approved_by", Json, nullable=False, server_default="[]"),  # two names (privacy E13)
    one_of("channel", Channel),
)

# ---- people and devices

assessors = Table(
    "assessors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("languages", Json, nullable=False, server_default="[]"),
    Column("created_at", Moment, nullable=False),
    Column("left_at", Moment),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("entrant_id", Text, ForeignKey("entrants.id")),
    Column("language", Text, nullable=False, server_default="en"),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    one_of("role", ROLES),
    CheckConstraint("(role = 'entrant') = (entrant_id IS NOT NULL)", name="entrant_role_has_entrant"),
)

sessions = Table(  # the cookie holds the secret, this holds its SHA-256
    "sessions",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

sign_in_throttles = Table(  # shared by every process of one database
    "sign_in_throttles",
    metadata,
    Column("name", Text, primary_key=True),  # a hash of what is throttled: a username, an address
    Column("failures", Integer, nullable=False),
    Column("last_failed_at", Moment, nullable=False),
    Column("blocked_until", Moment),
)

invitations = Table(  # one-time links that make an account: the first administrator, a reviewer, an entrant
    "invitations",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("entrant_id", Text, ForeignKey("entrants.id")),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    one_of("role", ROLES),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),  # a UUID made by the device
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("enrolled_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("clock_offset_ms", Serial),  # device minus server, at the last push
    Column("clock_checked_at", Moment),
    is_sha256("token_hash"),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("hint", Text, nullable=False),  # the last characters, so that a coordinator can tell them apart
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("device_id", Text),
    Column("revoked_at", Moment),
    is_sha256("code_hash"),
)

# ---- work handed out, and what came back

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
    Column("body", Text, nullable=False),  # wire JSON of checklists.assignment.Assignment
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    ForeignKeyConstraint(["entrant_id", "channel"], ["entries.entrant_id", "entries.channel"]),
    one_of("channel", Channel),
    one_of("recording_policy", RecordingPolicy),
    CheckConstraint("due_from < due_until", name="due_from_before_due_until"),
    Index(None, "entrant_id", "channel", "round"),
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
          sqlite_where=text("NOT conflict"), postgresql_where=text("NOT conflict")),
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
          sqlite_where=text("conflicts > 0"), postgresql_where=text("conflicts > 0")),
    Index("ix_assessments_files_missing", "received_at", "id",
          sqlite_where=text("files_held < files_named"), postgresql_where=text("files_held < files_named")),
    Index("ix_assessments_clock_wrong", "received_at", "id",
          sqlite_where=text("clock_wrong = 1"), postgresql_where=text("clock_wrong")),
)  # fmt: skip

# ---- files

media = Table(  # one row a held file; the bytes are in the media store under the same name
    "media",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size_bytes", Serial, nullable=False),
    Column("content_type", Text, nullable=False),  # sniffed from the bytes, never believed
    Column("stored_at", Moment, nullable=False),
    Column("device_id", Text),
    Column("erased_at", Moment),  # by retention; the row stays as proof
    is_sha256("sha256"),
    CheckConstraint("size_bytes >= 0", name="size_not_negative"),
)

media_links = Table(  # which revision names which file
    "media_links",
    metadata,
    Column("assessment_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("evidence_id", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),  # no foreign key: a record may come before its files
    Column("size_bytes", Serial, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("question", Text),
    Column("prepared", Boolean, nullable=False),
    PrimaryKeyConstraint("assessment_id", "revision", "digest", "evidence_id"),
    ForeignKeyConstraint(
        ["assessment_id", "revision", "digest"],
        ["assessment_revisions.assessment_id", "assessment_revisions.revision", "assessment_revisions.digest"],
    ),
    is_sha256("sha256"),
    one_of("kind", MediaKind),
)

media_derivatives = Table(  # what is shown instead of an original: without EXIF, smaller, playable
    "media_derivatives",
    metadata,
    Column("sha256", Text, ForeignKey("media.sha256"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("derivative_sha256", Text),  # NULL: it could not be made, and `problem` says why
    Column("content_type", Text, nullable=False, server_default=""),
    Column("size_bytes", Serial, nullable=False, server_default="0"),
    Column("made_at", Moment, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("sha256", "purpose"),
    one_of("purpose", ("shown", "preview", "playable")),
    CheckConstraint("(derivative_sha256 IS NULL) = (problem <> '')", name="made_or_problem"),
)

uploads = Table(  # tus; the offset is the length of the part file, never believed from here
    "uploads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("device_id", Text, ForeignKey("devices.id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("assessment_id", Text),
    Column("length_bytes", Serial, nullable=False),
    Column("metadata", Text, nullable=False),  # the header as it came, given back on HEAD
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    is_sha256("sha256"),
    one_of("state", ("open", "finished", "failed")),
    CheckConstraint("length_bytes >= 0", name="length_not_negative"),
)

jobs = Table(  # work done once by one of the processes that share a database
    "jobs",
    metadata,
    Column("name", Text, primary_key=True),  # "derive/<sha256>", "expire-uploads"
    Column("due_at", Moment, nullable=False, index=True),
    Column("taken_by", Text),
    Column("taken_until", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("problem", Text, nullable=False, server_default=""),
)

# ---- what devices and pages are told

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

# ---- results

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
    PrimaryKeyConstraint("entrant_id", "channel"),
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
                    "consistency")),
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
