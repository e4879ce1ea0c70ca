"""The programme in one year, with the days that no rule and no round holds, and what suspends service."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Table, Text, text

from sync_server.database.columns import Json, Moment
from sync_server.database.tables.schema import metadata

editions = Table(  # the latest year is the current edition; earlier ones stay
    "editions",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("title", Json, nullable=False),  # {"en": ..., "zh-Hant": ...}
    Column("organiser", Json),
    Column("contact", Json, nullable=False),  # {"telephone", "email", "website"}, each where it is given
    Column("milestones", Json, nullable=False),  # {"launch": [{"on": "2021-01-15", "until": null, "language": "yue"}]}
    Column("created_at", Moment, nullable=False),
    CheckConstraint("year BETWEEN 1990 AND 2189", name="year_in_range"),
)

suspensions = Table(  # times in which nobody is expected to serve: a typhoon, an outage
    "suspensions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entrant_id", Text, ForeignKey("entrants.id")),  # NULL: everybody
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),  # exclusive
    Column("reason", Json, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
)
