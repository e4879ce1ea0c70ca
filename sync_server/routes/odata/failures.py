"""Every failure of the OData door as OData has it: {"error": {"code", "message", "target", "details"}}, in English."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from sync_server.errors import RefusedError
from sync_server.exchange.odata.filter_words import QueryError
from sync_server.exchange.odata.formats import MINIMAL, version_for
from sync_server.routes.failures import failure_of

ROOT = "/odata/v4"
PREFIX = "/odata/"


def refused(error: QueryError) -> RefusedError:
    """Return how a query that cannot be answered is turned down."""
    details = [{"place": error.place, "code": "field-not-valid", "message": str(error.message)}]
    if error.is_offered:
        return RefusedError("query-not-valid", error.message, details=details)
    return RefusedError("query-not-offered", error.message, details=details)


def version_of(request: Request[Any, Any, Any]) -> str:
    """Return the version that the answer speaks, the latest there is where the client's cannot be met."""
    return version_for(request.headers.get("odata-maxversion", "4.01").strip()) or "4.01"


def reply_to(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the reply to `request`, which failed of `error`."""
    known = refused(error) if isinstance(error, QueryError) else error
    failure = failure_of(known, str(request.scope.get("path_template", "")))
    told: dict[str, object] = {"code": failure.code, "message": str(failure.message)}
    details = [{"code": one["code"], "message": one["message"], "target": one["place"]} for one in failure.details]
    if details:
        told |= {"target": details[0]["target"], "details": details}
    headers = {**failure.headers, "OData-Version": version_of(request)}
    body = msgspec.json.encode({"error": told})
    return Response(body, status_code=failure.status, headers=headers, media_type=MINIMAL)


HANDLERS: ExceptionHandlersMap = {Exception: reply_to}
