"""What every page handler starts from: the reader, the reply, the audited write."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.enums import MediaType
from sqlalchemy import Connection

from checklists.language import LANGUAGES, Language
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.machine.prefixed import ADDRESSED_AT
from sync_server.pages.desk_notices import NO_NOTICES
from sync_server.pages.drawing import THEMES, Reader, render
from sync_server.pages.languages import language_of_header
from sync_server.pages.switcher import LISTED
from sync_server.people.accounts import Account
from sync_server.people.permissions import STAFF, page_of_form
from sync_server.people.sessions import Session
from sync_server.review.basis import basis_of, check_basis
from sync_server.routes.gate import EDITION, NOTICES, SAFE_METHODS, VISIT_COOKIE, SignInNeededError
from sync_server.services import Services

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
A_YEAR_S = 365 * 24 * 3600

Asked = Request[Session | None, Any, State]
Result = TypeVar("Result")


def services_of(request: Asked) -> Services:
    """Return the parts of the running server."""
    services: Services = request.app.state.services
    return services


def reader_of(request: Asked) -> Reader:
    """Return who reads, and how: from the session, the cookies and what the browser prefers."""
    session: Session | None = request.scope.get("user")
    # A page that answers a form is that form's: links back to it must be addresses that can be opened.
    path = request.url.path if request.method in SAFE_METHODS else page_of_form(request.url.path)
    kept = session.kept_words if session and request.method in SAFE_METHODS else None
    return Reader(
        session=session,
        language=_language(request, session),
        theme=theme if (theme := request.cookies.get(THEME_COOKIE, "auto")) in THEMES else "auto",
        csrf=session.csrf if session else (request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(32)),
        path=path,
        query=f"?{request.url.query}" if request.url.query and path == request.url.path else "",
        zone=ZoneInfo(services_of(request).config.time_zone),
        typed=kept.fields if kept is not None and kept.page == path else None,
        notices=request.scope.get("state", {}).get(NOTICES, NO_NOTICES),
        edition=request.scope.get("state", {}).get(EDITION),
        editions=request.scope.get("state", {}).get(LISTED, ()) if session and session.account.role in STAFF else (),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """The page a request is answered with: drawn for its reader, in the frame of every page."""

    request: Asked
    reader: Reader

    def html(self, template: str, *, status: int = 200, **values: Any) -> Response[str]:
        """Return the drawn page; a visitor is given the cookie its forms are checked against.

        Drawing takes a while: call it off the event loop where the page is long.
        """
        reply = Response(render(self.reader, template, **values), status_code=status, media_type=MediaType.HTML)
        if self.reader.session is None and self.request.cookies.get(VISIT_COOKIE) != self.reader.csrf:
            reply.set_cookie(cookie(self.request, VISIT_COOKIE, self.reader.csrf))
        return reply


def page_of(request: Asked) -> Page:
    """Return the page for whoever asks."""
    return Page(request, reader_of(request))


def cookie(request: Asked, name: str, value: str, *, max_age_s: int | None = None) -> Cookie:
    """Return a cookie no script can read; over TLS it never leaves TLS. Without `max_age_s` the browser forgets it."""
    secure = services_of(request).config.is_https or request.url.scheme == "https"
    return Cookie(key=name, value=value, path="/", httponly=True, samesite="lax", secure=secure, max_age=max_age_s)


async def audited(
    request: Asked, action: str, subject: tuple[str, str], write: Callable[[Connection], Result], /, **details: object
) -> Result:
    """Do `write` and log it, in one transaction; return its result once both are durable."""
    row = audit_row(request, action, subject, details)

    def both(db: Connection) -> Result:
        result = write(db)
        append_audit(db, [row])
        return result

    return await services_of(request).writer.run(both)


async def decided(
    request: Asked,
    action: str,
    subject: tuple[str, str],
    write: Callable[[Connection], Result],
    form: Mapping[str, str],
    /,
    **details: object,
) -> Result:
    """As `audited`, unless something was done about `subject` since the page with this `form` was read (BAS).

    Raises:
        sync_server.review.basis.DecidedMeanwhileError: it was, and nothing is written.
    """
    basis = basis_of(form.get("basis", ""), account_of(request).id)

    def on_its_basis(db: Connection) -> Result:
        check_basis(db, subject, basis)
        return write(db)

    return await audited(request, action, subject, on_its_basis, **details)


async def viewed(request: Asked, action: str, subject: tuple[str, str], /, **details: object) -> None:
    """Log that personal data is about to be shown. Returns once the entry is durable; only then show it."""
    row = audit_row(request, action, subject, details)
    await services_of(request).writer.run(lambda db: append_audit(db, [row]))


def audit_row(request: Asked, action: str, subject: tuple[str, str], details: Mapping[str, object]) -> AuditRow:
    """Return the entry for what the signed-in account (or the server, for a visitor) does."""
    session: Session | None = request.scope.get("user")
    return AuditRow(
        at=services_of(request).clock(),
        actor_kind="user" if session else "system",
        actor_id=session.account.id if session else "visitor",
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        details={name: value for name, value in details.items() if value not in ("", None)},
        request_id=request_id(request),
    )


def download(body: bytes, name: str, media_type: str) -> Response[bytes]:
    """Return a file that the browser keeps under `name`, and nobody on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


async def fields_of(request: Asked) -> dict[str, str]:
    """Return the words of the form that was sent, by field; files are left out."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def account_of(request: Asked) -> Account:
    """Return the account that is signed in.

    Raises:
        SignInNeededError: nobody is; the gate lets no such call through to a route that needs an account.
    """
    if request.user is None:
        raise SignInNeededError("sign in first")
    return request.user.account


def request_id(request: Asked) -> str:
    """Return the number of this request in the server's own log, or nothing where none was given."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def base_url(request: Asked) -> str:
    """Return the address people reach this server at: the configured one, or the one this request used."""
    below = request.scope.get("state", {}).get(ADDRESSED_AT, "")
    return services_of(request).config.public_url or f"{request.url.scheme}://{request.url.netloc}{below}"


def own_path(address: str) -> str:
    """Return `address` if it is a path of this site, else "/": a link may not send a reader elsewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return address if is_own and all(character >= " " for character in address) else "/"


def session_lasts(request: Asked) -> timedelta:
    """Return how long a session lives without being used."""
    return timedelta(hours=services_of(request).config.session_h)


def now_of(request: Asked) -> datetime:
    """Return this moment by the server's clock."""
    return services_of(request).clock()


def _language(request: Asked, session: Session | None) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    for language in LANGUAGES:
        if chosen == language:
            return language
    if session is not None:
        return session.account.language
    return language_of_header(request.headers.get("accept-language", ""))
