"""Assessors, their devices and assignments, as the dashboard lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Subquery, and_, func, or_, select, update

from sync_server.database.tables import assessments, assessors, assignments, branches, devices, entrants, scenarios

PAGE = 100


class AssessorRow(NamedTuple):
    """One assessor with how much they hold and sent."""

    id: str
    name: str
    languages: Sequence[str]
    left_at: datetime | None
    devices: int
    assignments: int
    assessments: int
    last_seen_at: datetime | None


class ListedDevice(NamedTuple):
    """One enrolled device. `clock_offset_ms` is device minus server at its last push."""

    id: str
    name: str
    assessor_name: str
    enrolled_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None
    clock_offset_ms: int | None
    clock_checked_at: datetime | None


class ListedAssignment(NamedTuple):
    """One assignment and what has come of it (`status` None: nothing yet)."""

    id: str
    entrant_name: Mapping[str, str]
    branch_name: Mapping[str, str] | None
    channel: str
    subchannel: str | None
    round: int
    scenario_title: Mapping[str, str]
    assessor_name: str
    due_from: datetime
    due_until: datetime
    withdrawn: bool
    assessment_id: str | None
    status: str | None


class AssignmentFilter(NamedTuple):
    """What the list of assignments is narrowed to. Empty: not narrowed."""

    channel: str = ""
    round: str = ""
    state: str = ""  # open, overdue, sent
    assessor: str = ""


def list_assessors(db: Connection) -> Sequence[AssessorRow]:
    """Return every assessor by name."""
    held = _count_by_assessor(assignments.c.assessor_id, assignments.c.id)
    sent = _count_by_assessor(assessments.c.assessor_id, assessments.c.id)
    phones = (
        select(
            devices.c.assessor_id,
            func.count(devices.c.id).label("counted"),
            func.max(devices.c.last_seen_at).label("last_seen_at"),
        )
        .where(devices.c.revoked_at.is_(None))
        .group_by(devices.c.assessor_id)
        .subquery()
    )
    statement = (
        select(
            assessors.c.id,
            assessors.c.name,
            assessors.c.languages,
            assessors.c.left_at,
            func.coalesce(phones.c.counted, 0),
            func.coalesce(held.c.counted, 0),
            func.coalesce(sent.c.counted, 0),
            phones.c.last_seen_at,
        )
        .select_from(
            assessors.outerjoin(phones, phones.c.assessor_id == assessors.c.id)
            .outerjoin(held, held.c.assessor_id == assessors.c.id)
            .outerjoin(sent, sent.c.assessor_id == assessors.c.id)
        )
        .order_by(assessors.c.name, assessors.c.id)
    )
    return [AssessorRow(*row) for row in db.execute(statement)]


def list_devices(db: Connection) -> Sequence[ListedDevice]:
    """Return every device, those seen last first."""
    d = devices.c
    statement = (
        select(
            d.id, d.name, assessors.c.name, d.enrolled_at, d.last_seen_at, d.revoked_at, d.clock_offset_ms,
            d.clock_checked_at,
        )
        .join_from(devices, assessors, assessors.c.id == d.assessor_id)
        .order_by(d.last_seen_at.desc(), d.id)
    )  # fmt: skip
    return [ListedDevice._make(row) for row in db.execute(statement)]


def revoke_device(db: Connection, device_id: str, now: datetime) -> str | None:
    """Revoke a device and return its assessor; None when there is no such device or it was revoked before."""
    statement = (
        update(devices)
        .where(devices.c.id == device_id, devices.c.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(devices.c.assessor_id)
    )
    return db.execute(statement).scalar()


def list_assignments(
    db: Connection, narrowed: AssignmentFilter, now: datetime, *, offset: int = 0, limit: int = PAGE
) -> Sequence[ListedAssignment]:
    """Return assignments by due date, those due first first."""
    a = assignments.c
    statement = (
        select(
            a.id, entrants.c.name, branches.c.name, a.channel, a.subchannel, a.round, scenarios.c.title,
            assessors.c.name, a.due_from, a.due_until, a.withdrawn, assessments.c.id, assessments.c.status,
        )
        .select_from(
            assignments.join(entrants, entrants.c.id == a.entrant_id)
            .join(assessors, assessors.c.id == a.assessor_id)
            .join(scenarios, scenarios.c.id == a.scenario_id)
            .outerjoin(branches, branches.c.id == a.branch_id)
            .outerjoin(assessments, assessments.c.assignment_id == a.id)
        )
        .order_by(a.due_until, a.id)
        .offset(offset)
        .limit(limit)
    )  # fmt: skip
    if narrowed.channel:
        statement = statement.where(a.channel == narrowed.channel)
    if narrowed.round.isascii() and narrowed.round.isdecimal():
        statement = statement.where(a.round == int(narrowed.round[:4]))
    if narrowed.assessor:
        statement = statement.where(a.assessor_id == narrowed.assessor)
    unsent = and_(or_(assessments.c.id.is_(None), assessments.c.status == "draft"), a.withdrawn.is_(False))
    if narrowed.state == "open":
        statement = statement.where(unsent)
    elif narrowed.state == "overdue":
        statement = statement.where(unsent, a.due_until <= now)
    elif narrowed.state == "sent":
        statement = statement.where(assessments.c.id.is_not(None), assessments.c.status != "draft")
    return [ListedAssignment._make(row) for row in db.execute(statement)]


def assessor_names(db: Connection) -> Sequence[tuple[str, str]]:
    """Return id and name of every assessor who has not left, by name."""
    statement = select(assessors.c.id, assessors.c.name).where(assessors.c.left_at.is_(None)).order_by(assessors.c.name)
    return [(row.id, row.name) for row in db.execute(statement)]


def entrant_names(db: Connection) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Return id and name of every entrant, by id."""
    return [(row.id, row.name) for row in db.execute(select(entrants.c.id, entrants.c.name).order_by(entrants.c.id))]


def _count_by_assessor(assessor_id: Column[Any], counted: Column[Any]) -> Subquery:
    return select(assessor_id, func.count(counted).label("counted")).group_by(assessor_id).subquery()
