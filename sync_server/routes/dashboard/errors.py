"""When a page cannot be shown: plain sentences, in the reader's language, with a way on. Devices get JSON."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from checklists.language import N_, Template, sentence
from sync_server.database.writer import StorageFullError, TooBusyError
from sync_server.routes.dashboard.page import Asked, html, reader_of, request_id
from sync_server.routes.gate import FormExpiredError, NotAllowedError, SignInNeededError, session_now

_log = logging.getLogger(__name__)

API_PREFIX = "/api/"

# By status; 419 is the page of an expired form, sent as 403.
PAGES: Mapping[int, tuple[Template, Template]] = {
    400: (
        N_("This cannot be read"),
        N_("Something in the address or the form is not as it should be. Go back and try again."),
    ),
    401: (
        N_("You are not signed in any more"),
        N_("Nothing was changed: a sign-in ends after some hours. Sign in, open the page again and repeat it."),
    ),
    403: (
        N_("Not for this account"),
        N_("Your role may not open this page or do this. An administrator can tell you who may."),
    ),
    404: (N_("There is nothing here"), N_("The address is wrong, or what was here is not yours to see.")),
    405: (N_("This cannot be done here"), N_("This address answers another kind of request.")),
    413: (N_("Too large"), N_("What was sent is larger than the server takes.")),
    419: (
        N_("This form has expired"),
        N_("Nothing was changed: you were signed out since the page was opened. Open it again and repeat it."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("The fault is the server's, not yours, and it was noted. Nothing was half done. Try again in a moment."),
    ),
    503: (N_("Busy just now"), N_("The server has more to write than it can. Try again in a few seconds.")),
    507: (
        N_("The server's disk is full"),
        N_("Nothing was changed. Whoever runs the server must make room; then repeat it."),
    ),
}


def plug(app: AppConfig) -> None:
    """Answer every error of a page with a page. The API's own handlers, nearer to its routes, come first."""
    handlers: dict[Any, Any] = {
        SignInNeededError: sign_in_first,
        FormExpiredError: form_expired,
        HTTPException: failed,
        TooBusyError: busy,
        StorageFullError: disk_full,
        Exception: broken,
    }
    for kind, handler in handlers.items():
        app.exception_handlers.setdefault(kind, handler)


def sign_in_first(request: Asked, error: SignInNeededError) -> Response[Any]:
    """Send a reader to sign-in and back afterwards; a script and a device read 401."""
    is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "text/html")
    if is_page and not request.url.path.startswith((API_PREFIX, "/events", "/assessments/rows")):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(f"/sign-in?next={quote(asked, safe='')}", status_code=303)
    return _answer(request, 401, "sign-in-needed", error.detail)


def form_expired(request: Asked, error: FormExpiredError) -> Response[Any]:
    """Say that the form is too old; nothing was changed."""
    return _answer(request, 403, "form-expired", error.detail, page=419)


def failed(request: Asked, error: HTTPException) -> Response[Any]:
    """Show the page of the error's status."""
    code = "not-allowed" if isinstance(error, NotAllowedError) else HTTPStatus(error.status_code).phrase
    answer = _answer(request, error.status_code, code.lower().replace(" ", "-"), error.detail)
    answer.headers.update(error.headers or {})
    return answer


def busy(request: Asked, _error: TooBusyError) -> Response[Any]:
    """Ask to come back in a moment."""
    answer = _answer(request, 503, "busy", "too many writes wait; try again")
    answer.headers["Retry-After"] = "1"
    return answer


def disk_full(request: Asked, _error: StorageFullError) -> Response[Any]:
    """Say that nothing was kept."""
    return _answer(request, 507, "storage-full", "the disk is full; nothing was kept")


def broken(request: Asked, error: Exception) -> Response[Any]:
    """Note the fault with its trace and say so without a detail."""
    _log.error("unexpected fault on %s", request.scope.get("path_template", "?"), exc_info=error)
    return _answer(request, 500, "server-fault", "an unexpected fault on the server; it was noted")


def _answer(request: Asked, status: int, code: str, message: str, *, page: int | None = None) -> Response[Any]:
    if request.url.path.startswith(API_PREFIX):
        return Response({"code": code, "message": message, "details": []}, status_code=status)
    title, words = PAGES.get(page or status, PAGES[500] if status >= 500 else PAGES[400])
    if "user" not in request.scope:
        # No route, so no gate: find out who reads, for the pages at the side.
        request.scope["user"] = session_now(request)
    reader = reader_of(request)
    return html(
        request,
        reader,
        "error.html",
        status=status,
        title=sentence(title),
        message=sentence(words),
        request_id=request_id(request) if status >= 500 else "",
        back="/sign-in" if status == 401 else "/",
        back_name=N_("Sign in") if status == 401 else N_("To the first page"),
    )
