"""The reader's own account: who it is, and changing its password."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries import closing, users
from sync_server.database.queries.people import assessor_names
from sync_server.people import passwords, sessions, sign_in
from sync_server.people.permissions import STAFF
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audited,
    cookie,
    now_of,
    services_of,
    session_lasts,
)
from sync_server.routes.gate import SESSION_COOKIE


@get("/account", include_in_schema=False)
async def account_page(
    request: Asked, page: NamedDependency[Page], changed: FromQuery[bool] = False, declared: FromQuery[bool] = False
) -> Response[str]:
    """Show the account, the form for another password, and for the office that of its ties."""
    return await _drawn(request, page, changed=changed, declared=declared)


@post("/account/ties", include_in_schema=False)
async def declare_ties(request: Asked) -> Redirect:
    """Keep which organisations the account is tied to, and under which code it also assesses (SGN-4)."""
    form, account, now = await request.form(), account_of(request), now_of(request)
    named = {str(value) for key, value in form.multi_items() if key == "organisation"}
    code = str(form.get("assessor", "")).strip()

    def write(db: Connection) -> None:
        known, assessors = set(closing.organisations(db)), {each[0] for each in assessor_names(db)}
        kept = closing.Declaration(tuple(sorted(named & known)), code if code in assessors else None, now)
        closing.add_declaration(db, account.id, kept)

    await audited(request, "ties-declared", ("user", account.id), write, organisations=sorted(named)[:50])
    return Redirect("/account?declared=true", status_code=303)


async def _drawn(
    request: Asked,
    page: Page,
    *,
    problem: Sentence | None = None,
    changed: bool = False,
    declared: bool = False,
    status: int = 200,
) -> Response[str]:
    account = account_of(request)

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            ties = None
            if account.role in STAFF:
                ties = {
                    "organisations": closing.organisations(db),
                    "names": closing.names_of_organisations(db),
                    "assessors": assessor_names(db),
                    "last": closing.declaration_of(db, account.id),
                }
        return page.html("account.html", status=status, problem=problem, changed=changed, declared=declared, ties=ties)

    return await asyncio.to_thread(read)


@post("/account/password", include_in_schema=False, status_code=200)
async def new_password(request: Asked, page: NamedDependency[Page]) -> Response[str] | Redirect:
    """Change the password; every other browser of the account is signed out. Wrong tries are slowed like sign-in."""
    account = account_of(request)
    form = await request.form()
    current, password = str(form.get("current", "")), str(form.get("password", ""))
    services, now = services_of(request), now_of(request)
    address = request.client.host if request.client else "unknown"
    wait = await services.writer.run(lambda db: sign_in.reserve_try(db, account.username, address, now))

    def check() -> Sentence | None:
        with services.database.reading() as db:
            user = users.user_of_id(db, account.id)
        if not sign_in.password_is_right(user, current):
            return sentence(N_("The present password is not right."))
        if password != str(form.get("again", "")):
            return sentence(N_("The two passwords are not the same."))
        return passwords.problem_with(password, account.username)

    if wait:
        seconds = int(wait.total_seconds()) + 1
        problem = sentence(N_("Too many tries. Please wait {seconds} s and try again."), seconds=seconds)
        return await _drawn(request, page, status=429, problem=problem)
    if (wrong := await asyncio.to_thread(check)) is not None:
        return await _drawn(request, page, status=422, problem=wrong)
    kept = await asyncio.to_thread(passwords.hashed, password)

    def change(db: Connection) -> str:
        sign_in.succeed(db, account.username, address)
        return sessions.change_password(db, account, kept, now, lasts=session_lasts(request))

    secret = await audited(request, "password-changed", ("user", account.id), change)
    answer = Redirect("/account?changed=true", status_code=303)
    answer.set_cookie(cookie(request, SESSION_COOKIE, secret))
    return answer


ROUTES = [account_page, new_password, declare_ties]
