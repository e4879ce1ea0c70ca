"""Workbooks of assessments: asked for with the list's filter, found again on a page of one's own, fetched."""

from __future__ import annotations

import asyncio
from secrets import token_hex
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import File, Redirect
from sqlalchemy import Connection

from checklists.workbook.writing import CONTENT_TYPE
from sync_server.database.queries import downloads as queries
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.downloads import Download
from sync_server.database.queries.jobs import ask_for
from sync_server.exchange.downloads import KEPT, download_job, file_of
from sync_server.exchange.visits_wanted import Wanted
from sync_server.routes.dashboard.assessments import filled
from sync_server.routes.dashboard.page import Asked, Page, account_of, audited, fields_of, now_of, services_of, viewed


@post("/assessments/downloads", include_in_schema=False)
async def ask_for_workbook(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Ask for the assessments that the filter lets through, as a workbook."""
    form, now, account = await fields_of(request), now_of(request), account_of(request)
    narrowed = Filter(**{name: form.get(name, "")[:200].strip() for name in Filter.__dataclass_fields__})
    wanted = Wanted(narrowed=narrowed, language=page.reader.language, words=form.get("words") == "yes")
    download_id = token_hex(16)

    def write(db: Connection) -> None:
        queries.add_download(db, download_id, account.id, msgspec.to_builtins(wanted), now)
        ask_for(db, [download_job(download_id)], now)

    details = {"form": "xlsx", "words": "yes" if wanted.words else "", **filled(narrowed)}
    await audited(request, "assessments-exported", ("assessments", "list"), write, **details)
    return Redirect("/assessments/downloads", status_code=303)


@get("/assessments/downloads", include_in_schema=False)
async def download_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what the reader asked for, and what of it lies ready."""
    rows = await asyncio.to_thread(_own, request)
    return page.html("assessments/downloads.html", rows=rows, days=KEPT.days)


@get("/assessments/downloads/{download_id:str}", include_in_schema=False)
async def download_file(request: Asked, download_id: FromPath[str]) -> File:
    """Fetch a workbook that lies ready."""
    row = next((one for one in await asyncio.to_thread(_own, request) if one.id == download_id), None)
    file = file_of(services_of(request).config.data_dir, download_id)
    if row is None or row.made_at is None or not file.is_file():
        raise NotFoundException("no such file")
    await viewed(request, "download-fetched", ("assessments", "list"), count=row.visits)
    day = row.asked_at.date().isoformat()
    return File(
        file, filename=f"assessments-{day}.xlsx", media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )


def _own(request: Asked) -> list[Download]:
    with services_of(request).database.reading() as db:
        return list(queries.downloads_of(db, account_of(request).id))


ROUTES = [ask_for_workbook, download_list, download_file]
