"""Every failure of the API as {"code", "message", "details"}. Nothing of the inside is told."""

from __future__ import annotations

import errno
import logging
from http import HTTPStatus
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import DBAPIError

from sync_server.database import is_away
from sync_server.errors import ApiError
from sync_server.writer import DatabaseAwayError, StorageFullError, TooBusyError

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


def told(error: ApiError) -> Response[dict[str, object]]:
    """Return the answer for `error`."""
    return Response(
        {"code": error.code, "message": error.message, "details": error.details},
        status_code=error.status,
        headers=error.headers,
        media_type=MediaType.JSON,
    )


def _api_error(_request: AnyRequest, error: ApiError) -> Response[dict[str, object]]:
    return told(error)


def _too_busy(_request: AnyRequest, _error: TooBusyError) -> Response[dict[str, object]]:
    return told(
        ApiError(503, "too-busy", "The server has more to write than it may hold.", headers={"Retry-After": "1"})
    )


def _storage_full(_request: AnyRequest, _error: StorageFullError) -> Response[dict[str, object]]:
    return told(
        ApiError(507, "storage-full", "The server's disk is full; nothing was kept.", headers={"Retry-After": "30"})
    )


def _away(_request: AnyRequest, _error: DatabaseAwayError) -> Response[dict[str, object]]:
    return told(
        ApiError(503, "database-away", "The server's database is away; send it again.", headers={"Retry-After": "2"})
    )


def _database(request: AnyRequest, error: DBAPIError) -> Response[dict[str, object]]:
    return _away(request, DatabaseAwayError()) if is_away(error) else _unexpected(request, error)


def _system(request: AnyRequest, error: OSError) -> Response[dict[str, object]]:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return _storage_full(request, StorageFullError())
    return _unexpected(request, error)


def _http(_request: AnyRequest, error: HTTPException) -> Response[dict[str, object]]:
    status = error.status_code
    code = CODES.get(status, "request-not-valid" if status < 500 else "internal-error")
    message = error.detail if 400 <= status < 500 and error.detail else HTTPStatus(status).phrase
    return told(ApiError(status, code, message, details=_places(error), headers=error.headers))


def _places(error: HTTPException) -> list[dict[str, str]]:
    """Return what the framework found wrong in a body or an address, by place."""
    found = error.extra if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    return [
        {"place": str(one.get("key", "")), "code": "field-not-valid", "message": str(one.get("message", ""))}
        for one in found
        if isinstance(one, dict)
    ]


def _unexpected(request: AnyRequest, error: Exception) -> Response[dict[str, object]]:
    logger.error("unexpected failure of %s", request.scope.get("path_template", ""), exc_info=error)
    return told(ApiError(500, "internal-error", "Something went wrong in the server; it was noted. Try again later."))


HANDLERS: ExceptionHandlersMap = {
    ApiError: _api_error,
    TooBusyError: _too_busy,
    StorageFullError: _storage_full,
    DatabaseAwayError: _away,
    DBAPIError: _database,
    OSError: _system,
    HTTPException: _http,
    Exception: _unexpected,
}
