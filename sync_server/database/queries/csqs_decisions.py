"""What was settled, decided, confirmed and withdrawn about site visits, and who holds a CCSM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import ccsm_holders, csqs_decisions, csqs_settlements, entrants


class SettlementRow(NamedTuple):
    """What counts of one item of a revision; `rating` None: not applicable."""

    assessment_id: str
    digest: str
    item: str
    rating: int | None
    reason: str
    settled_by: str
    settled_at: datetime


class DecisionRow(NamedTuple):
    """One decision about a visit."""

    id: str
    assessment_id: str
    entrant_id: str
    level: int
    begins_on: str
    ends_on: str
    body: Mapping[str, Any]
    digest: str
    reason: str
    decided_by: str
    decided_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""

    @property
    def stands(self) -> bool:
        """Whether two people made it and nobody has withdrawn it."""
        return self.confirmed_at is not None and self.withdrawn_at is None


class HolderRow(NamedTuple):
    """Somebody of a company who holds a CCSM."""

    number: str
    entrant_id: str
    person: str
    held_on: str
    entered_by: str
    entered_at: datetime


def add_settlement(db: Connection, row: SettlementRow) -> None:
    """Append what counts of an item."""
    db.execute(insert(csqs_settlements).values(**row._asdict()))


def settlements_of(db: Connection, assessment_id: str, digest: str) -> Mapping[str, SettlementRow]:
    """Return what counts of each item of a revision that was settled: the newest row of each."""
    c = csqs_settlements.c
    columns = [c[name] for name in SettlementRow._fields]
    statement = select(*columns).where(c.assessment_id == assessment_id, c.digest == digest).order_by(c.id)
    return {row.item: SettlementRow._make(row) for row in db.execute(statement)}


def add_decision(db: Connection, row: DecisionRow) -> None:
    """Keep a decision."""
    db.execute(insert(csqs_decisions).values(**{**row._asdict(), "body": dict(row.body)}))


def decisions(db: Connection, assessment_id: str | None = None) -> Sequence[DecisionRow]:
    """Return the decisions, the newest first; only those of one record when given."""
    c = csqs_decisions.c
    statement = select(*(c[name] for name in DecisionRow._fields)).order_by(c.decided_at.desc(), c.id)
    if assessment_id is not None:
        statement = statement.where(c.assessment_id == assessment_id)
    return [DecisionRow._make(row) for row in db.execute(statement)]


def decision_of(db: Connection, decision_id: str) -> DecisionRow | None:
    """Return one decision, or None."""
    c = csqs_decisions.c
    row = db.execute(select(*(c[name] for name in DecisionRow._fields)).where(c.id == decision_id)).first()
    return DecisionRow._make(row) if row else None


def confirm(db: Connection, decision_id: str, by: str, now: datetime) -> bool:
    """Note who confirmed a decision; False where somebody had, or it was withdrawn."""
    c = csqs_decisions.c
    where = (c.id == decision_id, c.confirmed_at.is_(None), c.withdrawn_at.is_(None))
    return db.execute(update(csqs_decisions).where(*where).values(confirmed_by=by, confirmed_at=now)).rowcount == 1


def withdraw(db: Connection, decision_id: str, by: str, why: str, now: datetime) -> bool:
    """Note that a decision was withdrawn; False where it was."""
    c = csqs_decisions.c
    values = {"withdrawn_by": by, "withdrawn_at": now, "withdrawn_because": why}
    where = (c.id == decision_id, c.withdrawn_at.is_(None))
    return db.execute(update(csqs_decisions).where(*where).values(**values)).rowcount == 1


def add_holder(db: Connection, row: HolderRow) -> bool:
    """Keep a holder; False where the number is kept already."""
    return db.execute(insert_ignoring_duplicates(db, ccsm_holders).values(**row._asdict())).rowcount == 1


def holders(db: Connection) -> Sequence[HolderRow]:
    """Return every holder, by company and name."""
    c = ccsm_holders.c
    columns = [c[name] for name in HolderRow._fields]
    return [HolderRow._make(row) for row in db.execute(select(*columns).order_by(c.entrant_id, c.person, c.number))]


def industries_of(db: Connection) -> Mapping[str, str]:
    """Return the industry of each company, by id."""
    return {row.id: row.industry for row in db.execute(select(entrants.c.id, entrants.c.industry))}
