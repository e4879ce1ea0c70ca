"""The customer survey: when it is open, who is asked about, answers without anybody's name, their sums, and counters.

Tables of the index that were printed elsewhere stand beside it, every figure as printed.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from sync_server.database.columns import Json, Moment, Serial, one_of
from sync_server.database.tables.schema import metadata

surveys = Table(
    "surveys",
    metadata,
    Column("edition", Integer, primary_key=True),  # a year
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
)

survey_companies = Table(
    "survey_companies",
    metadata,
    Column("id", Text, primary_key=True),  # stands in the address that a customer scans
    Column("industry", Text, nullable=False),
    Column("name", Json, nullable=False),
    Column("added_at", Moment, nullable=False),
)

survey_answers = Table(  # append-only
    "survey_answers",
    metadata,
    Column("id", Text, primary_key=True),  # made with the page, so that a form sent twice is kept once
    Column("edition", Integer, ForeignKey("surveys.edition"), nullable=False),
    Column("company", Text, ForeignKey("survey_companies.id"), nullable=False),
    Column("contact", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("came_by", Text, nullable=False),
    Column("answers", Json, nullable=False),
    Column("hour", Moment, nullable=False),  # no finer: nobody is to be found by the clock
    one_of("origin", ("local", "visitor")),
    one_of("came_by", ("page", "kiosk")),
)

_SUMS = (
    "n", "satisfaction_n", "satisfaction_sum", "satisfaction_squares", "loyalty_n", "loyalty_sum", "loyalty_squares",
    "nps_n", "promoters", "detractors",
)  # fmt: skip

survey_tallies = Table(  # the sums of survey_answers, in the same transaction
    "survey_tallies",
    metadata,
    Column("edition", Integer, ForeignKey("surveys.edition"), nullable=False),
    Column("company", Text, ForeignKey("survey_companies.id"), nullable=False),
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in _SUMS),
    Column("from_counter", BigInteger, nullable=False, server_default="0"),  # of the n, those a phone at a counter took
    PrimaryKeyConstraint("edition", "company"),
)

counter_orders = Table(  # one stands for a phone at most; an ended one says where it stood before
    "counter_orders",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("device_id", Text, ForeignKey("devices.id"), nullable=False),
    Column("company", Text, ForeignKey("survey_companies.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("uq_counter_orders_standing", "device_id", unique=True,
          sqlite_where=text("ended_at IS NULL")),
    sqlite_autoincrement=True,
)  # fmt: skip

printed_indexes = Table(  # a later print of an edition takes the place of an earlier one, which the audit log keeps
    "printed_indexes",
    metadata,
    Column("edition", Text, primary_key=True),  # as printed: "2020-2021"
    Column("source", Text, nullable=False),
    Column("stated", Integer),  # how many industries the text beside it says there are
    Column("rows", Json, nullable=False),  # [["超市", "75.08", "84.00", "9.38"], …] in printed order
    Column("kept_at", Moment, nullable=False),
)
