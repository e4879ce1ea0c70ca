"""Rules that somebody proposed for what has opened, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import proposed_rules


class NewProposed(NamedTuple):
    """What is proposed, as it was shown to whoever proposes it."""

    base_version: int
    lines: Sequence[str]
    about: Sequence[str]  # what of the opened: "round-1", OWN
    effects: Sequence[Sequence[str]]  # [entry, figure, from, to]
    reason: str
    proposed_by: str
    proposed_at: datetime


class ProposedRow(NamedTuple):
    """One proposal. Withdrawn by whoever made it: taken back; by anybody else: turned down."""

    id: int
    base_version: int
    lines: Sequence[str]
    about: Sequence[str]
    effects: Sequence[Sequence[str]]
    reason: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    version: int | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_because: str

    @property
    def waits(self) -> bool:
        """Whether nobody has confirmed, turned down or taken it back."""
        return self.confirmed_at is None and self.withdrawn_at is None


def add_proposed(db: Connection, row: NewProposed) -> int:
    """Keep what is proposed and return its number."""
    statement = insert(proposed_rules).values(**row._asdict())
    return int(db.execute(statement.returning(proposed_rules.c.id)).scalar_one())


def all_proposed(db: Connection) -> Sequence[ProposedRow]:
    """Return everything that was ever proposed, the newest first."""
    c = proposed_rules.c
    statement = select(*(c[name] for name in ProposedRow._fields)).order_by(c.id.desc())
    return [ProposedRow._make(row) for row in db.execute(statement)]


def proposed_of(db: Connection, proposed_id: int) -> ProposedRow | None:
    """Return one proposal, or None."""
    c = proposed_rules.c
    row = db.execute(select(*(c[name] for name in ProposedRow._fields)).where(c.id == proposed_id)).first()
    return None if row is None else ProposedRow._make(row)


def confirm(db: Connection, proposed_id: int, by: str, version: int, now: datetime) -> bool:
    """Note who confirmed it and the version that it became; False where it does not wait any more."""
    return _ended(db, proposed_id, confirmed_by=by, confirmed_at=now, version=version)


def withdraw(db: Connection, proposed_id: int, by: str, why: str, now: datetime) -> bool:
    """Note who took it back or turned it down, and why; False where it does not wait any more."""
    return _ended(db, proposed_id, withdrawn_by=by, withdrawn_at=now, withdrawn_because=why)


def _ended(db: Connection, proposed_id: int, **values: object) -> bool:
    c = proposed_rules.c
    where = (c.id == proposed_id, c.confirmed_at.is_(None), c.withdrawn_at.is_(None))
    return db.execute(update(proposed_rules).where(*where).values(**values)).rowcount == 1
