"""Bills and payments: append, and look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from sync_server.database.tables import bills, entrants, payments


class BillRow(NamedTuple):
    """An invoice or a credit note as it was issued."""

    number: int
    organisation: str
    kind: str
    lines: Sequence[Mapping[str, Any]]
    total: int
    issued_on: str
    due_on: str | None
    words: str
    issued_by: str
    issued_at: datetime


class PaymentRow(NamedTuple):
    """What came in for a bill; below 0 what was paid back."""

    bill: int
    paid_on: str
    amount: int
    reference: str
    noted_by: str
    noted_at: datetime


def next_number(db: Connection) -> int:
    """Return the number of the next bill. Inside the write that adds it: no number is left out."""
    return int(db.execute(select(func.coalesce(func.max(bills.c.number), 0))).scalar_one()) + 1


def add_bill(db: Connection, row: BillRow) -> None:
    """Append a bill."""
    db.execute(insert(bills).values(**{**row._asdict(), "lines": list(row.lines)}))


def add_payment(db: Connection, row: PaymentRow) -> None:
    """Append a payment."""
    db.execute(insert(payments).values(**row._asdict()))


def bill_rows(db: Connection, organisation: str = "") -> Sequence[BillRow]:
    """Return every bill, of one organisation when given, by number."""
    statement = select(*(bills.c[name] for name in BillRow._fields)).order_by(bills.c.number)
    if organisation:
        statement = statement.where(bills.c.organisation == organisation)
    return [BillRow(*row) for row in db.execute(statement)]


def payment_rows(db: Connection) -> Sequence[PaymentRow]:
    """Return every payment in the order in which it was noted."""
    statement = select(*(payments.c[name] for name in PaymentRow._fields)).order_by(payments.c.id)
    return [PaymentRow(*row) for row in db.execute(statement)]


def organisation_of(db: Connection, entrant_id: str) -> str:
    """Return the organisation of an entrant; "": there is no such entrant."""
    return str(db.execute(select(entrants.c.organisation).where(entrants.c.id == entrant_id)).scalar() or "")
