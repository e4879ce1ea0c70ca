"""The live stream: which assessments changed, as server-sent events. Ids only; the page fetches what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from litestar import get
from litestar.params import FromQuery
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from sync_server.clock import monotonic_s
from sync_server.database.queries.changes import ChangeRow, last_seq
from sync_server.errors import RefusedError
from sync_server.routes.dashboard.page import Asked, services_of
from sync_server.routes.gate import session_now

RETRY_MS = 2_000
LOOK_AGAIN_S = 10.0
WAIT_S = 30
SHOWN_KINDS = ("assessment", "media", "standing")


@get("/events", include_in_schema=False)
async def events(request: Asked, after: FromQuery[str] = "") -> ServerSentEvent:
    """Stream changes as they are committed, from `Last-Event-ID` (or `after`) on; "alive" while nothing happens."""
    if not services_of(request).events.has_room(_session_of(request)):
        raise RefusedError("too-many-streams", wait_s=WAIT_S)
    last = request.headers.get("last-event-id") or after
    is_number = last.isascii() and last.isdecimal() and len(last) < 19
    start = int(last) if is_number else await asyncio.to_thread(_newest, request)
    return ServerSentEvent(
        _messages(request, start),
        retry_duration=RETRY_MS,
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


async def _messages(request: Asked, start: int) -> AsyncIterator[ServerSentEventMessage]:
    # The first bytes at once: the browser learns that the stream is open and where, and proxies pass the headers on.
    yield ServerSentEventMessage(event="alive", data="", id=start, retry=RETRY_MS)
    looked_at = monotonic_s()
    async for page in services_of(request).events.subscribe(start, session=_session_of(request)):
        if monotonic_s() - looked_at > LOOK_AGAIN_S:
            # Signed out or disabled meanwhile: an open page must not keep listening. Nor does it keep a session alive.
            if await asyncio.to_thread(session_now, request) is None:
                return
            looked_at = monotonic_s()
        if page is None:
            yield ServerSentEventMessage(event="alive", data="")
            continue
        for kind, changed in _by_kind(page).items():
            yield ServerSentEventMessage(event=kind, data=" ".join(changed), id=page[-1].seq)


def _session_of(request: Asked) -> str:
    return request.user.secret_hash if request.user else ""


def _newest(request: Asked) -> int:
    with services_of(request).database.reading() as db:
        return last_seq(db)


def _by_kind(page: list[ChangeRow]) -> dict[str, list[str]]:
    """Return the ids to draw anew by event name; a file's arrival redraws its assessment."""
    changed: dict[str, list[str]] = {}
    for change in page:
        if change.kind in SHOWN_KINDS:
            name = "standings" if change.kind == "standing" else "assessments"
            changed.setdefault(name, []).append(change.subject_id)
    return {name: list(dict.fromkeys(ids)) for name, ids in changed.items()}


ROUTES = [events]
