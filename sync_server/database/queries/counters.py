"""Phones at counters: where each stands, where it stood, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from checklists.language import Text
from sync_server.database.tables import assessors, counter_orders, devices, survey_companies


class OrderRow(NamedTuple):
    """From when to before when a phone stands, or stood, at the counter of a company."""

    company: str
    set_at: datetime
    ended_at: datetime | None


class CounterRow(NamedTuple):
    """A phone that stands at a counter, as the office sees it."""

    device_id: str
    device: str
    assessor: str
    company: Text
    set_at: datetime


class PhoneRow(NamedTuple):
    """A phone that may be set to a counter."""

    id: str
    name: str
    assessor: str


def add_order(db: Connection, device_id: str, company: str, now: datetime) -> None:
    """Set a phone to a counter."""
    db.execute(insert(counter_orders).values(device_id=device_id, company=company, set_at=now))


def end_order(db: Connection, device_id: str, now: datetime) -> bool:
    """End the order that stands for a phone. False where none does."""
    c = counter_orders.c
    statement = update(counter_orders).where(c.device_id == device_id, c.ended_at.is_(None)).values(ended_at=now)
    return db.execute(statement).rowcount == 1


def orders_of(db: Connection, device_id: str) -> Sequence[OrderRow]:
    """Return every order of a phone, the newest first."""
    c = counter_orders.c
    statement = select(c.company, c.set_at, c.ended_at).where(c.device_id == device_id).order_by(c.id.desc())
    return [OrderRow(*row) for row in db.execute(statement)]


def company_at(db: Connection, device_id: str) -> str | None:
    """Return at whose counter a phone stands now."""
    c = counter_orders.c
    return db.execute(select(c.company).where(c.device_id == device_id, c.ended_at.is_(None))).scalar()


def counters(db: Connection) -> Sequence[CounterRow]:
    """Return the phones that stand at a counter, by company."""
    c = counter_orders.c
    statement = (
        select(c.device_id, devices.c.name, assessors.c.name, survey_companies.c.name, c.set_at)
        .join_from(counter_orders, devices)
        .join(assessors, assessors.c.id == devices.c.assessor_id)
        .join(survey_companies, survey_companies.c.id == c.company)
        .where(c.ended_at.is_(None))
        .order_by(c.company, c.id)
    )
    return [CounterRow(*row) for row in db.execute(statement)]


def phones(db: Connection) -> Sequence[PhoneRow]:
    """Return the phones that may speak to the server, by name."""
    d = devices.c
    statement = (
        select(d.id, d.name, assessors.c.name)
        .join_from(devices, assessors)
        .where(d.revoked_at.is_(None), assessors.c.left_at.is_(None))
        .order_by(d.name, d.id)
    )
    return [PhoneRow(*row) for row in db.execute(statement)]
