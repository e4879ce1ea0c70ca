"""What the review bench works with: figures of each visit, and what reviewers put down beside its answers."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Table, Text, text

from checklists.language import LANGUAGES
from sync_server.database.columns import Json, Moment, Serial, is_sha256, one_of
from sync_server.database.tables.schema import metadata

visit_figures = Table(  # what the flags of a visit are worked from; taken anew from the revisions at any time
    "visit_figures",
    metadata,
    Column("number", Serial, primary_key=True),  # in the order they were taken: the newest of a visit holds
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("digest", Text, nullable=False),  # of the revision
    Column("corrections", Integer, nullable=False, server_default="0"),  # how many were made on it by then
    Column("body", Text, nullable=False),  # wire JSON of sync_server.quality.visits.Visit
    is_sha256("digest"),
    sqlite_autoincrement=True,
)

corrections = Table(  # append-only: an answer that the office corrected; the revision stays as it came
    "corrections",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("digest", Text, nullable=False),  # of the revision it was made on; on another it does not hold
    Column("question", Text, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("corrected_by", Text, ForeignKey("users.id"), nullable=False),
    Column("corrected_at", Moment, nullable=False),
    is_sha256("digest"),
    CheckConstraint("reason <> ''", name="reason_given"),
    sqlite_autoincrement=True,
)

quotes = Table(  # append-only: words of an assessor as its entrant's report has them, beside the revision's own
    "quotes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("digest", Text, nullable=False),  # of the revision that they were quoted from
    Column("question", Text, nullable=False),  # the key they stand at in it
    Column("kind", Text, nullable=False),  # of the note; "": the answer itself
    Column("words", Text, nullable=False),  # "": taken back
    Column("language", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("users.id"), nullable=False),
    Column("decided_at", Moment, nullable=False),
    is_sha256("digest"),
    one_of("language", LANGUAGES),
    sqlite_autoincrement=True,
)

queries = Table(  # a question of one reviewer to the others, at an answer; answered once
    "queries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("asked_by", Text, ForeignKey("users.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("answered_by", Text, ForeignKey("users.id")),
    Column("answered_at", Moment),
    CheckConstraint("words <> ''", name="words_given"),
    CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_in_words"),
    sqlite_autoincrement=True,
)

second_readings = Table(  # append-only: somebody else looked at a critical item that failed
    "second_readings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("assessment_id", Text, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("digest", Text, nullable=False),
    Column("agrees", Boolean, nullable=False, server_default=text("true")),
    Column("words", Text, nullable=False, server_default=""),
    Column("read_by", Text, ForeignKey("users.id"), nullable=False),
    Column("read_at", Moment, nullable=False),
    is_sha256("digest"),
    CheckConstraint("agrees OR words <> ''", name="disagrees_in_words"),
    sqlite_autoincrement=True,
)
