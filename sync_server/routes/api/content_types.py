"""What a body says it is: its type without parameters, and that it is JSON where JSON is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from sync_server.errors import RefusedError

JSON = "application/json"


def stated_type(headers: Mapping[str, str]) -> str:
    """Return the type in lower case, "" when it was not given. `headers` by their names in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def check_is_json(headers: Mapping[str, str]) -> None:
    """Let JSON pass, and a body that does not say what it is.

    Raises:
        RefusedError: `content-type-not-accepted`.
    """
    if stated_type(headers) not in ("", JSON):
        raise RefusedError("content-type-not-accepted", content_type=JSON)


def json_only(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Guard a route whose body is JSON; it comes before the body is read. Raises as `check_is_json`."""
    check_is_json(connection.headers)
