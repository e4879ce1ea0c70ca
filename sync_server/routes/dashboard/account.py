"""The reader's own account: who it is, and changing its password."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries import users
from sync_server.people import passwords, sessions, sign_in
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
async def account_page(page: NamedDependency[Page], changed: FromQuery[bool] = False) -> Response[str]:
    """Show the account and the form for another password."""
    return page.html("account.html", problem=None, changed=changed)


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
        return page.html("account.html", status=429, problem=problem, changed=False)
    if (wrong := await asyncio.to_thread(check)) is not None:
        return page.html("account.html", status=422, problem=wrong, changed=False)
    kept = await asyncio.to_thread(passwords.hashed, password)

    def change(db: Connection) -> str:
        sign_in.succeed(db, account.username, address)
        return sessions.change_password(db, account, kept, now, lasts=session_lasts(request))

    secret = await audited(request, "password-changed", ("user", account.id), change)
    answer = Redirect("/account?changed=true", status_code=303)
    answer.set_cookie(cookie(request, SESSION_COOKIE, secret))
    return answer


ROUTES = [account_page, new_password]
