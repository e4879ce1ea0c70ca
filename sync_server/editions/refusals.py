"""What the door of several editions answers by itself: where to go on, or why there is nothing at an address.

AWY-1  A phone at an address without an open edition is told to try again: what it holds is never refused for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from zoneinfo import ZoneInfo

from litestar.types import Scope, Send

from checklists.language import N_, Sentence, Template, sentence
from sync_server.errors import RefusedError
from sync_server.pages.drawing import Reader, render
from sync_server.pages.languages import language_of_header
from sync_server.routes.api.failures import body_of
from sync_server.routes.catalogue import CATALOGUE
from sync_server.routes.failures import failure_of
from sync_server.routes.headers import for_answer

_PROGRAMS = ("/api/", "/odata/", "/openrosa/", "/calendar/")


async def lead(scope: Scope, send: Send, path: str) -> None:
    """Send the caller on to `path` of this server, with what it sent and asked for."""
    query = scope.get("query_string", b"")
    location = quote(path).encode() + (b"?" + query if query else b"")
    await _reply(send, 307, {"location": location}, b"")


async def not_named(send: Send) -> None:
    """Tell a phone or a program that an address of this server names its edition."""
    await _as_json(send, RefusedError("edition-not-named"))


async def away(scope: Scope, send: Send, path: str, *, is_known: bool) -> None:
    """Say that no edition answers here. `path` is the one within it; `is_known`: there is one, but it is not open."""
    if path.startswith(_PROGRAMS):
        await _as_json(send, RefusedError("edition-away"))
    elif is_known:
        entry = CATALOGUE["edition-away"]
        await _page(scope, send, entry.status, N_("This edition is not open"), entry.message())
    else:
        words = sentence(N_("No edition of this server has this address. Look at the link again."))
        await _page(scope, send, 404, N_("No such edition"), words)


async def _as_json(send: Send, refused: RefusedError) -> None:
    failure = failure_of(refused, "")
    headers = {name.lower(): value.encode() for name, value in failure.headers.items()}
    await _reply(send, failure.status, {"content-type": b"application/json", **headers}, body_of(failure))


async def _page(scope: Scope, send: Send, status: int, title: Template, words: Sentence) -> None:
    accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    reader = Reader(
        session=None, language=language_of_header(accepted), theme="auto", csrf="", path="/", zone=ZoneInfo("UTC")
    )
    drawn = render(
        reader,
        "error.html",
        title=sentence(title),
        message=words,
        request_id="",
        back="/",
        back_name=N_("To the first page"),
    )
    headers = {name.decode(): value for name, value in for_answer("/", secure=False)}
    await _reply(send, status, {**headers, "content-type": b"text/html; charset=utf-8"}, drawn.encode())


async def _reply(send: Send, status: int, headers: Mapping[str, bytes], body: bytes) -> None:
    raw = [(name.encode(), value) for name, value in headers.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": False})
