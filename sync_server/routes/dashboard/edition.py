"""The edition's page: its name, its calendar from wherever each date is kept, the check list, and the next edition."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from checklists.language import SentenceError
from sync_server.exchange.csv.next_edition import NoEditionError, as_zip, next_edition
from sync_server.pages.edition import shown_edition
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audited,
    fields_of,
    now_of,
    services_of,
    viewed,
)
from sync_server.season.edition import current_edition
from sync_server.season.edition_checks import checks, reds
from sync_server.season.rules import version_in_force
from sync_server.services import NEIGHBOURS, Neighbours


@get("/edition", include_in_schema=False)
async def edition_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the current edition, every date of it, and what is wrong with each."""

    return await _page(request, page)


@post("/edition/next", include_in_schema=False)
async def begin_next(request: Asked, page: NamedDependency[Page]) -> Response[str] | Redirect:
    """Make the next edition beside this one, in a server of several, and go there. A repeat is refused by its year."""
    neighbours: Neighbours | None = request.scope.get("state", {}).get(NEIGHBOURS)
    here = next((one.name for one in page.reader.editions if one.is_here), None)
    if neighbours is None or here is None:
        raise NotFoundException("this server holds one edition")
    fields = await fields_of(request)
    name = fields.get("name", "").strip()
    try:
        await neighbours.begin_next(here, name, account_of(request).id)
    except SentenceError as error:
        return await _page(request, page, status=400, typed=fields, problem=error.message)
    await audited(request, "next-edition-begun", ("season", "edition"), lambda _db: None, name=name)
    return Redirect(f"/e/{name}/edition", status_code=303)


async def _page(request: Asked, page: Page, *, status: int = 200, **said: Any) -> Response[str]:
    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            edition = current_edition(db)
            listed = checks(edition, version_in_force(db).zone)
        return page.html(
            "edition.html", status=status, edition=edition, lines=shown_edition(listed), red=reds(listed), **said
        )

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


ROUTES = [edition_page, edition_next, begin_next]
