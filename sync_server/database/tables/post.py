"""The outbox: letters that are to leave as mail, or have left."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from sync_server.database.columns import Moment, one_of
from sync_server.database.tables.schema import metadata

LETTER_KINDS = ("receipt", "accepted", "returned", "reminder", "milestone")

letters = Table(
    "letters",
    metadata,
    Column("key", Text, primary_key=True),  # what it is about, so that one thing is written about once
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),  # whom it is for: an organisation's name, as the log shows it
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("sender", Text, nullable=False, server_default=""),  # the organiser's name
    Column("reply_to", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment),  # when it is tried next; none: it has left, or was given up
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    Column("problem", Text, nullable=False, server_default=""),  # a code of the last try, never what a server said
    one_of("kind", LETTER_KINDS),
    Index("ix_letters_due_at", "due_at"),
    Index("ix_letters_made_at", "made_at"),
)
