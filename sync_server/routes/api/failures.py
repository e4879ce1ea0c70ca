"""Every failure of the API as {"code", "message", "details"}. Nothing of the inside is told."""

from __future__ import annotations

import errno
import logging
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import DBAPIError

from sync_server.database.engine import is_away
from sync_server.database.writer import DatabaseAwayError, StorageFullError, TooBusyError
from sync_server.errors import ApiError

logger = logging.getLogger(__name__)
AnyRequest = Request[Any, Any, Any]

CODES = {
    400: "request-not-valid",
    401: "sign-in-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "content-type-not-accepted",
    429: "too-many-requests",
}


def told(error: ApiError) -> Response[bytes]:
    """Return the answer for `error`."""
    return Response(body_of(error), status_code=error.status, headers=error.headers, media_type=MediaType.JSON)


def body_of(error: ApiError) -> bytes:
    """Return the body of the answer for `error`."""
    return msgspec.json.encode({"code": error.code, "message": error.message, "details": error.details})


def as_api_error(error: Exception, route: str) -> ApiError:
    """Return what is told of any `error`. One nobody foresaw is logged, with the route's template."""
    match error:
        case ApiError():
            return error
        case TooBusyError():
            again = {"Retry-After": "1"}
            return ApiError(503, "too-busy", "The server has more to write than it may hold.", headers=again)
        case StorageFullError():
            return _storage_full()
        case HTTPException():
            return _http(error)
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            return _storage_full()
        case DatabaseAwayError() | DBAPIError() if not isinstance(error, DBAPIError) or is_away(error):
            again = {"Retry-After": "2"}
            return ApiError(503, "database-away", "The server's database is away; send it again.", headers=again)
        case _:
            logger.error("unexpected failure of %s", route, exc_info=error)
            sorry = "Something went wrong in the server; it was noted. Try again later."
            return ApiError(500, "internal-error", sorry)


def _storage_full() -> ApiError:
    return ApiError(507, "storage-full", "The server's disk is full; nothing was kept.", headers={"Retry-After": "30"})


def _http(error: HTTPException) -> ApiError:
    status = error.status_code
    code = CODES.get(status, "request-not-valid" if status < 500 else "internal-error")
    message = error.detail if 400 <= status < 500 and error.detail else HTTPStatus(status).phrase
    return ApiError(status, code, message, details=_places(error), headers=error.headers)


def _places(error: HTTPException) -> list[dict[str, str]]:
    """Return what the framework found wrong in a body or an address, by place."""
    found = error.extra if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    return [
        {"place": str(one.get("key", "")), "code": "field-not-valid", "message": str(one.get("message", ""))}
        for one in found
        if isinstance(one, dict)
    ]


def _answer(request: AnyRequest, error: Exception) -> Response[bytes]:
    return told(as_api_error(error, str(request.scope.get("path_template", ""))))


# Each by itself: a handler of the whole app for one of these would come before ours for Exception.
HANDLERS: ExceptionHandlersMap = dict.fromkeys(
    (ApiError, TooBusyError, StorageFullError, DatabaseAwayError, DBAPIError, OSError, HTTPException, Exception),
    _answer,
)
