"""The headers every answer carries. The dashboard runs no inline script or style, and nobody may frame it.

The built app has a policy of its own (it runs WebAssembly); media answers are sandboxed by the route that serves them.
"""

from __future__ import annotations

from collections.abc import Mapping

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


def for_answer(path: str, *, secure: bool, already: frozenset[str]) -> Mapping[str, str]:
    """Return the headers to add to the answer for `path`; those `already` set (lower case) by the route stay."""
    wanted = dict(EVERYWHERE)
    if path != APP_PREFIX and not path.startswith(f"{APP_PREFIX}/"):
        wanted.update(DASHBOARD)
    if path.startswith(f"{STATIC_PREFIX}/"):
        del wanted["Cache-Control"]
    if secure:
        wanted.update(OVER_TLS)
    return {name: value for name, value in wanted.items() if name.lower() not in already}
