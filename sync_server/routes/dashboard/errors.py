"""When a page cannot be shown: plain sentences, in the reader's language, with a way on. Devices get JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.config.app import AppConfig
from litestar.response import Redirect

from checklists.language import N_, Sentence, Template, sentence
from sync_server.people.kept_words import text_of
from sync_server.routes.api.failures import reply_to
from sync_server.routes.bounds import FILE_DOORS, FORM_BYTES
from sync_server.routes.calendar import PREFIX as CALENDAR_PREFIX
from sync_server.routes.catalogue import FAULT, UNREADABLE
from sync_server.routes.dashboard.page import Asked, page_of, request_id
from sync_server.routes.dashboard.sign_in_form import sign_in_form
from sync_server.routes.failures import Failure, failure_of
from sync_server.routes.gate import FormExpiredError, SecondFactorNeededError, SignInNeededError, session_now
from sync_server.routes.odata.failures import PREFIX as ODATA_PREFIX
from sync_server.routes.odata.failures import reply_to as odata_reply
from sync_server.routes.openrosa.failures import PREFIX as OPENROSA_PREFIX
from sync_server.routes.openrosa.failures import reply_to as openrosa_reply

API_PREFIX = "/api/"
# Under which addresses a failure without a route is answered as its neighbours answer.
REPLIES = (
    (API_PREFIX, reply_to),
    (ODATA_PREFIX, odata_reply),
    (OPENROSA_PREFIX, openrosa_reply),
    (CALENDAR_PREFIX, reply_to),
)


def plug(app: AppConfig) -> None:
    """Answer every error of a page with a page. The API's own handlers, nearer to its routes, come first."""
    app.exception_handlers.setdefault(SignInNeededError, sign_in_first)
    app.exception_handlers.setdefault(FormExpiredError, form_expired)
    app.exception_handlers.setdefault(SecondFactorNeededError, second_factor_first)
    app.exception_handlers.setdefault(Exception, failed)


def sign_in_first(request: Asked, error: SignInNeededError) -> Response[Any]:
    """Send a reader to sign-in and back afterwards; a script and a device read 401."""
    is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "text/html")
    if is_page and not request.url.path.startswith((API_PREFIX, "/events", "/assessments/rows")):
        onward = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(f"/sign-in?next={quote(onward, safe='')}", status_code=303)
    if error.words is not None:
        words = error.words
        return sign_in_form(page_of(request), status=401, onward=words.page, kept=text_of(words))
    return failed(request, error)


def second_factor_first(_request: Asked, _error: SecondFactorNeededError) -> Response[Any]:
    """Lead to the page where it is set up."""
    return Redirect("/account/second-factor", status_code=303)


def form_expired(request: Asked, error: FormExpiredError) -> Response[Any]:
    """Send whoever used an old page back to it, with the words; anybody else reads that the form has expired."""
    return failed(request, error) if error.words is None else Redirect(error.words.page, status_code=303)


def failed(request: Asked, error: Exception) -> Response[Any]:
    """Show the error's page; under the prefix of other doors, where no route was found, answer as those do."""
    for prefix, reply in REPLIES:
        if request.url.path.startswith(prefix):
            return reply(request, error)
    failure = failure_of(error, str(request.scope.get("path_template", "")))
    if "user" not in request.scope:
        # No route, so no gate: find out who reads, for the pages at the side.
        request.scope["user"] = session_now(request)
    title, words = _page_of(failure, request.url.path)
    is_signed_out = failure.status == 401
    page = page_of(request).html(
        "error.html",
        status=failure.status,
        title=sentence(title),
        message=words,
        request_id=request_id(request) if failure.status >= 500 else "",
        back="/sign-in" if is_signed_out else "/",
        back_name=N_("Sign in") if is_signed_out else N_("To the first page"),
    )
    page.headers.update(failure.headers)
    return page


def _page_of(failure: Failure, path: str = "") -> tuple[Template, Sentence]:
    """Return title and words; a code without a page of its own says its sentence under the title of its kind."""
    page = failure.entry.page
    if page is None:
        return (FAULT if failure.status >= 500 else UNREADABLE).title, failure.message
    limit = f"{FILE_DOORS.get(path, FORM_BYTES) / 1_000_000:g}"  # the one thing that a page's words say of its door
    return page.title, sentence(
        page.words, **{**failure.values, "limit": limit}
    ) if page.words else failure.entry.message()
