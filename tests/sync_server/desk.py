"""People at the dashboard: an account of every role, browsers that sign in and send forms as a page would.

And what they find there: files that are held, rows that are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx
from sqlalchemy import ColumnElement, Connection, Table, func, select, update

from checklists.record.assessment import Assessment
from checklists.rules.ruleset import Ruleset
from sync_server.custody.erasure_notice import NOTICE_LASTS
from sync_server.database import tables
from sync_server.database.queries.erasure_notices import Amount, add_notice, confirm_notice, newest_notice
from sync_server.database.queries.releases import ReleaseRow, append_release
from sync_server.database.queries.round_rules import OWN, name_of
from sync_server.database.queries.users import user_named
from sync_server.people import accounts, passwords, sessions
from sync_server.people.permissions import ACCOUNT_ROLES, ENTRANTS, Role
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.season.rule_changes import Decision, add_version
from tests.builders import NOON
from tests.sync_server.plain_http import NO_AUTHORITIES
from tests.sync_server.season_kit import SET_UP_AT, TOKEN, a_photo, body_of

PASSWORD = "correct horse battery"
LASTS = timedelta(hours=12)
TOKEN_FIELD = re.compile(r'name="csrf" value="([^"]+)"')
_TOKENS: dict[str, str] = {}  # of the sessions opened here: what their forms carry, by the secret of their cookie


@cache
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


def add_accounts(server: Any) -> None:
    """One account of each role, named after it; the entrant's is harbour-ferry."""
    with server.services.database.transaction() as db:
        for role in ACCOUNT_ROLES:
            add_account(db, role)


def add_account(db: Connection, role: Role) -> str:
    """An account named after its role; return its id."""
    account = accounts.add_account(
        db,
        username=role.value,
        name=f"The {role.value}",
        role=role,
        password_hash=password_hash(),
        entrant_id="harbour-ferry" if role in ENTRANTS else None,
        now=SET_UP_AT,
    )
    return account.id


def browser(server: Any, *, language: str = "en") -> httpx.Client:
    """A browser that has been nowhere yet."""
    headers, cookies = {"Accept": "text/html"}, {"language": language}
    return server.with_client(
        httpx.Client(base_url=server.url, timeout=30, headers=headers, cookies=cookies, verify=NO_AUTHORITIES)
    )


def form_token(client: httpx.Client, page: str = "/account") -> str:
    """What a form of `page` carries. It is that of the session: of one that was opened here, no page need be made."""
    if page == "/account" and (token := _TOKENS.get(client.cookies.get(SESSION_COOKIE) or "")):
        return token
    found = TOKEN_FIELD.search(client.get(page).text)
    assert found is not None, f"{page} has no form"
    return found[1]


def send(
    client: httpx.Client, path: str, fields: Mapping[str, Any] | None = None, *, page: str = "/account"
) -> httpx.Response:
    """Send a form as the page would, with the session's token."""
    return client.post(path, data={"csrf": form_token(client, page), **(fields or {})})


@contextmanager
def signed_in(server: Any, role: Role | str, *, language: str = "en") -> Iterator[httpx.Client]:
    """A browser of the account named `role`, as signing in leaves it: that costs a second hundred times over, and has
    tests of its own.
    """
    with browser(server, language=language) as client:
        with server.services.database.transaction() as db:
            account, now = user_named(db, str(role)), server.services.clock()
            assert account is not None
            secret = sessions.open_session(db, account.id, now, lasts=LASTS)
            session = sessions.find_session(db, secret, now)
        assert session is not None
        _TOKENS[secret] = session.csrf
        client.cookies.set(SESSION_COOKIE, secret, domain=client.base_url.host)
        yield client


def sign_in(client: httpx.Client, role: Role | str) -> None:
    answer = send(client, "/sign-in", {"username": str(role), "password": PASSWORD}, page="/sign-in")
    assert answer.status_code == 303, answer.text


def push(server: Any, record: Assessment, token: str = TOKEN) -> str:
    """Send a record as its phone; return its digest."""
    with server.client(token) as phone:
        answer = phone.put(f"/api/v1/assessments/{record.id}", content=body_of(record))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["digest"])


def release_rounds(server: Any, at: datetime = NOON, *numbers: int) -> None:
    """Write the events, as the server does once a round's end and moment have passed."""
    with server.services.database.transaction() as db:
        for number in numbers or (1, 2, 3):
            append_release(db, ReleaseRow(number, at, at, "system"))


def rule_anew(db: Connection, overrides: Mapping[str, object], reason: str = "agreed") -> Ruleset:
    """Make other rules those of everything, what has opened among it."""
    everything = Decision(frozenset({OWN, *map(name_of, (1, 2, 3))}))
    return add_version(db, overrides, reason, created_by="admin", now=NOON, decision=everything)


def confirm_erasure(server: Any, at: datetime) -> None:
    """Let the first erasure of the season be announced two weeks before `at`, and confirmed."""
    with server.services.database.transaction() as db:
        account = add_account(db, Role.ADMIN)
        add_notice(db, Amount(at, 1, 1), at - NOTICE_LASTS)
        notice = newest_notice(db)
        assert notice is not None
        assert confirm_notice(db, notice.id, account, at)


def accept(server: Any) -> None:
    """Let every assessment be accepted."""
    with server.services.database.transaction() as db:
        db.execute(update(tables.assessments).values(status="accepted"))


def count(server: Any, table: Table, *where: ColumnElement[bool]) -> int:
    with server.services.database.reading() as db:
        return db.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def keep_file(server: Any, data: bytes, content_type: str) -> None:
    """Hold a file as though a phone had sent it."""
    sha256 = a_photo(data).sha256
    server.services.media.put(sha256, data)
    with server.services.database.transaction() as db:
        db.execute(
            tables.media.insert().values(sha256=sha256, size_bytes=len(data), content_type=content_type, stored_at=NOON)
        )
