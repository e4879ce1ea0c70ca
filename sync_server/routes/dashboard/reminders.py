"""Reminders as files for mail-merge, and calendars: the edition's for anybody, an assessor's visits for the office."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from sync_server.database.queries.letters import count_letters, newest_letters
from sync_server.exchange.calendar_feed import CONTENT_TYPE, edition_calendar, visits_calendar
from sync_server.exchange.reminders import KINDS, post_reminders, reminder_rows, reminders
from sync_server.post.outbox import has_mail_server, try_again
from sync_server.routes.dashboard.page import Asked, Page, audited, fields_of, now_of, services_of, viewed
from sync_server.routes.dashboard.tables import table_stream
from sync_server.season.edition import MILESTONES

MOST_SHOWN = 200


@get("/reminders", include_in_schema=False)
async def reminder_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show how many letters each reminder has."""

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            letters = {kind: reminders(db, kind, now_of(request)) for kind in KINDS}
            leaves = has_mail_server(db)
        # A milestone that is over, or has no day yet, is no line.
        kinds = {kind: name for kind, name in KINDS.items() if letters[kind] or kind not in MILESTONES}
        return page.html("reminders.html", kinds=kinds, milestones=MILESTONES, letters=letters, leaves=leaves)

    return await asyncio.to_thread(read)


@get("/reminders/{kind:str}", include_in_schema=False)
async def reminder_file(request: Asked, kind: FromPath[str]) -> Stream:
    """Download the letters of one reminder; who took it is logged."""
    name = kind.removesuffix(".csv")
    if name not in KINDS:
        raise NotFoundException(kind)
    await viewed(request, "reminders-taken", ("season", name))

    def read() -> Sequence[Sequence[object]]:
        with services_of(request).database.reading() as db:
            return reminder_rows(reminders(db, name, now_of(request)))

    return table_stream(request, name, await asyncio.to_thread(read))


@post("/reminders/{kind:str}/post", include_in_schema=False, status_code=200)
async def reminder_post(request: Asked, kind: FromPath[str]) -> Response[None]:
    """Have the letters of one reminder sent as mail: each once a day, however often somebody presses."""
    if kind not in KINDS:
        raise NotFoundException(kind)
    now = now_of(request)
    await audited(request, "reminders-posted", ("season", kind), lambda db: post_reminders(db, kind, now))
    services_of(request).wake()
    return Redirect("/letters", status_code=303)


@get("/letters", include_in_schema=False)
async def letter_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what left as mail, what waits and what could not leave; who looked is logged."""
    await viewed(request, "letters-listed", ("season", "letters"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows, count, leaves = newest_letters(db, MOST_SHOWN), count_letters(db), has_mail_server(db)
        return page.html("letters.html", rows=rows, count=count, leaves=leaves)

    return await asyncio.to_thread(read)


@post("/letters/again", include_in_schema=False, status_code=200)
async def letter_again(request: Asked) -> Response[None]:
    """Have a letter that has not left tried now."""
    key, now = (await fields_of(request)).get("letter", ""), now_of(request)
    await audited(request, "letter-tried-again", ("letter", key[:200]), lambda db: try_again(db, key, now))
    services_of(request).wake()
    return Redirect("/letters", status_code=303)


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
            return visits_calendar(db, assessor_id, page.reader.language)

    headers = {"Content-Disposition": 'attachment; filename="visits.ics"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(read), media_type=CONTENT_TYPE, headers=headers)


ROUTES = [
    reminder_list,
    reminder_file,
    reminder_post,
    letter_list,
    letter_again,
    calendar_of_edition,
    calendar_of_assessor,
]
