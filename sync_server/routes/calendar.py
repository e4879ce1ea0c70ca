"""The calendar that an assessor subscribes to: their own visits, under /calendar.

VIC-1  Every call shows an API token of an assessor with the scope `calendar`, over an encrypted connection or from this
       machine (TOK-4): the address says nobody's name and holds no secret, and is the same for all.
VIC-2  A program that holds what is served is told so by 304, and nothing between may show it to others (`private`).
VIC-3  `language` of the address chooses the language, else what the program says of itself.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from litestar import HttpMethod, Request, Response, Router, route
from litestar.config.app import AppConfig
from litestar.params import FromQuery

from checklists.language import LANGUAGES
from sync_server.exchange.calendar_feed import CONTENT_TYPE, visits_calendar
from sync_server.machine.etags import matches
from sync_server.pages.languages import language_of_header
from sync_server.people.api_tokens import Scope
from sync_server.routes.api import failures
from sync_server.routes.token_caller import calling_assessor
from sync_server.services import Services

ROOT = "/calendar"
PREFIX = "/calendar/"
VISITS = "/calendar/visits.ics"


def plug(app: AppConfig) -> None:
    """Add the door to the app."""
    app.route_handlers.append(Router(ROOT, route_handlers=[visits], exception_handlers=failures.HANDLERS))


@route("/visits.ics", http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
async def visits(request: Request[Any, Any, Any], language: FromQuery[str] = "") -> Response[bytes]:
    """Give a calendar program the visits of the assessor whose token it shows."""
    services: Services = request.app.state.services
    caller = await calling_assessor(request, services, Scope.CALENDAR)
    accepted = language_of_header(request.headers.get("accept-language", ""))
    wanted = next((one for one in LANGUAGES if one == language), accepted)

    def read() -> bytes:
        with services.database.reading() as db:
            return visits_calendar(db, caller.assessor_id or "", wanted)

    content = await asyncio.to_thread(read)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag, "Vary": "Authorization, Accept-Language"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type=CONTENT_TYPE, headers=headers)
