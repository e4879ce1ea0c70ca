"""The programme in one year, with the days that no rule and no round holds."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table

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
