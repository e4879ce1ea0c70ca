"""Large files that somebody asked for: made by a job, found again after leaving, removed after some days."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from sync_server.database.columns import Json, Moment
from sync_server.database.tables.schema import metadata

downloads = Table(  # the file itself lies beside the database, under the row's id
    "downloads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("wanted", Json, nullable=False),  # what is to be in it: filter, language, words or none
    Column("asked_at", Moment, nullable=False),
    Column("made_at", Moment),
    Column("visits", Integer),  # of what is in it
    Column("size_bytes", Integer),
    Column("problem", Text, nullable=False, server_default=""),  # a code, where it could not be made
)
