"""Documents handed in by a deadline: every version as it came, its files, and what the office says of it."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from sync_server.database.columns import Json, Moment, Serial, is_sha256, one_of
from sync_server.database.tables.schema import metadata

HAND_IN_KINDS = ("enrolment", "faq", "proposal")

hand_ins = Table(
    "hand_ins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),  # an entrant; "": somebody not yet among the records
    Column("code_hash", Text, unique=True),  # of the code by which whoever has no account comes back
    Column("begun_at", Moment, nullable=False),
    one_of("kind", HAND_IN_KINDS),
)

hand_in_versions = Table(  # append-only
    "hand_in_versions",
    metadata,
    Column("hand_in_id", Text, ForeignKey("hand_ins.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("handed_at", Moment, nullable=False),
    Column("handed_by", Text, nullable=False),  # an account, or "visitor"
    Column("body", Json, nullable=False),
    Column("files", Json, nullable=False),  # [{"field", "name", "sha256", "size_bytes"}]
    Column("digest", Text, nullable=False),  # of the words and of every file
    PrimaryKeyConstraint("hand_in_id", "version"),
    is_sha256("digest"),
    CheckConstraint("version >= 1", name="version_from_one"),
)

hand_in_verdicts = Table(  # append-only: one a version
    "hand_in_verdicts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("hand_in_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("items", Json, nullable=False, server_default="{}"),  # words about parts of it: {"lost-property": "..."}
    Column("counts_from", Text),  # the first day on which it counts, "2021-03-01"
    Column("set_id", Text, ForeignKey("change_sets.id")),  # the records it became
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    UniqueConstraint("hand_in_id", "version"),
    ForeignKeyConstraint(["hand_in_id", "version"], ["hand_in_versions.hand_in_id", "hand_in_versions.version"]),
    one_of("verdict", ("accepted", "returned")),
    sqlite_autoincrement=True,
)

hand_in_files = Table(  # the bytes, once a hand-in however many of its versions name them
    "hand_in_files",
    metadata,
    Column("hand_in_id", Text, ForeignKey("hand_ins.id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("hand_in_id", "sha256"),
    is_sha256("sha256"),
)
