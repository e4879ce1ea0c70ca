"""The door where Python may wait: native apps and server mode. The only `requests` of the app."""

from __future__ import annotations

import asyncio

import requests

from fieldapp.sync.door import Reply, Request, no_reply

CONNECT_S = 10


class RequestsDoor:
    """One session, so that connections are used again; each request waits in a thread."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.cookies.set_policy(_NoCookies())

    async def ask(self, request: Request) -> Reply:
        """Return the reply. Raises Unreachable."""
        return await asyncio.to_thread(self._ask, request)

    def _ask(self, request: Request) -> Reply:
        try:
            response = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=(CONNECT_S, request.timeout_s),
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as error:
            raise no_reply() from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(status=response.status_code, headers=headers, body=response.content)


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[misc, name-defined]
    def set_ok(self, cookie: object, request: object) -> bool:  # noqa: ARG002 - the signature is the library's
        return False
