"""Reminders as files for mail-merge, and calendars: the edition's for anybody, an assessor's visits for the office."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from sync_server.exchange import spreadsheet
from sync_server.exchange.calendar_feed import CONTENT_TYPE, edition_calendar, visits_calendar
from sync_server.exchange.reminders import KINDS, reminders, reminders_csv
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed


@get("/reminders", include_in_schema=False)
async def reminder_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show how many letters each reminder has."""

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            counts = {kind: reminders(db, kind, now_of(request)) for kind in KINDS}
        return page.html("reminders.html", kinds=KINDS, letters=counts)

    return await asyncio.to_thread(read)


@get("/reminders/{kind:str}", include_in_schema=False)
async def reminder_file(request: Asked, kind: FromPath[str]) -> Response[bytes]:
    """Download the letters of one reminder; who took it is logged."""
    name = kind.removesuffix(".csv")
    if name not in KINDS:
        raise NotFoundException(kind)
    await viewed(request, "reminders-taken", ("season", name))

    def read() -> bytes:
        with services_of(request).database.reading() as db:
            return reminders_csv(reminders(db, name, now_of(request)))

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(read), media_type=spreadsheet.CONTENT_TYPE, headers=headers)


@get("/calendar.ics", include_in_schema=False)
async def calendar_of_edition(request: Asked, page: NamedDependency[Page]) -> Response[bytes]:
    """Give the edition's dates to a calendar that subscribes to them."""

    def read() -> bytes:
        with services_of(request).database.reading() as db:
            return edition_calendar(db, page.reader.language, now_of(request))

    return Response(await asyncio.to_thread(read), media_type=CONTENT_TYPE)


@get("/assessors/{assessor_id:str}/visits.ics", include_in_schema=False)
async def calendar_of_assessor(
    request: Asked, page: NamedDependency[Page], assessor_id: FromPath[str]
) -> Response[bytes]:
    """Download the visits of an assessor as a calendar."""
    await viewed(request, "visits-taken", ("assessor", assessor_id))

    def read() -> bytes:
        with services_of(request).database.reading() as db:
            return visits_calendar(db, assessor_id, page.reader.language, now_of(request))

    headers = {"Content-Disposition": 'attachment; filename="visits.ics"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(read), media_type=CONTENT_TYPE, headers=headers)


ROUTES = [reminder_list, reminder_file, calendar_of_edition, calendar_of_assessor]
