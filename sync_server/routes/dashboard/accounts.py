"""Accounts of the dashboard, for administrators: who has one, inviting, disabling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from sync_server.database.queries import people, sessions, users
from sync_server.database.queries.audit_log import last_entry
from sync_server.people import accounts, password_reset
from sync_server.people.permissions import ACCOUNT_ROLES, ENTRANTS, Role
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
    status: int = 200,
    **more: object,
) -> Response[str]:
    await viewed(request, "accounts-listed", ("users", "list"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            basis, rows = last_entry(db), users.list_users(db)
            entrants = people.entrant_names(db)
        return page.html(
            "accounts.html",
            status=status,
            rows=rows,
            entrants=entrants,
            roles=ACCOUNT_ROLES,
            wrong=wrong,
            link=link,
            role=role,
            reset=reset,
            basis=basis,
            **more,
        )

    return await asyncio.to_thread(read)


ROUTES = [account_list, invite, disable_account, enable_account, reset_account]
