"""Plans of rounds: sealed with the hash of their seed, made, and written as sets of changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import assignments, change_sets, plans


class PlanRow(NamedTuple):
    """A plan as it is kept. `written_at`: when what it writes was written; only then is the seed shown."""

    id: str
    round: int
    state: str
    seed: str
    seed_hash: str
    sealed_at: datetime
    sealed_by: str
    asked_at: datetime | None
    without: Sequence[str]
    digest: str | None
    set_id: str | None
    failure: Mapping[str, str] | None
    written_at: datetime | None


_COLUMNS = [*(plans.c[name] for name in PlanRow._fields[:-1]), change_sets.c.written_at]
_PLANS = plans.outerjoin(change_sets, change_sets.c.id == plans.c.set_id)


def add_plan(db: Connection, row: PlanRow) -> None:
    """Keep a sealed plan."""
    db.execute(insert(plans).values({name: getattr(row, name) for name in PlanRow._fields[:-1]}))


def note_plan(db: Connection, plan_id: str, **values: Any) -> None:
    """Note what became of a plan."""
    db.execute(update(plans).where(plans.c.id == plan_id).values(**values))


def begin_making(db: Connection, plan_id: str, now: datetime, without: Sequence[str]) -> bool:
    """Note that a sealed plan is being made; False where somebody was quicker."""
    statement = update(plans).where(plans.c.id == plan_id, plans.c.state == "sealed")
    return db.execute(statement.values(state="making", asked_at=now, without=list(without))).rowcount == 1


def plan_of(db: Connection, plan_id: str) -> PlanRow | None:
    """Return one plan, or None."""
    row = db.execute(select(*_COLUMNS).select_from(_PLANS).where(plans.c.id == plan_id)).one_or_none()
    return None if row is None else PlanRow(*row)


def body_of(db: Connection, plan_id: str) -> str | None:
    """Return the JSON of a plan that was made."""
    return db.execute(select(plans.c.body).where(plans.c.id == plan_id)).scalar_one_or_none()


def recent_plans(db: Connection, limit: int = 50) -> Sequence[PlanRow]:
    """Return plans, the newest first."""
    statement = select(*_COLUMNS).select_from(_PLANS).order_by(plans.c.sealed_at.desc(), plans.c.id).limit(limit)
    return [PlanRow(*row) for row in db.execute(statement)]


def sealed_plan(db: Connection, number: int) -> PlanRow | None:
    """Return the oldest plan of a round whose seed waits to be used."""
    statement = (
        select(*_COLUMNS)
        .select_from(_PLANS)
        .where(plans.c.round == number, plans.c.state == "sealed")
        .order_by(plans.c.sealed_at, plans.c.id)
        .limit(1)
    )
    row = db.execute(statement).one_or_none()
    return None if row is None else PlanRow(*row)


def planned_rounds(db: Connection) -> frozenset[int]:
    """Return the rounds that have assignments, withdrawn ones as well."""
    return frozenset(db.execute(select(assignments.c.round).distinct()).scalars())
