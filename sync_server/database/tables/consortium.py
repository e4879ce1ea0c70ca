"""The consortium: its two years, members, challenges, ballots, findings and events.

Copies of findings are publications.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from sync_server.database.columns import Json, Moment, Serial, one_of
from sync_server.database.tables.schema import metadata

consortium_terms = Table(  # two years each
    "consortium_terms",
    metadata,
    Column("starts_on", Text, primary_key=True),  # "2026-04-01"
    Column("set_by", Text, ForeignKey("users.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
)

consortium_members = Table(
    "consortium_members",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("from_on", Text, nullable=False),
    Column("until_on", Text),  # its last day; NULL: no end is set
    Column("set_by", Text, ForeignKey("users.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("until_on IS NULL OR from_on <= until_on", name="from_before_until"),
    PrimaryKeyConstraint("organisation", "from_on"),
)

consortium_people = Table(  # for which member an account speaks
    "consortium_people",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("set_by", Text, ForeignKey("users.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
)

consortium_challenges = Table(  # append-only
    "consortium_challenges",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("put_by", Text, ForeignKey("users.id"), nullable=False),
    Column("put_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

consortium_ballots = Table(
    "consortium_ballots",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("set_by", Text, ForeignKey("users.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    sqlite_autoincrement=True,
)

consortium_topics = Table(  # append-only: what a ballot chooses among
    "consortium_topics",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("ballot_id", Serial, ForeignKey("consortium_ballots.id"), nullable=False),
    Column("title", Json, nullable=False),
    Column("challenge_id", Serial, ForeignKey("consortium_challenges.id")),
    Column("put_by", Text, ForeignKey("users.id"), nullable=False),
    Column("put_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

consortium_votes = Table(  # one ballot a member: a later one takes the place of an earlier one until the close
    "consortium_votes",
    metadata,
    Column("ballot_id", Serial, ForeignKey("consortium_ballots.id"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("topics", Json, nullable=False),
    Column("cast_by", Text, ForeignKey("users.id"), nullable=False),
    Column("cast_at", Moment, nullable=False),
    PrimaryKeyConstraint("ballot_id", "organisation"),
)

consortium_findings = Table(  # a draft; what was approved and issued of it is a publication, "finding-<id>"
    "consortium_findings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("due_on", Text, nullable=False),  # the quarter's last day
    Column("topic_id", Serial, ForeignKey("consortium_topics.id")),
    Column("body", Json, nullable=False),
    Column("made_by", Text, ForeignKey("users.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("opened_at", Moment),  # when somebody marked it for the public; NULL: nobody did
    Column("opened_by", Text, ForeignKey("users.id")),
    CheckConstraint("(opened_at IS NULL) = (opened_by IS NULL)", name="opened_by_somebody"),
    sqlite_autoincrement=True,
)

consortium_events = Table(
    "consortium_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Json, nullable=False),
    Column("place", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("set_by", Text, ForeignKey("users.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    one_of("kind", ("meeting", "case_sharing", "luncheon", "focus_group", "site_visit")),
    sqlite_autoincrement=True,
)

consortium_attendance = Table(
    "consortium_attendance",
    metadata,
    Column("event_id", Serial, ForeignKey("consortium_events.id"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("coming", Integer),  # how many the member says will come
    Column("came", Integer),  # how many came, by the office
    Column("noted_by", Text, ForeignKey("users.id"), nullable=False),
    Column("noted_at", Moment, nullable=False),
    CheckConstraint("coming >= 0 AND came >= 0", name="not_negative"),
    PrimaryKeyConstraint("event_id", "organisation"),
)
