"""The demo's accounts: one of each role and a second coordinator, with passwords that `demo.json` remembers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.engine import Database
from sync_server.database.queries import users
from sync_server.database.queries.season import rows_of
from sync_server.people import accounts, passwords
from sync_server.people.permissions import Role

COORDINATOR, REVIEWER, ENTRANT, MEMBER, JUDGE = "coordinator", "reviewer", "entrant", "member", "judge"
# Username -> name, role. The entrant's comes only with a season.
STAFF: Mapping[str, tuple[str, Role]] = {
    COORDINATOR: ("Demo coordinator", Role.COORDINATOR),
    "coordinator-2": ("Second demo coordinator", Role.COORDINATOR),  # who corrects an answer signs nothing of its round
    "administrator": ("Demo administrator", Role.ADMIN),
    REVIEWER: ("Demo reviewer", Role.REVIEWER),
    MEMBER: ("Demo member", Role.MEMBER),
    JUDGE: ("Demo judge", Role.JUDGE),
}


class Accounts(NamedTuple):
    """Who can sign in, by username, and the id of the account that reviews."""

    passwords: Mapping[str, str]
    reviewer_id: str


def ensure(database: Database, kept: Mapping[str, str], now: datetime) -> Accounts:
    """Make the demo's accounts, or give those there a password to tell: the `kept` one where it is still right."""
    by_name: dict[str, str] = {}
    with database.transaction() as db:
        for username, (name, role) in STAFF.items():
            by_name[username] = _password(db, username, kept) or _new(db, now, username, name, role)
        first = next(iter(rows_of(db, "entrants")), None)
        if first is not None:
            name, entrant_id = str(first["name"]["en"]), str(first["id"])
            by_name[ENTRANT] = _password(db, ENTRANT, kept) or _new(db, now, ENTRANT, name, Role.ENTRANT, entrant_id)
        reviewer = users.user_named(db, REVIEWER)
    if reviewer is None:
        raise LookupError("the reviewer's account was just made and is not there")
    return Accounts(by_name, reviewer.id)


def _password(db: Connection, username: str, kept: Mapping[str, str]) -> str | None:
    """Return the password of an account, a new one unless the `kept` one is right; None: there is no account."""
    account = users.user_named(db, username)
    if account is None:
        return None
    password = kept.get(username, "")
    if not (password and passwords.matches(password, account.password_hash)):
        password = passwords.generated()
        users.change_password_hash(db, account.id, passwords.hashed(password))
    return password


def _new(  # noqa: PLR0917 - a column each, in the table's order
    db: Connection, now: datetime, username: str, name: str, role: Role, entrant_id: str | None = None
) -> str:
    password = passwords.generated()
    password_hash = passwords.hashed(password)
    accounts.add_account(
        db, username=username, name=name, role=role, password_hash=password_hash, now=now, entrant_id=entrant_id
    )
    return password
