"""What a body says it is: its type without parameters, and the guard of the routes that read JSON."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from sync_server.errors import ApiError

JSON = "application/json"


def content_type_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the type in lower case, "" when it was not told."""
    return connection.headers.get("content-type", "").partition(";")[0].strip().lower()


def json_only(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let JSON pass, and what is not told.

    Raises:
        ApiError: 415 `content-type-not-accepted`.
    """
    if content_type_of(connection) not in ("", JSON):
        raise ApiError(415, "content-type-not-accepted", f"Send the body as {JSON}.")
