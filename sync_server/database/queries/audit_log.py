"""The audit log: every change and every view of personal data. Append-only: there is no other statement here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from sync_server.database.engine import streamed
from sync_server.database.queries.driver import insert_rows
from sync_server.database.tables import audit_log, users

PAGE = 100


class AuditRow(NamedTuple):
    """One entry. `action` is a permanent word ("assessment-viewed"); `details` holds ids, never personal data."""

    at: datetime
    actor_kind: str  # user, device, command, system
    actor_id: str
    action: str
    subject_kind: str
    subject_id: str
    details: Mapping[str, object] = {}
    request_id: str = ""


class KeptAuditRow(NamedTuple):
    """One entry as it is read, with its number and, for an account, its name now."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: str
    action: str
    subject_kind: str
    subject_id: str
    details: Mapping[str, object]
    request_id: str
    actor_name: str | None


def append_audit(db: Connection, rows: Sequence[AuditRow]) -> None:
    """Append entries, in order. Only inside a write transaction."""
    insert_rows(db, audit_log, rows)


def audit_page(
    db: Connection, *, before: int | None = None, subject_id: str = "", action: str = "", limit: int = PAGE
) -> Sequence[KeptAuditRow]:
    """Return entries, newest first, older than number `before`, of one subject or one action when given."""
    statement = _entries().order_by(audit_log.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(audit_log.c.id < before)
    if subject_id:
        statement = statement.where(audit_log.c.subject_id == subject_id)
    if action:
        statement = statement.where(audit_log.c.action == action)
    return [KeptAuditRow(*row) for row in db.execute(statement)]


def audit_actions(db: Connection) -> Sequence[str]:
    """Return every action that occurs, sorted."""
    return db.execute(select(audit_log.c.action).distinct().order_by(audit_log.c.action)).scalars().all()


def newest_entry_at(db: Connection) -> datetime | None:
    """Return the latest moment that an entry has, or None."""
    moment: datetime | None = db.execute(select(func.max(audit_log.c.at, type_=audit_log.c.at.type))).scalar()
    return moment


def whole_audit(db: Connection) -> Iterator[KeptAuditRow]:
    """Give every entry, oldest first, without holding them all in memory."""
    for row in streamed(db, _entries().order_by(audit_log.c.id), 1000):
        yield KeptAuditRow(*row)


def last_entry(db: Connection) -> int:
    """Return the number of the newest entry, 0 where there is none."""
    return db.execute(select(func.max(audit_log.c.id))).scalar() or 0


def entries_about(db: Connection, subject: tuple[str, str], *, after: int) -> Sequence[KeptAuditRow]:
    """Return the entries about one thing (its kind, its id) with higher numbers than `after`, the newest first."""
    c = audit_log.c
    statement = _entries().where(c.subject_id == subject[1], c.subject_kind == subject[0], c.id > after)
    return [KeptAuditRow(*row) for row in db.execute(statement.order_by(c.id.desc()))]


def _entries() -> Select[Any]:
    return select(
        audit_log.c.id,
        audit_log.c.at,
        audit_log.c.actor_kind,
        audit_log.c.actor_id,
        audit_log.c.action,
        audit_log.c.subject_kind,
        audit_log.c.subject_id,
        audit_log.c.details,
        audit_log.c.request_id,
        users.c.name.label("actor_name"),
    ).select_from(audit_log.outerjoin(users, users.c.id == audit_log.c.actor_id))
