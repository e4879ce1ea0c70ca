"""Who accounts are at the provider that vouches for people, and sign-ins it has been asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.database.tables import provider_links, provider_tries, users


class LinkRow(NamedTuple):
    """One account's link. `linked_at` None: it waits for the first sign-in under `name`."""

    user_id: str
    username: str
    person: str
    name: str
    linked_at: datetime | None


class TryRow(NamedTuple):
    """One sign-in that the provider was asked about. `kept_words` are those of an earlier session's form."""

    nonce: str
    verifier: str
    onward: str
    kept_words: object | None


def links(db: Connection) -> Sequence[LinkRow]:
    """Return every link, by user name."""
    c, u = provider_links.c, users.c
    statement = select(c.user_id, u.username, u.name, c.name, c.linked_at).join_from(provider_links, users)
    return [LinkRow(*row) for row in db.execute(statement.order_by(u.username))]


def user_of_subject(db: Connection, issuer: str, subject: str) -> str | None:
    """Return the account of a person whose link is made."""
    c = provider_links.c
    return db.execute(select(c.user_id).where(c.issuer == issuer, c.subject == subject)).scalar()


def user_waiting(db: Connection, name: str) -> str | None:
    """Return the account that waits for a person of this name."""
    c = provider_links.c
    return db.execute(select(c.user_id).where(c.name == name, c.subject.is_(None))).scalar()


def is_named(db: Connection, name: str) -> bool:
    """Say whether an account has this name there, linked or waiting."""
    return db.execute(select(provider_links.c.user_id).where(provider_links.c.name == name)).first() is not None


def has_link(db: Connection, user_id: str) -> bool:
    """Say whether the account has a link, made or waiting."""
    return db.execute(select(provider_links.c.user_id).where(provider_links.c.user_id == user_id)).first() is not None


def add_waiting(db: Connection, user_id: str, name: str, now: datetime) -> None:
    """Let an account without a link wait for a person of this name. The name must be free."""
    db.execute(insert(provider_links).values(user_id=user_id, name=name, created_at=now))


def keep_subject(db: Connection, user_id: str, issuer: str, subject: str, now: datetime) -> None:
    """Make the link of an account that waits: from now on it is this subject's, whatever its name."""
    values = {"issuer": issuer, "subject": subject, "linked_at": now}
    db.execute(update(provider_links).where(provider_links.c.user_id == user_id).values(**values))


def remove(db: Connection, user_id: str) -> None:
    """Take the link off. A repeat changes nothing."""
    db.execute(delete(provider_links).where(provider_links.c.user_id == user_id))


def kept_links(db: Connection) -> Sequence[Mapping[str, Any]]:
    """Return every link as it is kept."""
    return [dict(row) for row in db.execute(select(provider_links)).mappings()]


def keep_links(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep links as they were kept elsewhere."""
    if rows:
        db.execute(insert(provider_links), rows)


def add_try(
    db: Connection, state_hash: str, browser_hash: str, row: TryRow, *, now: datetime, expires_at: datetime
) -> None:
    """Keep a sign-in until the provider answers; those whose time is over go."""
    _forget_late(db, now)
    values = {"state_hash": state_hash, "browser_hash": browser_hash, "expires_at": expires_at}
    db.execute(insert(provider_tries).values(**values, **row._asdict()))


def take_try(db: Connection, state_hash: str, browser_hash: str, now: datetime) -> TryRow | None:
    """Return a sign-in that this browser began, once; None where there is none, or its time is over."""
    _forget_late(db, now)
    c = provider_tries.c
    at = (c.state_hash == state_hash, c.browser_hash == browser_hash)
    row = db.execute(select(c.nonce, c.verifier, c.onward, c.kept_words).where(*at)).first()
    if row is None or db.execute(delete(provider_tries).where(*at)).rowcount != 1:
        return None
    return TryRow(*row)


def _forget_late(db: Connection, now: datetime) -> None:
    db.execute(delete(provider_tries).where(provider_tries.c.expires_at <= now))
