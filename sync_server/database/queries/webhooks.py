"""Webhooks, and the messages they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import audit_log, webhook_messages, webhooks


class HookRow(NamedTuple):
    """One webhook. `ended_at` None: what happens is told there."""

    id: str
    name: str
    address: str
    events: Sequence[str]
    secret: str
    old_secret: str
    old_until: datetime | None
    told_until: int
    created_at: datetime
    ended_at: datetime | None


class Happening(NamedTuple):
    """One entry of the audit log that somebody may be told of."""

    id: int
    at: datetime
    action: str
    subject_kind: str
    subject_id: str
    details: Mapping[str, Any]


class DueMessage(NamedTuple):
    """One message to send, and where; `tries` before this one."""

    id: int
    webhook_id: str
    audit_id: int
    body: str
    tries: int
    address: str
    secret: str
    old_secret: str
    old_until: datetime | None


class MessageLine(NamedTuple):
    """One message as the log of the page has it."""

    id: int
    webhook_id: str
    name: str
    event: str
    made_at: datetime
    due_at: datetime | None
    tries: int
    status: int | None
    problem: str
    taken_at: datetime | None

    @property
    def state(self) -> str:
        """Where it stands: "sent", "waiting" or "given-up"."""
        return "sent" if self.taken_at else "waiting" if self.due_at else "given-up"


_HOOK = [webhooks.c[name] for name in HookRow._fields]


def add_hook(db: Connection, **values: Any) -> None:
    """Keep a new webhook by the columns of its table; it is told of what happens from now on."""
    newest = select(func.coalesce(func.max(audit_log.c.id), 0)).scalar_subquery()
    db.execute(insert(webhooks).values(**values, told_until=newest))


def hooks(db: Connection, *, living: bool = False) -> Sequence[HookRow]:
    """Return the webhooks, the newest first; `living`: those that have not ended."""
    statement = select(*_HOOK).order_by(webhooks.c.created_at.desc(), webhooks.c.id)
    return [
        HookRow(*row) for row in db.execute(statement.where(webhooks.c.ended_at.is_(None)) if living else statement)
    ]


def change_secret(db: Connection, hook_id: str, secret: str, old_until: datetime) -> bool:
    """Sign with `secret` from now on, beside the one before until a moment; False: no such living webhook."""
    values = {"old_secret": webhooks.c.secret, "old_until": old_until, "secret": secret}
    which = webhooks.c.id == hook_id, webhooks.c.ended_at.is_(None)
    return db.execute(update(webhooks).where(*which).values(values)).rowcount == 1


def end_hook(db: Connection, hook_id: str, now: datetime) -> bool:
    """End a webhook; what waits for it is given up. False: it had ended."""
    which = webhooks.c.id == hook_id, webhooks.c.ended_at.is_(None)
    waiting = webhook_messages.c.webhook_id == hook_id, webhook_messages.c.due_at.is_not(None)
    db.execute(update(webhook_messages).where(*waiting).values(due_at=None))
    return db.execute(update(webhooks).where(*which).values(ended_at=now)).rowcount == 1


def happenings(db: Connection, after: int, limit: int) -> Sequence[Happening]:
    """Return the entries of the audit log after the one of that number, the oldest first."""
    columns = [audit_log.c[name] for name in Happening._fields]
    statement = select(*columns).where(audit_log.c.id > after).order_by(audit_log.c.id).limit(limit)
    return [Happening(*row) for row in db.execute(statement)]


def add_message(db: Connection, hook_id: str, audit_id: int, event: str, *, body: str, now: datetime) -> None:
    """Have a webhook told of an entry, now. It is told once, however often this is called."""
    values = {"webhook_id": hook_id, "audit_id": audit_id, "event": event, "body": body, "made_at": now, "due_at": now}
    db.execute(insert_ignoring_duplicates(db, webhook_messages).values(**values))


def note_told(db: Connection, hook_id: str, until: int) -> None:
    """Note up to which entry a webhook has its messages."""
    db.execute(update(webhooks).where(webhooks.c.id == hook_id).values(told_until=until))


def due_messages(db: Connection, now: datetime, limit: int) -> Sequence[DueMessage]:
    """Return the messages to send now, the oldest first."""
    m, h = webhook_messages.c, webhooks.c
    statement = (
        select(m.id, m.webhook_id, m.audit_id, m.body, m.tries, h.address, h.secret, h.old_secret, h.old_until)
        .join_from(webhook_messages, webhooks, h.id == m.webhook_id)
        .where(m.due_at <= now, h.ended_at.is_(None))
        .order_by(m.due_at, m.id)
        .limit(limit)
    )
    return [DueMessage(*row) for row in db.execute(statement)]


def note_sent(
    db: Connection,
    message_id: int,
    *,
    status: int | None,
    problem: str,
    due_at: datetime | None,
    taken_at: datetime | None,
) -> None:
    """Note what became of a try, and when the next is; None: there is none."""
    values = {"status": status, "problem": problem, "due_at": due_at, "taken_at": taken_at}
    statement = update(webhook_messages).where(webhook_messages.c.id == message_id)
    db.execute(statement.values(**values, tries=webhook_messages.c.tries + 1))


def send_again(db: Connection, message_id: int, now: datetime) -> bool:
    """Let a message be sent now, as often as a new one, whether or not it was taken; False: its webhook has ended."""
    living = select(webhooks.c.id).where(webhooks.c.ended_at.is_(None))
    which = webhook_messages.c.id == message_id, webhook_messages.c.webhook_id.in_(living)
    return db.execute(update(webhook_messages).where(*which).values(due_at=now, tries=0, taken_at=None)).rowcount == 1


def newest_messages(db: Connection, limit: int) -> Sequence[MessageLine]:
    """Return the newest messages, each with the name of its webhook."""
    columns = [webhooks.c.name if one == "name" else webhook_messages.c[one] for one in MessageLine._fields]
    statement = select(*columns).join_from(webhook_messages, webhooks, webhooks.c.id == webhook_messages.c.webhook_id)
    return [MessageLine(*row) for row in db.execute(statement.order_by(webhook_messages.c.id.desc()).limit(limit))]


def forget_messages(db: Connection, before: datetime) -> None:
    """Take out messages that are done with and older than a moment."""
    old = webhook_messages.c.made_at < before, webhook_messages.c.due_at.is_(None)
    db.execute(webhook_messages.delete().where(*old))
