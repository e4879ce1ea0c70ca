"""The edition's page: its name, its calendar from wherever each date is kept, and the check list."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from sync_server.exchange.csv.next_edition import NoEditionError, as_zip, next_edition
from sync_server.pages.edition import shown_edition
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed
from sync_server.season.edition import current_edition
from sync_server.season.edition_checks import checks, reds
from sync_server.season.rules import version_in_force


@get("/edition", include_in_schema=False)
async def edition_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the current edition, every date of it, and what is wrong with each."""

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            edition = current_edition(db)
            listed = checks(edition, version_in_force(db).zone)
        return page.html("edition.html", edition=edition, lines=shown_edition(listed), red=reds(listed))

    return await asyncio.to_thread(read)


@get("/edition/next.zip", include_in_schema=False)
async def edition_next(request: Asked) -> Response[bytes]:
    """Download the files with which the next edition begins."""
    await viewed(request, "next-edition-taken", ("season", "edition"))

    def read() -> bytes:
        with services_of(request).database.reading() as db:
            try:
                return as_zip(next_edition(db, now_of(request)))
            except NoEditionError as error:
                raise NotFoundException("no edition") from error

    headers = {"Content-Disposition": 'attachment; filename="next-edition.zip"'}
    return Response(await asyncio.to_thread(read), media_type="application/zip", headers=headers)


ROUTES = [edition_page, edition_next]
