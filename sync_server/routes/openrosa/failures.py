"""Every failure of the OpenRosa door as a message that the phone shows, in English."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from checklists.language import N_, sentence
from sync_server.errors import RefusedError
from sync_server.exchange.openrosa.documents import answer
from sync_server.exchange.openrosa.submission import NotASubmissionError
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.failures import failure_of

TOO_LARGE = N_("This is more than the {limit} MB that one request may bring. Send fewer files, or smaller ones.")
ROOT = "/openrosa"
PREFIX = "/openrosa/"
SUBMISSION = "/openrosa/submission"
CONTENT_TYPE = "text/xml"  # the framework adds the charset
HEADERS = {"X-OpenRosa-Version": "1.0"}
ACCEPTED_BYTES = FILE_DOORS[SUBMISSION] - 1_000_000  # what stands between the parts takes the rest


def accepted_length() -> dict[str, str]:
    """Return the header that says how much one request may bring."""
    return {"X-OpenRosa-Accept-Content-Length": str(ACCEPTED_BYTES)}


def reply_to(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the reply to `request`, which failed of `error`."""
    known = RefusedError("request-not-valid", error.message) if isinstance(error, NotASubmissionError) else error
    failure = failure_of(known, str(request.scope.get("path_template", "")))
    message = sentence(TOO_LARGE, limit=ACCEPTED_BYTES // 1_000_000) if failure.status == 413 else failure.message
    headers = {**failure.headers, **HEADERS, **accepted_length()}
    body = b"" if request.method == "HEAD" else answer(str(message), nature="error")
    return Response(body, status_code=failure.status, headers=headers, media_type=CONTENT_TYPE)


HANDLERS: ExceptionHandlersMap = {Exception: reply_to}
