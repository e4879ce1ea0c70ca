"""Every failure of the API as {"code", "message", "details"}, in English."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.types import ExceptionHandlersMap

from sync_server.routes.failures import Failure, failure_of


def body_of(failure: Failure) -> bytes:
    """Return the body of the reply."""
    return msgspec.json.encode({"code": failure.code, "message": str(failure.message), "details": failure.details})


def reply_to(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the reply to `request`, which failed of `error`."""
    failure = failure_of(error, str(request.scope.get("path_template", "")))
    return Response(body_of(failure), status_code=failure.status, headers=failure.headers, media_type=MediaType.JSON)


HANDLERS: ExceptionHandlersMap = {Exception: reply_to}
