"""The second step of signing in: set up and taken off by its owner, and typed after the password."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from markupsafe import Markup
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries import second_factors as queries
from sync_server.database.queries import users
from sync_server.database.queries.audit_log import append_audit
from sync_server.people import kept_words, second_factor
from sync_server.people import sign_in as auth
from sync_server.people.enrolment_codes import qr_svg
from sync_server.people.secret import secret_hash
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audit_row,
    fields_of,
    now_of,
    own_path,
    services_of,
)
from sync_server.routes.dashboard.sign_in import entered, signed_in, too_many_tries
from sync_server.routes.dashboard.sign_in_form import sign_in_form

WRONG_CODE = N_("This code is not right, or was used before. Wait for the next one.")
TOO_LATE = N_("That took too long. Sign in again.")
ISSUER = "Assessment desk"


@get("/account/second-factor", include_in_schema=False)
async def factor_page(page: NamedDependency[Page]) -> Response[str]:
    """Show whether the account has a second step, and the way to it."""
    return await asyncio.to_thread(_page, page)


@post("/account/second-factor", include_in_schema=False, status_code=200)
async def factor_change(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Begin to set it up, confirm it with a code, or take it off with one. Wrong codes are slowed like passwords."""
    fields, now, account = await fields_of(request), now_of(request), account_of(request)
    act, code, services = fields.get("act", ""), fields.get("code", "")[:40], services_of(request)
    address = request.client.host if request.client else "unknown"
    if act == "begin":

        def begin(db: Connection) -> str:
            return "" if queries.has_factor(db, account.id) else second_factor.begin(db, account.id, now)

        secret = await services.writer.run(begin)
        return await asyncio.to_thread(_page, page, secret=secret)
    wait = await services.writer.run(lambda db: auth.reserve_try(db, account.username, address, now))
    if wait:
        seconds = math.ceil(wait.total_seconds())
        return await asyncio.to_thread(_page, page, problem=too_many_tries(seconds), status=429)

    def change(db: Connection) -> list[str] | None:
        if act == "confirm":
            codes = second_factor.confirm(db, account.id, code, now)
        else:
            codes = [] if second_factor.is_right(db, account.id, code, now) else None
            if codes is not None:
                queries.remove(db, account.id)
        if codes is not None:
            auth.succeed(db, account.username, address)
            action = audit_row(request, "second-factor-set", ("user", account.id), {})
            append_audit(db, [action if act == "confirm" else action._replace(action="second-factor-removed")])
        return codes

    codes = await services.writer.run(change)
    if codes is None:
        secret = await asyncio.to_thread(_unconfirmed, page) if act == "confirm" else ""
        return await asyncio.to_thread(_page, page, secret=secret, problem=sentence(WRONG_CODE), status=422)
    if act == "confirm":
        return await asyncio.to_thread(_page, page, codes=codes)
    return Redirect("/account/second-factor", status_code=303)


@post("/sign-in/code", include_in_schema=False, status_code=200)
async def sign_in_code(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Finish a sign-in with a code, after the password was right (TFA-4)."""
    form, now, services = await fields_of(request), now_of(request), services_of(request)
    pending, code = form.get("pending", "")[:100], form.get("code", "")[:40]
    kept = kept_words.read(form.get("kept", ""))
    onward = own_path(form.get("next", "/") if kept is None else kept.page)
    carried = "" if kept is None else kept_words.text_of(kept)
    address = request.client.host if request.client else "unknown"

    def find() -> users.UserRow | None:
        with services.database.reading() as db:
            username = queries.pending_user(db, secret_hash(pending), now)
            return None if username is None else users.user_named(db, username)

    user = await asyncio.to_thread(find)
    if user is None:
        late = sentence(TOO_LATE)
        return sign_in_form(page, problem=late, status=410, onward=onward, kept=carried)
    known = user

    def refuse(problem: Sentence, status: int) -> Response[str]:
        return page.html(
            "sign_in_code.html", status=status, problem=problem, pending=pending, next=onward, kept=carried
        )

    wait = await services.writer.run(lambda db: auth.reserve_try(db, known.username, address, now))
    if wait:
        seconds = math.ceil(wait.total_seconds())
        answer = refuse(too_many_tries(seconds), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def enter(db: Connection) -> str | None:
        if not second_factor.is_right(db, known.id, code, now):
            append_audit(db, [audit_row(request, "sign-in-failed", ("user", known.id), {"step": "code"})])
            return None
        queries.end_pending(db, secret_hash(pending))
        auth.succeed(db, known.username, address)
        return entered(db, request, known, kept)

    secret = await services.writer.run(enter)
    return refuse(sentence(WRONG_CODE), 401) if secret is None else signed_in(request, onward, secret)


def _unconfirmed(page: Page) -> str:
    with services_of(page.request).database.reading() as db:
        row = queries.factor_of(db, account_of(page.request).id)
    return "" if row is None or row.confirmed_at is not None else row.secret


def _page(
    page: Page,
    *,
    secret: str = "",
    codes: list[str] | None = None,
    problem: Sentence | None = None,
    status: int = 200,
) -> Response[str]:
    account, services = account_of(page.request), services_of(page.request)
    with services.database.reading() as db:
        row = queries.factor_of(db, account.id)
    address = second_factor.address_of(secret, account.username, ISSUER) if secret else ""
    return page.html(
        "second_factor.html",
        status=status,
        secret=secret,
        qr=Markup(qr_svg(address, "QR")) if secret else "",  # noqa: S704 - segno's own markup
        codes=codes,
        has_factor=row is not None and row.confirmed_at is not None,
        left=len(row.recovery) if row else 0,
        must=account.role.value in services.config.second_factor_roles,
        problem=problem,
    )


ROUTES = [factor_page, factor_change, sign_in_code]
