"""The headers every answer carries. The dashboard runs no inline script or style, and nobody may frame it.

The built app has a policy of its own (it runs WebAssembly); media answers are sandboxed by the route that serves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

DASHBOARD_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MEDIA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

EVERYWHERE: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DASHBOARD: Mapping[str, str] = {
    "Content-Security-Policy": DASHBOARD_POLICY,
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OVER_TLS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}

APP_PREFIX = "/app"
STATIC_PREFIX = "/static"


Header = tuple[bytes, bytes]


def for_answer(path: str, *, secure: bool) -> tuple[Header, ...]:
    """Return the headers of the answer for `path`, as ASGI has them. Those a route has set itself come before them."""
    is_app = path == APP_PREFIX or path.startswith(f"{APP_PREFIX}/")
    return _for_answer(is_app, path.startswith(f"{STATIC_PREFIX}/"), secure)


@cache
def _for_answer(is_app: bool, is_static: bool, secure: bool) -> tuple[Header, ...]:
    wanted = {**EVERYWHERE, **({} if is_app else DASHBOARD), **(OVER_TLS if secure else {})}
    if is_static:
        del wanted["Cache-Control"]
    return tuple((name.lower().encode(), value.encode()) for name, value in wanted.items())
