"""The app as it is installed: which version it is, is a newer one waiting, and how to start that.

Elsewhere than in the browser nothing is ever waiting.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module

from checklists.language import Language

_SPOKEN: tuple[tuple[str, Language], ...] = (("zh", "zh-Hant"), ("yue", "zh-Hant"), ("en", "en"))


def origin() -> str | None:
    """Return the server the page came from ("https://host:port", "https://host/e/2027"); None outside the browser."""
    return os.environ.get("FIELDAPP_ORIGIN")


def name() -> str:
    """Return what the app is called where it is installed."""
    return os.environ.get("FIELDAPP_NAME") or "Field visits"


def spoken() -> Language:
    """Return the language the phone is set to, as far as the app speaks it; English otherwise."""
    for wished in os.environ.get("FIELDAPP_LANGUAGES", "").split(","):
        for start, language in _SPOKEN:
            if wished.lower().partition("-")[0] == start:
                return language
    return "en"


def show_at_start(theme: str) -> None:
    """Have the screen before the first frame look like the app, as the settings name it."""
    if sys.platform == "emscripten":
        import_module("device_page").showAtStart(theme)


def mark(name: str) -> None:
    """Note that the start has come this far; a bench reads it."""
    if sys.platform == "emscripten":
        import_module("device_page").mark(name)


def version() -> str:
    """Return which version this is; in the browser with the build's own mark. "" when run from a folder of sources."""
    if built := os.environ.get("FIELDAPP_VERSION"):
        return built
    from importlib.metadata import PackageNotFoundError  # noqa: PLC0415 - slow to import
    from importlib.metadata import version as version_of  # noqa: PLC0415

    try:
        return version_of("mystery-shopper-fieldtool")
    except PackageNotFoundError:
        return ""


def newer_version_is_ready() -> bool:
    """Whether the next start shows a newer version than this one."""
    return sys.platform == "emscripten" and bool(import_module("device_page").newVersionReady())


def on_news(callback: Callable[[], None]) -> None:
    """Call `callback` whenever `newer_version_is_ready` or the browser's promise about storage changes."""
    if sys.platform == "emscripten":
        import_module("device_page").onNews(import_module("pyodide.ffi").create_proxy(callback))


def reload() -> None:
    """Start again, with the newer version if one is ready. What was kept is kept; half-typed text is lost."""
    if sys.platform == "emscripten":
        import_module("device_page").reload()
