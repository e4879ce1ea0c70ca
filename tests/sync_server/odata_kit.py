"""A token that reads the tables of a running server, for the tests of its OData door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from sync_server.database import tables
from sync_server.people.api_tokens import READING, issue
from sync_server.people.permissions import Role

ALL = tuple(scope.value for scope in READING)


def token_for(server: Any, role: Role, scopes: tuple[str, ...] = ALL) -> str:
    with server.services.database.transaction() as db:
        user = db.execute(select(tables.users.c.id).where(tables.users.c.username == role.value)).scalar_one()
        asked = {"name": "R", "speaks_for": ("user", user), "scopes": scopes, "lasts_days": 30}
        return issue(db, created_by=user, now=server.services.clock(), **asked)[1]
