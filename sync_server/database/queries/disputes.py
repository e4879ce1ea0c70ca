"""Statements about what entrants dispute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, func, insert, select, update

from sync_server.database.tables import assessments, corrections, disputes, entrants, users


class NewDispute(NamedTuple):
    """What is disputed: a question ("": the whole visit) of one visit of a published copy, and why."""

    publication_id: str
    round: int
    entrant_id: str
    channel: str
    assessment_id: str
    question: str
    words: str
    opened_by: str
    opened_at: datetime


class Dispute(NamedTuple):
    """One dispute. `outcome` None: it is open. `before` and `after` are bases as they are shown."""

    id: int
    publication_id: str
    round: int
    entrant_id: str
    entrant_name: Mapping[str, str]
    organisation: str
    channel: str
    assessment_id: str
    question: str
    words: str
    opened_by: str
    opened_at: datetime
    outcome: str | None
    reason: str
    before: str
    after: str
    decided_by: str | None
    decided_at: datetime | None

    @property
    def is_changed(self) -> bool:
        """Whether something published is to be corrected for it."""
        return self.outcome in ("corrected", "voided")


def add_dispute(db: Connection, row: NewDispute) -> int:
    """Keep a new dispute and return its number. Fails where the same is open already (unique index)."""
    return int(db.execute(insert(disputes).values(**row._asdict()).returning(disputes.c.id)).scalar_one())


def dispute_of(db: Connection, dispute_id: int) -> Dispute | None:
    """Return one dispute, or None."""
    row = db.execute(_disputes().where(disputes.c.id == dispute_id)).first()
    return Dispute._make(row) if row else None


def all_disputes(db: Connection, entrant_id: str | None = None) -> Sequence[Dispute]:
    """Return every dispute, of an entrant or of all: those that are open first, each the oldest first."""
    statement = _disputes() if entrant_id is None else _disputes().where(disputes.c.entrant_id == entrant_id)
    rows = [Dispute._make(row) for row in db.execute(statement.order_by(disputes.c.id))]
    return sorted(rows, key=lambda one: one.outcome is not None)


def is_open(db: Connection, assessment_id: str, question: str) -> bool:
    """Return whether the same is disputed already."""
    d = disputes.c
    here = (d.assessment_id == assessment_id, d.question == question, d.outcome.is_(None))
    return db.execute(select(d.id).where(*here)).first() is not None


def decide(
    db: Connection, dispute_id: int, *, outcome: str, reason: str, before: str, after: str, by: str, now: datetime
) -> bool:
    """Note what was decided. False: somebody had decided it before."""
    here = (disputes.c.id == dispute_id, disputes.c.outcome.is_(None))
    changed = {"outcome": outcome, "reason": reason, "before": before, "after": after}
    return db.execute(update(disputes).where(*here).values(**changed, decided_by=by, decided_at=now)).rowcount == 1


def corrected_by(db: Connection, assessment_id: str, user_id: str) -> bool:
    """Return whether an account corrected an answer of an assessment."""
    c = corrections.c
    where = (c.assessment_id == assessment_id, c.corrected_by == user_id)
    return bool(db.execute(select(func.count()).select_from(corrections).where(*where)).scalar_one())


def base_shown(db: Connection, assessment_id: str) -> str:
    """Return the base of an assessment as lists show it."""
    return str(db.execute(select(assessments.c.base_shown).where(assessments.c.id == assessment_id)).scalar_one())


def _disputes() -> Select[tuple[object, ...]]:
    d, opener, decider = disputes.c, users.alias(), users.alias()
    return (
        select(
            d.id, d.publication_id, d.round, d.entrant_id, entrants.c.name, entrants.c.organisation, d.channel,
            d.assessment_id, d.question, d.words, opener.c.name, d.opened_at, d.outcome, d.reason, d.before, d.after,
            decider.c.name, d.decided_at,
        )
        .select_from(
            disputes.join(entrants, entrants.c.id == d.entrant_id)
            .join(opener, opener.c.id == d.opened_by)
            .outerjoin(decider, decider.c.id == d.decided_by)
        )
    )  # fmt: skip
