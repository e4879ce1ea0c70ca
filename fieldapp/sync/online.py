"""The browser's own word that the network is back. Imported only there; a hint, never a proof."""

from __future__ import annotations

from collections.abc import Callable

from js import self as scope  # type: ignore[import-not-found]
from pyodide.ffi import create_proxy  # type: ignore[import-not-found]


def when_online(wake: Callable[[], None]) -> None:
    """Call `wake` whenever the browser says that it is online again. For the life of the page."""
    scope.addEventListener("online", create_proxy(lambda _event: wake()))
