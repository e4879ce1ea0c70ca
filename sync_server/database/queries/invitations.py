"""One-time links that make an account. The link holds the code; the table only its SHA-256."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import invitations


class InvitationRow(NamedTuple):
    """What an invitation is for."""

    role: str
    entrant_id: str | None
    reads_only: bool


def add_invitation(
    db: Connection,
    code_hash: str,
    *,
    role: str,
    entrant_id: str | None,
    created_at: datetime,
    expires_at: datetime,
    reads_only: bool = False,
) -> None:
    """Keep a new invitation."""
    db.execute(
        insert(invitations).values(
            code_hash=code_hash,
            role=role,
            reads_only=reads_only,
            entrant_id=entrant_id,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def open_invitation(db: Connection, code_hash: str, now: datetime) -> InvitationRow | None:
    """Return the invitation while it can be used, else None."""
    statement = select(invitations.c.role, invitations.c.entrant_id, invitations.c.reads_only).where(
        invitations.c.code_hash == code_hash, invitations.c.used_at.is_(None), invitations.c.expires_at > now
    )
    row = db.execute(statement).first()
    return InvitationRow(*row) if row else None


def use_invitation(db: Connection, code_hash: str, now: datetime) -> bool:
    """Mark the invitation used. True for exactly one caller, however many try at once."""
    statement = (
        update(invitations)
        .where(invitations.c.code_hash == code_hash, invitations.c.used_at.is_(None), invitations.c.expires_at > now)
        .values(used_at=now)
    )
    return db.execute(statement).rowcount == 1


def end_open_invitations(db: Connection, role: str, now: datetime) -> None:
    """End every unused invitation of `role`, so that only the newest first-administrator link works."""
    statement = update(invitations).where(
        invitations.c.role == role, invitations.c.used_at.is_(None), invitations.c.expires_at > now
    )
    db.execute(statement.values(expires_at=now))
