"""What organisations were billed, and what they paid."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text

from sync_server.database.columns import Json, Moment, Serial, one_of
from sync_server.database.tables.schema import metadata

BILL_KINDS = ("invoice", "credit")

bills = Table(  # append-only: what was sent stays as it was; a credit note corrects it
    "bills",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("organisation", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("lines", Json, nullable=False),  # [{"key", "what": {"en", "zh-Hant"}, "amount"}], in whole HK$
    Column("total", Integer, nullable=False),  # below 0: a credit note
    Column("issued_on", Text, nullable=False),  # a day, "2021-02-11"
    Column("due_on", Text),
    Column("words", Text, nullable=False, server_default=""),
    Column("issued_by", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    one_of("kind", BILL_KINDS),
    CheckConstraint("number >= 1", name="number_from_one"),
    CheckConstraint("(kind = 'credit') = (total < 0)", name="credit_below_zero"),
)

payments = Table(  # append-only: what came in, and below 0 what was paid back
    "payments",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("bill", Integer, ForeignKey("bills.number"), nullable=False, index=True),
    Column("paid_on", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reference", Text, nullable=False, server_default=""),
    Column("noted_by", Text, nullable=False),
    Column("noted_at", Moment, nullable=False),
    CheckConstraint("amount <> 0", name="amount_not_zero"),
    sqlite_autoincrement=True,
)
