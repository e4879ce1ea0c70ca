"""A new password by a one-time code: the page whoever forgot the old one opens."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries.audit_log import append_audit
from sync_server.people import password_reset, passwords
from sync_server.routes.dashboard.page import Asked, Page, audit_row, fields_of, now_of, services_of

NOT_GOOD = N_("This code was used or has expired, or it is not complete. Ask an administrator for a new one.")


@get("/reset", include_in_schema=False)
async def reset_page(page: NamedDependency[Page]) -> Response[str]:
    """Show the form. A link brings its code behind the `#`, where the page reads it and the server does not."""
    return _page(page)


@post("/reset", include_in_schema=False, status_code=200)
async def reset_password(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Keep the new password if the code is good. Codes that are not are slowed down by address (RST-3)."""
    form = await fields_of(request)
    code, password = form.get("code", "").strip(), form.get("password", "")
    services, now = services_of(request), now_of(request)
    address = request.client.host if request.client else "unknown"
    if password != form.get("again", ""):
        return _page(page, code=code, problem=sentence(N_("The two passwords are not the same.")), status=422)
    if problem := passwords.problem_with(password, ""):
        return _page(page, code=code, problem=problem, status=422)
    if wait_s := await services.writer.run(lambda db: password_reset.reserve_try(db, address, now)):
        late = sentence(N_("Too many tries. Please wait {seconds} s and try again."), seconds=wait_s)
        answer = _page(page, code=code, problem=late, status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer

    def is_good() -> bool:
        with services.database.reading() as db:
            return password_reset.user_of(db, code, now) is not None

    # Hashing costs a tenth of a second: only for a code that is good.
    if not await asyncio.to_thread(is_good):
        return _page(page, code=code, problem=sentence(NOT_GOOD), status=410)
    kept = await asyncio.to_thread(passwords.hashed, password)

    def use(db: Connection) -> bool:
        user = password_reset.use(db, code, kept, now, address=address)
        if user is None:
            return False
        row = audit_row(request, "password-reset", ("user", user.id), {})
        append_audit(db, [row._replace(actor_kind="user", actor_id=user.id)])
        return True

    if not await services.writer.run(use):
        return _page(page, code=code, problem=sentence(NOT_GOOD), status=410)
    return _page(page, done=True)


def _page(
    page: Page, *, code: str = "", problem: Sentence | None = None, done: bool = False, status: int = 200
) -> Response[str]:
    return page.html("reset.html", status=status, code=code, problem=problem, done=done)


ROUTES = [reset_page, reset_password]
