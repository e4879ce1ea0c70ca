"""Tokens of other programs, for administrators: made, shown this once, revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, Template
from sync_server.database.queries import api_tokens as queries
from sync_server.database.queries import people, users
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.open_tables import open_sets
from sync_server.database.queries.users import ListedUser
from sync_server.exchange.odata.programs import PROGRAMS
from sync_server.people import api_tokens
from sync_server.people.api_tokens import READING, Scope, TokenProblemError
from sync_server.people.permissions import Role, rule_of
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.calendar import VISITS
from sync_server.routes.dashboard.deciding import done_or_shown
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    base_url,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)

# Which scopes need an address, what it is called beside a new token, and its path.
_OF_ACCOUNTS = ((frozenset(READING), N_("Tables for Excel, Power BI, R and Python:"), "/odata/v4/"),)
_OF_ASSESSORS = (
    ({Scope.COLLECT}, N_("Address for ODK Collect:"), "/openrosa"),
    ({Scope.CALENDAR}, N_("Calendar to subscribe to, in English:"), f"{VISITS}?language=en"),
    ({Scope.CALENDAR}, N_("Calendar to subscribe to, in Chinese:"), f"{VISITS}?language=zh-Hant"),
)


@get("/tokens", include_in_schema=False)
async def token_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the tokens made so far and the form for another."""
    return await _list(request, page)


@get("/tokens/programs", include_in_schema=False, sync_to_thread=False)
def token_programs(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show how each program reads the tables, with this server's address in its code."""
    return page.html("programs.html", root=f"{base_url(request)}/odata/v4/", programs=PROGRAMS)


@post("/tokens", include_in_schema=False, status_code=200)
async def make_token(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Make a token and show it, this once. What was typed stays where it cannot be made."""
    sent, fields = await request.form(), await fields_of(request)
    scopes = [str(scope) for scope in sent.getall("scope", [])]
    kind, _, owner = fields.get("speaks_for", "").partition(":")
    days = fields.get("lasts_days", "")
    now, created_by = now_of(request), account_of(request).id

    def write(db: Connection) -> tuple[str, str]:
        owners = {
            "user": {row.id for row in _readers(db)},
            "assessor": {row.id for row in people.list_assessors(db) if row.left_at is None},
        }
        return api_tokens.issue(
            db,
            name=fields.get("name", ""),
            speaks_for=(kind, owner if owner in owners.get(kind, ()) else ""),
            scopes=scopes,
            lasts_days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            created_by=created_by,
            now=now,
        )

    details = {"name": fields.get("name", ""), "scopes": scopes, kind or "user": owner}
    try:
        _, token = await decided(request, "api-token-made", ("api-tokens", "list"), write, fields, **details)
    except (DecidedMeanwhileError, TokenProblemError) as error:
        status = 409 if isinstance(error, DecidedMeanwhileError) else 400
        return await _list(request, page, status=status, chosen=scopes, fields=fields, **refusal(error))
    named = _OF_ASSESSORS if kind == "assessor" else _OF_ACCOUNTS
    addresses = [(name, f"{base_url(request)}{path}") for needs, name, path in named if needs & {*scopes}]
    return await _list(request, page, token=token, addresses=addresses)


@post("/tokens/{token_id:str}/revoke", include_in_schema=False)
async def revoke_token(
    request: Asked, page: NamedDependency[Page], token_id: FromPath[str]
) -> Response[str] | Redirect:
    """End a token at once. A repeat changes nothing."""
    now = now_of(request)
    return await done_or_shown(
        request,
        "api-token-revoked",
        ("api-token", token_id),
        lambda db: queries.end_token(db, token_id, now),
        shown=partial(_list, request, page),
        then="/tokens",
    )


def _readers(db: Connection) -> Sequence[ListedUser]:
    """Return the living accounts that may read a table at all: a token of another would open nothing."""
    roles = {role for role in Role for of in open_sets(db.dialect.name).values() if role in rule_of("GET", of.page)}
    return [row for row in users.list_users(db) if row.disabled_at is None and row.role in roles]


async def _list(
    request: Asked,
    page: Page,
    *,
    token: str = "",
    addresses: Sequence[tuple[Template, str]] = (),
    chosen: Sequence[str] = (),
    fields: dict[str, str] | None = None,
    status: int = 200,
    **more: object,
) -> Response[str]:
    await viewed(request, "api-tokens-listed", ("api-tokens", "list"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            basis, rows = last_entry(db), api_tokens.listed(db, now_of(request))
            assessors = [row for row in people.list_assessors(db) if row.left_at is None]
            accounts = _readers(db)
        return page.html(
            "tokens.html",
            status=status,
            basis=basis,
            rows=rows,
            accounts=accounts,
            scopes=list(api_tokens.Scope),
            assessors=assessors,
            lasts=api_tokens.LASTS_DAYS,
            token=token,
            addresses=addresses,
            chosen=chosen,
            fields=fields or {},
            **more,
        )

    return await asyncio.to_thread(read)


ROUTES = [token_list, token_programs, make_token, revoke_token]
