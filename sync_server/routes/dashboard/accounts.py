"""Accounts of the dashboard, for administrators: who has one, inviting, disabling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from sync_server.database.queries import people, provider_links, second_factors, sessions, users
from sync_server.database.queries.audit_log import last_entry
from sync_server.people import accounts, password_reset, vouching
from sync_server.people.permissions import ACCOUNT_ROLES, ENTRANTS, Role
from sync_server.people.vouching import LinkProblemError
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.dashboard.deciding import done_or_shown
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    audited,
    base_url,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)


@get("/accounts", include_in_schema=False)
async def account_list(request: Asked, page: NamedDependency[Page], problem: FromQuery[str] = "") -> Response[str]:
    """Show every account and the form that invites another."""
    return await _list(request, page, wrong=problem if problem in PROBLEMS else "")


@post("/accounts/invitations", include_in_schema=False, status_code=200)
async def invite(request: Asked, page: NamedDependency[Page]) -> Response[str] | Redirect:
    """Make a one-time link for a role and show it, this once."""
    form = await request.form()
    wanted, entrant_id = str(form.get("role", "")), str(form.get("entrant", "")) or None
    if wanted not in ACCOUNT_ROLES or (wanted in ENTRANTS) != (entrant_id is not None):
        return Redirect("/accounts?problem=role", status_code=303)
    role, now = Role(wanted), now_of(request)

    def write(db: Connection) -> str:
        if entrant_id is not None and entrant_id not in dict(people.entrant_names(db)):
            raise NotFoundException("no such entrant")  # and nothing is logged as done
        return accounts.invite(db, role, now, entrant_id=entrant_id)

    try:
        code = await audited(request, "account-invited", ("role", role.value), write, entrant=entrant_id)
    except NotFoundException:
        return Redirect("/accounts?problem=role", status_code=303)
    return await _list(request, page, link=accounts.invitation_link(base_url(request), code), role=role.value)


class LastAdministratorError(Exception):
    """Without this account nobody could manage accounts any more."""


@post("/accounts/{user_id:str}/disable", include_in_schema=False)
async def disable_account(
    request: Asked, page: NamedDependency[Page], user_id: FromPath[str]
) -> Response[str] | Redirect:
    """Keep an account from signing in, at once. The last administrator stays."""
    now = now_of(request)

    def write(db: Connection) -> None:
        user = users.user_of_id(db, user_id)
        if user is None:
            raise NotFoundException("no such account")
        if user.role == Role.ADMIN and users.count_working_admins(db) <= 1:
            raise LastAdministratorError
        users.change_disabled(db, user_id, now)
        sessions.remove_sessions_of(db, user_id)

    try:
        return await _changed(request, page, "account-disabled", user_id, write)
    except LastAdministratorError:
        return Redirect("/accounts?problem=last-admin", status_code=303)


@post("/accounts/{user_id:str}/enable", include_in_schema=False)
async def enable_account(
    request: Asked, page: NamedDependency[Page], user_id: FromPath[str]
) -> Response[str] | Redirect:
    """Let a disabled account sign in again."""

    def write(db: Connection) -> None:
        users.change_disabled(db, user_id, None)

    return await _changed(request, page, "account-enabled", user_id, write)


@post("/accounts/{user_id:str}/reset", include_in_schema=False, status_code=200)
async def reset_account(request: Asked, page: NamedDependency[Page], user_id: FromPath[str]) -> Response[str]:
    """Make a one-time code for a new password and show it, this once. A code made before it ends."""
    now = now_of(request)

    def write(db: Connection) -> str:
        code = password_reset.issue(db, user_id, now)
        if code is None:
            raise NotFoundException("no such account")
        return code

    try:
        code = await decided(request, "password-reset-issued", ("user", user_id), write, await fields_of(request))
    except DecidedMeanwhileError as error:
        return await _list(request, page, status=409, **refusal(error))
    return await _list(request, page, reset=(user_id, password_reset.reset_link(base_url(request), code), code))


@post("/accounts/{user_id:str}/second-factor", include_in_schema=False)
async def remove_factor(
    request: Asked, page: NamedDependency[Page], user_id: FromPath[str]
) -> Response[str] | Redirect:
    """Take the second step of signing in off an account. A repeat changes nothing."""

    def write(db: Connection) -> None:
        second_factors.remove(db, user_id)

    return await _changed(request, page, "second-factor-removed", user_id, write)


@post("/accounts/provider-links", include_in_schema=False, status_code=200)
async def link_account(request: Asked, page: NamedDependency[Page]) -> Response[str] | Redirect:
    """Let an account wait for the first sign-in of a person at the provider. What was typed stays if it cannot be."""
    fields, now = await fields_of(request), now_of(request)
    user_id, name = fields.get("account", "")[:64], fields.get("name", "")

    def write(db: Connection) -> None:
        vouching.link(db, user_id, name, now)

    try:
        await decided(request, "provider-link-made", ("user", user_id), write, fields)
    except (DecidedMeanwhileError, LinkProblemError) as error:
        status = 409 if isinstance(error, DecidedMeanwhileError) else 400
        return await _list(request, page, status=status, fields=fields, **refusal(error))
    return Redirect("/accounts", status_code=303)


@post("/accounts/{user_id:str}/provider-link", include_in_schema=False)
async def remove_link(request: Asked, page: NamedDependency[Page], user_id: FromPath[str]) -> Response[str] | Redirect:
    """Take the link to the provider off an account. A repeat changes nothing."""

    def write(db: Connection) -> None:
        provider_links.remove(db, user_id)

    return await _changed(request, page, "provider-link-removed", user_id, write)


async def _changed(
    request: Asked, page: Page, action: str, user_id: str, write: Callable[[Connection], None]
) -> Response[str] | Redirect:
    shown = partial(_list, request, page)
    return await done_or_shown(request, action, ("user", user_id), write, shown=shown, then="/accounts")


PROBLEMS = ("role", "last-admin")


async def _list(
    request: Asked,
    page: Page,
    *,
    wrong: str = "",
    link: str = "",
    role: str = "",
    reset: tuple[str, str, str] | None = None,
    fields: dict[str, str] | None = None,
    status: int = 200,
    **more: object,
) -> Response[str]:
    await viewed(request, "accounts-listed", ("users", "list"))
    provider = services_of(request).provider

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            basis, rows = last_entry(db), users.list_users(db)
            entrants, secured = people.entrant_names(db), second_factors.with_factor(db)
            links = provider_links.links(db)
        return page.html(
            "accounts.html",
            status=status,
            rows=rows,
            entrants=entrants,
            secured=secured,
            roles=ACCOUNT_ROLES,
            wrong=wrong,
            link=link,
            role=role,
            reset=reset,
            basis=basis,
            provider=provider.name if provider else "",
            links=links,
            linkable=_linkable(rows, links),
            fields=fields or {},
            **more,
        )

    return await asyncio.to_thread(read)


def _linkable(rows: Sequence[users.ListedUser], links: Sequence[provider_links.LinkRow]) -> list[tuple[str, str]]:
    """Return the accounts of the office that have no link, as a form offers them."""
    linked = {link.user_id for link in links}
    free = (row for row in rows if vouching.is_of_office(row) and row.id not in linked and row.disabled_at is None)
    return [(row.id, f"{row.name} ({row.username})") for row in free]


ROUTES = [
    account_list,
    invite,
    disable_account,
    enable_account,
    reset_account,
    remove_factor,
    link_account,
    remove_link,
]
