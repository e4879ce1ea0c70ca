"""The door in the browser: its own `fetch`, which never blocks a tap. Imported only there."""

from __future__ import annotations

from typing import Any

from js import AbortSignal  # type: ignore[import-not-found]
from pyodide.ffi import JsException, to_js  # type: ignore[import-not-found]
from pyodide.http import pyfetch  # type: ignore[import-not-found]

from fieldapp.sync.door import Answer, Request, no_answer

OPAQUE_REDIRECT = 0


class FetchDoor:
    """Each request ends by itself after its `timeout_s`."""

    async def ask(self, request: Request) -> Answer:
        """Return the answer. Raises Unreachable."""
        options: dict[str, Any] = {
            "method": request.method,
            "headers": dict(request.headers),
            "signal": AbortSignal.timeout(request.timeout_s * 1000),
            "cache": "no-store",
            "credentials": "omit",
            "redirect": "manual",
        }
        if request.body is not None:
            options["body"] = to_js(request.body)
        try:
            response = await pyfetch(request.url, **options)
            # Not response.bytes(): in Pyodide 314 it fails in its own error handling when a body breaks off.
            body = (await response.js_response.arrayBuffer()).to_bytes()
        except (OSError, JsException) as error:  # pyodide's AbortError is an OSError
            raise no_answer() from error
        headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
        return Answer(status=int(response.status) or 302, headers=headers, body=body)
