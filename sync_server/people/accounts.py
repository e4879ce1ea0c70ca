"""Accounts of the office and of entrants, and the invitations they begin with."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checklists.language import Language
from sync_server.database.queries import invitations, users
from sync_server.people.permissions import Role
from sync_server.people.secret import secret_hash

INVITATION_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in. `entrant_id` is set exactly for the roles of an entrant."""

    id: str
    username: str
    name: str
    role: Role
    entrant_id: str | None
    language: Language


def stored(role: Role) -> Role:
    """Return the role that an account is kept under: a reader is an entrant's account that reads only."""
    return Role.ENTRANT if role is Role.ENTRANT_READER else role


def role_of(kept: str, *, reads_only: bool) -> Role:
    """Return the role of a kept account."""
    return Role.ENTRANT_READER if reads_only else Role(kept)


def invite(db: Connection, role: Role, now: datetime, *, entrant_id: str | None = None) -> str:
    """Make an invitation and return its code, shown once. The roles of an entrant need an `entrant_id`."""
    code = secrets.token_urlsafe(24)
    invitations.add_invitation(
        db,
        secret_hash(code),
        role=stored(role).value,
        reads_only=role is Role.ENTRANT_READER,
        entrant_id=entrant_id,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    return code


def first_administrator_link(db: Connection, now: datetime, base_url: str) -> str | None:
    """Return the one-time address that makes the first administrator, or None once anybody has an account.

    A repeat ends the link before it.
    """
    if users.has_users(db):
        return None
    invitations.end_open_invitations(db, Role.ADMIN.value, now)
    return invitation_link(base_url, invite(db, Role.ADMIN, now))


def invitation_link(base_url: str, code: str) -> str:
    """Return the address an invited person opens."""
    return f"{base_url.rstrip('/')}/invitation/{code}"


def accept_invitation(
    db: Connection, code: str, *, username: str, name: str, password_hash: str, language: Language, now: datetime
) -> users.UserRow | None:
    """Make the account an invitation promises; None when the invitation is used, expired or unknown."""
    invitation = invitations.open_invitation(db, secret_hash(code), now)
    if invitation is None or not invitations.use_invitation(db, secret_hash(code), now):
        return None
    return add_account(
        db,
        username=username,
        name=name,
        role=role_of(invitation.role, reads_only=invitation.reads_only),
        entrant_id=invitation.entrant_id,
        password_hash=password_hash,
        language=language,
        now=now,
    )


def add_account(
    db: Connection,
    *,
    username: str,
    name: str,
    role: Role,
    password_hash: str,
    now: datetime,
    entrant_id: str | None = None,
    language: Language = "en",
) -> users.UserRow:
    """Make an account. The username is kept in lower case and must be free."""
    row = users.UserRow(
        id=str(uuid.uuid4()),
        username=username.strip().lower(),
        name=name.strip() or username.strip(),
        password_hash=password_hash,
        role=stored(role).value,
        reads_only=role is Role.ENTRANT_READER,
        entrant_id=entrant_id,
        language=language,
        created_at=now,
    )
    users.add_user(db, row)
    return row
