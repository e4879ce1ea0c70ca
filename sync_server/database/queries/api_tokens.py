"""Tokens of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, insert, select, update

from sync_server.database.tables import api_tokens, assessors, users


class TokenRow(NamedTuple):
    """One token and whom it speaks for: an account (`role` is set) or an assessor. The secret is not kept."""

    id: str
    name: str
    hint: str
    user_id: str | None
    assessor_id: str | None
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    role: str | None
    entrant_id: str | None
    owner: str  # the name of the account or the assessor
    owner_gone_at: datetime | None  # when the account was disabled, or the assessor left


def add_token(db: Connection, **values: Any) -> None:
    """Keep a new token by the columns of its table."""
    db.execute(insert(api_tokens).values(**values))


def token_of_hash(db: Connection, token_hash: str) -> TokenRow | None:
    """Return the token kept under this hash, whether or not it still lets anybody in."""
    row = db.execute(_tokens().where(api_tokens.c.token_hash == token_hash)).first()
    return None if row is None else _row(row)


def list_tokens(db: Connection, limit: int = 200) -> Sequence[TokenRow]:
    """Return the newest tokens."""
    statement = _tokens().order_by(api_tokens.c.created_at.desc(), api_tokens.c.id).limit(limit)
    return [_row(row) for row in db.execute(statement)]


def end_token(db: Connection, token_id: str, now: datetime) -> bool:
    """Revoke a token. True if this call revoked it; a repeat changes nothing."""
    which = api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None)
    return db.execute(update(api_tokens).where(*which).values(revoked_at=now)).rowcount == 1


def note_used(db: Connection, token_id: str, now: datetime) -> None:
    """Note that the token was used."""
    db.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(last_used_at=now))


def _tokens() -> Select[Any]:
    t, u, a = api_tokens.c, users.c, assessors.c
    return (
        select(
            t.id, t.name, t.hint, t.user_id, t.assessor_id, t.scopes, t.created_at, t.expires_at, t.last_used_at,
            t.revoked_at, u.role, u.entrant_id, u.name.label("user_name"), u.disabled_at, a.name.label("assessor_name"),
            a.left_at,
        )
        .join_from(api_tokens, users, u.id == t.user_id, isouter=True)
        .join(assessors, a.id == t.assessor_id, isouter=True)
    )  # fmt: skip


def _row(row: Row[*tuple[Any, ...]]) -> TokenRow:
    values = dict(row._mapping)  # noqa: SLF001 - the documented mapping of a row
    owner = values.pop("user_name") or values.pop("assessor_name")
    gone_at = values.pop("disabled_at") or values.pop("left_at")
    kept = {name: values[name] for name in TokenRow._fields if name in values}
    return TokenRow(**kept, owner=owner, owner_gone_at=gone_at)
