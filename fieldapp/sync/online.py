"""The browser's word that the network is back, and that it is paid by size. Imported only there; hints, no proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from js import self as scope  # type: ignore[import-not-found]
from pyodide.ffi import create_proxy  # type: ignore[import-not-found]

PAID_BY_SIZE = ("cellular", "wimax")


def when_online(wake: Callable[[], None]) -> None:
    """Call `wake` whenever the browser is online again or on another connection. For the life of the page."""
    proxy = create_proxy(lambda _event: wake())
    scope.addEventListener("online", proxy)
    if connection := _connection():
        connection.addEventListener("change", proxy)


def is_metered() -> bool:
    """Whether the browser says so: somebody asked to save data, or it is the telephone network. Many never say."""
    connection = _connection()  # of both words a browser may know one only
    return bool(getattr(connection, "saveData", False)) or getattr(connection, "type", None) in PAID_BY_SIZE


def _connection() -> Any:
    return getattr(scope.navigator, "connection", None)
