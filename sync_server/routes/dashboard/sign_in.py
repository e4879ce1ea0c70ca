"""Signing in and out, the invitation that makes an account, and the choice of language and colours."""

from __future__ import annotations

import asyncio
import math
import re
from typing import Any, cast

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, Language, Sentence, sentence
from sync_server.database.engine import Database
from sync_server.database.queries import invitations, second_factors, users
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.pages.drawing import THEMES
from sync_server.pages.navigation import first_page
from sync_server.people import accounts, kept_words, passwords, second_factor, sessions
from sync_server.people import sign_in as auth
from sync_server.people.secret import secret_hash
from sync_server.routes.dashboard.page import (
    A_YEAR_S,
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    Asked,
    Page,
    audit_row,
    audited,
    cookie,
    now_of,
    own_path,
    request_id,
    services_of,
    session_lasts,
)
from sync_server.routes.dashboard.sign_in_form import sign_in_form
from sync_server.routes.gate import SESSION_COOKIE, VISIT_COOKIE

WRONG = N_("The user name or the password is not right.")
USERNAME = re.compile(r"[a-z0-9][a-z0-9.@_-]{1,63}")


@get("/", include_in_schema=False, sync_to_thread=False)
def home(page: NamedDependency[Page]) -> Redirect:
    """Go to the first page the reader may open, or to sign-in."""
    session = page.reader.session
    return Redirect(first_page(session.account.role) if session else "/sign-in", status_code=303)


@get("/sign-in", include_in_schema=False)
async def sign_in_page(page: NamedDependency[Page], next: FromQuery[str] = "/") -> Response[str]:  # noqa: A002 - its name in the address
    """Show the sign-in form. `next` is where to go afterwards, on this site only."""
    return sign_in_form(page, onward=own_path(next))


@post("/sign-in", include_in_schema=False, status_code=200)
async def sign_in(request: Asked, page: NamedDependency[Page]) -> Response[str] | Redirect:
    """Sign in. One sentence for every reason it fails, and longer waits after each failure (THR, AUTH-1)."""
    form = await request.form()
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    kept = kept_words.read(str(form.get("kept", "")))
    onward = own_path(str(form.get("next", "/")) if kept is None else kept.page)
    services, now = services_of(request), now_of(request)
    address = request.client.host if request.client else "unknown"

    def refuse(problem: Sentence, status: int) -> Response[str]:
        carried = "" if kept is None else kept_words.text_of(kept)
        return sign_in_form(page, problem=problem, status=status, username=username, onward=onward, kept=carried)

    wait = await services.writer.run(lambda db: auth.reserve_try(db, username, address, now))
    if wait:
        seconds = math.ceil(wait.total_seconds())
        answer = refuse(too_many_tries(seconds), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def check() -> users.UserRow | None:
        with services.database.reading() as db:
            user = users.user_named(db, username)
        return user if auth.password_is_right(user, password) else None

    user = await asyncio.to_thread(check)
    if user is None:
        failed = audit_row(request, "sign-in-failed", ("user", secret_hash(username.lower())[:16]), {})
        await services.writer.run(lambda db: append_audit(db, [failed]))
        return refuse(sentence(WRONG), 401)
    stronger = passwords.hashed(password) if passwords.is_outdated(user.password_hash) else None

    def enter(db: Connection) -> tuple[str, bool]:
        if stronger:
            users.change_password_hash(db, user.id, stronger)
        if second_factors.has_factor(db, user.id):
            return second_factor.ask_for_code(db, user.id, now), True
        auth.succeed(db, user.username, address)
        return entered(db, request, user, kept), False

    secret, waits_for_code = await services.writer.run(enter)
    if waits_for_code:
        carried = "" if kept is None else kept_words.text_of(kept)
        return page.html("sign_in_code.html", pending=secret, next=onward, kept=carried)
    return signed_in(request, onward, secret)


@post("/sign-out", include_in_schema=False)
async def sign_out(request: Asked) -> Redirect:
    """End this session, here and in the table."""
    session = request.user
    if session is not None:
        await audited(
            request, "signed-out", ("user", session.account.id), lambda db: sessions.close_session(db, session)
        )
    answer = Redirect("/sign-in", status_code=303)
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


@get("/invitation/{code:str}", include_in_schema=False)
async def invitation_page(request: Asked, page: NamedDependency[Page], code: FromPath[str]) -> Response[str]:
    """Show the form that makes the invited account, while the link is good."""
    return await asyncio.to_thread(_invitation, request, page, code)


@post("/invitation/{code:str}", include_in_schema=False, status_code=200)
async def accept_invitation(
    request: Asked, page: NamedDependency[Page], code: FromPath[str]
) -> Response[str] | Redirect:
    """Make the account and sign in with it. A link works once. Tries are slowed like sign-in (AUTH-4)."""
    services, now = services_of(request), now_of(request)

    def draw(**values: Any) -> Response[str]:
        return _invitation(request, page, code, **values)

    closed = await asyncio.to_thread(draw)
    if closed.status_code == 410:
        return closed
    form = await request.form()
    name, username = str(form.get("name", "")).strip()[:100], str(form.get("username", "")).strip().lower()
    password, again = str(form.get("password", "")), str(form.get("again", ""))
    typed = {"name": name, "username": username}
    address = request.client.host if request.client else "unknown"
    if wait := await services.writer.run(lambda db: auth.reserve_acceptance(db, address, now)):
        seconds = math.ceil(wait.total_seconds())
        answer = await asyncio.to_thread(lambda: draw(problem=too_many_tries(seconds), status=429, **typed))
        answer.headers["Retry-After"] = str(seconds)
        return answer
    if problem := await asyncio.to_thread(_problem_with, services.database, username, password, again):
        return await asyncio.to_thread(lambda: draw(problem=problem, **typed))
    kept = await asyncio.to_thread(passwords.hashed, password)

    def accept(db: Connection) -> str | None:
        user = accounts.accept_invitation(
            db, code, username=username, name=name, password_hash=kept, language=page.reader.language, now=now
        )
        if user is None:
            return None
        append_audit(db, [by_account(request, user.id, "account-made", {"role": user.role})])
        replacing = request.cookies.get(SESSION_COOKIE)
        return sessions.open_session(db, user.id, now, lasts=session_lasts(request), replacing=replacing)

    secret = await services.writer.run(accept)
    if secret is None:
        return await asyncio.to_thread(draw)
    return signed_in(request, "/", secret)


@post("/preferences", include_in_schema=False)
async def preferences(request: Asked) -> Redirect:
    """Keep the language or the colours, in a cookie and, of an account, its language for everywhere."""
    form = await request.form()
    answer = Redirect(own_path(str(form.get("next", "/"))), status_code=303)
    language, theme = form.get("language"), form.get("theme")
    if language in ("en", "zh-Hant"):
        answer.set_cookie(cookie(request, LANGUAGE_COOKIE, language, max_age_s=A_YEAR_S))
        if request.user is not None:
            user_id, chosen = request.user.account.id, cast("Language", language)
            await services_of(request).writer.run(lambda db: users.change_language(db, user_id, chosen))
    if theme in THEMES:
        answer.set_cookie(cookie(request, THEME_COOKIE, theme, max_age_s=A_YEAR_S))
    return answer


def entered(
    db: Connection, request: Asked, user: users.UserRow, kept: kept_words.KeptWords | None, *, by: str = ""
) -> str:
    """Open the session of whoever has shown all that is asked for, and return its secret.

    `by` is how, where it was not by the password.
    """
    append_audit(db, [by_account(request, user.id, "signed-in", {"by": by} if by else {})])
    replacing = request.cookies.get(SESSION_COOKIE)
    secret = sessions.open_session(db, user.id, now_of(request), lasts=session_lasts(request), replacing=replacing)
    if kept is not None and kept.by == user.id:
        sessions.keep_words(db, secret, kept)
    return secret


def by_account(request: Asked, user_id: str, action: str, details: dict[str, object]) -> AuditRow:
    """Return the entry for what an account does that has no session yet."""
    return AuditRow(
        at=now_of(request),
        actor_kind="user",
        actor_id=user_id,
        action=action,
        subject_kind="user",
        subject_id=user_id,
        details=details,
        request_id=request_id(request),
    )


def signed_in(request: Asked, onward: str, secret: str) -> Redirect:
    """Return the way on for whoever has a session now."""
    answer = Redirect(onward, status_code=303)
    answer.set_cookie(cookie(request, SESSION_COOKIE, secret))
    answer.delete_cookie(VISIT_COOKIE, path="/")
    return answer


def too_many_tries(seconds: int) -> Sentence:
    """Return what somebody who must wait is told."""
    return sentence(N_("Too many tries. Please wait {seconds} s and try again."), seconds=seconds)


def _problem_with(database: Database, username: str, password: str, again: str) -> Sentence | None:
    """Return why no account can be made of what was typed."""
    if not USERNAME.fullmatch(username):
        return sentence(N_("Choose a user name of 2 to 64 small letters, digits, dots or hyphens."))
    with database.reading() as db:
        if users.user_named(db, username):
            return sentence(N_("This user name is taken. Choose another one."))
    if password != again:
        return sentence(N_("The two passwords are not the same."))
    return passwords.problem_with(password, username)


def _invitation(
    request: Asked,
    page: Page,
    code: str,
    *,
    problem: Sentence | None = None,
    name: str = "",
    username: str = "",
    status: int = 200,
) -> Response[str]:
    with services_of(request).database.reading() as db:
        row = invitations.open_invitation(db, secret_hash(code), now_of(request))
    return page.html(
        "invitation.html",
        status=status if row else 410,
        open=row is not None,
        role=accounts.role_of(row.role, reads_only=row.reads_only) if row else "",
        problem=problem,
        name=name,
        username=username,
    )


ROUTES = [home, sign_in_page, sign_in, sign_out, invitation_page, accept_invitation, preferences]
