"""Files, uploads and the work that others wait for."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from checklists.record.assessment import MediaKind
from sync_server.database.columns import Json, Moment, Serial, is_sha256, one_of
from sync_server.database.tables.schema import metadata

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

waveforms = Table(  # how loud a sound is along its length, 0 to 100; gone when the sound is erased
    "waveforms",
    metadata,
    Column("sha256", Text, ForeignKey("media.sha256"), primary_key=True),
    Column("bars", Json, nullable=False),
    is_sha256("sha256"),
)

blackouts = Table(  # a held photo that has, or is to have, areas blacked out; its original is destroyed for it
    "blackouts",
    metadata,
    Column("sha256", Text, ForeignKey("media.sha256"), primary_key=True),  # of the original
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("areas", Json, nullable=False),  # [left, top, width, height], each in thousandths of the upright picture
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("users.id"), nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("blackened_sha256", Text, ForeignKey("media.sha256"), index=True),  # what stands for it from then on
    Column("destroyed_at", Moment),
    Column("problem", Text, nullable=False, server_default=""),  # why it could not be done, as a word
    is_sha256("sha256"),
    CheckConstraint("reason <> ''", name="reason_given"),
)

clearances = Table(  # append-only: whether an entrant may see the picture that stands for a photo of its visit
    "clearances",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("sha256", Text, ForeignKey("media.sha256"), nullable=False),  # of what stood for it when it was looked at
    Column("may_be_seen", Boolean, nullable=False),
    Column("reason", Text, nullable=False),  # why it is kept back, which the entrant reads
    Column("caption", Json, nullable=False, server_default="{}"),  # {"en": "..."}: it stands in the report, with this
    Column("decided_by", Text, ForeignKey("users.id"), nullable=False),
    Column("decided_at", Moment, nullable=False),
    is_sha256("sha256"),
    CheckConstraint("may_be_seen OR reason <> ''", name="reason_given"),
    sqlite_autoincrement=True,
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
