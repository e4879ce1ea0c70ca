"""The door in the browser: its own `fetch`, which never blocks a tap. Imported only there.

Not `pyodide.http`: importing it delays every start by a tenth of a second, and it fails in its own error handling when
the body of a reply breaks off.
"""

from __future__ import annotations

from typing import Any

from js import AbortSignal, Object, fetch  # type: ignore[import-not-found]
from pyodide.ffi import JsException, to_js  # type: ignore[import-not-found]

from fieldapp.sync.door import Reply, Request, no_reply

A_REDIRECT = 302


class FetchDoor:
    """Each request ends by itself after its `timeout_s`."""

    async def ask(self, request: Request) -> Reply:
        """Return the reply. Raises Unreachable."""
        options: dict[str, Any] = {
            "method": request.method,
            "headers": dict(request.headers),
            "signal": AbortSignal.timeout(request.timeout_s * 1000),
            "cache": "no-store",
            "credentials": "omit",
            "redirect": "manual",
        }
        if request.body is not None:
            options["body"] = request.body
        try:
            response = await fetch(request.url, to_js(options, dict_converter=Object.fromEntries))
            body = (await response.arrayBuffer()).to_bytes()
        except (OSError, JsException) as error:
            raise no_reply() from error
        headers = {
            str(name).lower(): str(value) for name, value in Object.fromEntries(response.headers).to_py().items()
        }
        # The browser hides a redirect that is not followed behind status 0.
        return Reply(status=int(response.status) or A_REDIRECT, headers=headers, body=body)
