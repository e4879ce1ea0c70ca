"""Changes of the season's rows: each with what was there before, in sets that are written whole or not at all."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from sync_server.database.columns import Json, Moment, is_sha256, one_of
from sync_server.database.tables.schema import metadata

STATES = ("reading", "asked", "refused", "previewed", "written", "undone", "failed")
WIDTH = 32  # columns of the widest table that is staged, and some to spare

change_sets = Table(  # an import, the undoing of one, or one change by hand; a set that is written stays for good
    "change_sets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("begun_by", Text, nullable=False),  # an account, or "command"
    Column("heard_at", Moment, nullable=False),  # when it last went on
    Column("progress", Json, nullable=False),  # {"step": "staging", "done": 500, "of": 2000}
    Column("base", Json, nullable=False),  # what it was made against; what moved since refuses it
    Column("report", Json, nullable=False),  # counts, remarks, problems, doubts, as pages show them
    Column("written_at", Moment),
    Column("told_seq", Integer, nullable=False, server_default="0"),  # up to which change phones were told
    Column("undoes", Text, ForeignKey("change_sets.id")),
    one_of("kind", ("import", "undo", "page")),
    one_of("state", STATES),
    Index(None, "begun_at"),
)

season_changes = Table(  # append-only once their set is written
    "season_changes",
    metadata,
    Column("set_id", Text, ForeignKey("change_sets.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("subject", Text, nullable=False),  # "entrants": the table, as an import names it
    Column("key", Text, nullable=False),  # its key, as a JSON list
    Column("verb", Text, nullable=False),
    Column("old", Json),  # the columns that change, as the database holds them; all of them of a row taken out
    Column("new", Json),  # the same columns afterwards; NULL for a row added or taken out
    PrimaryKeyConstraint("set_id", "seq"),
    one_of("verb", ("add", "change", "withdraw")),
    Index(None, "subject", "key"),
)

staged_rows = Table(  # rows as they will be, column by column, until the set is written; then they go
    "staged_rows",
    metadata,
    Column("set_id", Text, ForeignKey("change_sets.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("takes_out", Integer, nullable=False),  # 1: the row that these columns name goes
    *(Column(f"c{number:02d}", Text) for number in range(WIDTH)),
    PrimaryKeyConstraint("set_id", "subject", "seq"),
)

staged_files = Table(  # files about which somebody must say something first
    "staged_files",
    metadata,
    Column("set_id", Text, ForeignKey("change_sets.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("set_id", "name"),
)

PLAN_STATES = ("sealed", "making", "made", "failed")

plans = Table(  # a round's plans: the hash of each seed is there before the draw; the seed is shown once it is written
    "plans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("round", Integer, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("seed_hash", Text, nullable=False),
    Column("sealed_at", Moment, nullable=False),
    Column("sealed_by", Text, nullable=False),  # an account, or "command"
    Column("asked_at", Moment),
    Column("without", Json, nullable=False, server_default="[]"),  # codes of what was lost
    Column("digest", Text),  # SHA-256 of the plan
    Column("body", Text),  # JSON of planning.result.Plan
    Column("set_id", Text),  # the changes it makes, previewed or written; a preview nobody confirms goes
    Column("failure", Json),  # why there is none
    one_of("state", PLAN_STATES),
    is_sha256("seed_hash"),
)
