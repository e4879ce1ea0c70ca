"""Today and Season: what must be done now, and where the season stands."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency

from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.pages.today import today_view
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed
from sync_server.season.rules import version_in_force

ASSIGNED = "assigned_book"  # where the application's state has it


@get("/today", include_in_schema=False)
async def today_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what waits, what is late and what is behind, each with what ends it; who saw whom is logged."""
    await viewed(request, "today-viewed", ("season", "today"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            view, zone = today_view(db, now_of(request)), version_in_force(db).zone
        return page.html("today.html", view=view, zone=zone)

    return await asyncio.to_thread(read)


@get("/season", include_in_schema=False)
async def season_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show done of quota by entry and round, how it is spread, and the districts."""
    book: AssignedBook = request.app.state[ASSIGNED]

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            view, zone = season_map(db, now_of(request), book), version_in_force(db).zone
        return page.html("season.html", view=view, zone=zone)

    return await asyncio.to_thread(read)


ROUTES = [today_page, season_page]
