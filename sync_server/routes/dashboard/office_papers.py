"""A coordinator's papers, as pages and as PDF: of this moment, for the office alone."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from sync_server.award.desk import SeasonDesk
from sync_server.exchange.office_papers import OFFICE_PAPERS, Source, office_paper, say_at, table_rows
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import printed
from sync_server.routes.dashboard.award import read_season, spreads_of
from sync_server.routes.dashboard.bench_pages import BENCH
from sync_server.routes.dashboard.page import Asked, Page, now_of, viewed
from sync_server.routes.dashboard.tables import kind_of, table_stream
from sync_server.routes.dashboard.today import ASSIGNED


@get("/papers/{paper_name:str}", include_in_schema=False)
async def office_page(request: Asked, page: NamedDependency[Page], paper_name: FromPath[str]) -> Response[str]:
    """Show one paper, the same blocks as its PDF has."""
    document = await _document(request, page, paper_name)
    await viewed(request, "office-paper-viewed", ("season", "season"), form=paper_name)
    return await _shown(page, document, paper_name)


@get("/papers/{paper_name:str}/pdf", include_in_schema=False)
async def office_pdf(request: Asked, page: NamedDependency[Page], paper_name: FromPath[str]) -> Response[Any]:
    """Download one paper as a PDF in the reader's language."""
    document = await _document(request, page, paper_name)
    await viewed(request, "office-paper-viewed", ("season", "season"), form=f"{paper_name}.pdf")
    try:
        body = await asyncio.to_thread(printed, document)
    except CannotPrintError as error:
        return await _shown(page, document, paper_name, status=409, problem=error.message)
    name = f"{paper_name}_{document.language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


@get("/papers/{paper_name:str}/table", include_in_schema=False)
async def office_table(request: Asked, page: NamedDependency[Page], paper_name: FromPath[str]) -> Stream:
    """Download the tables of one paper, as CSV or as a workbook."""
    document = await _document(request, page, paper_name)
    await viewed(request, "office-paper-viewed", ("season", "season"), form=f"{paper_name}.{kind_of(request)}")
    return table_stream(request, f"{paper_name}_{document.language}", table_rows(document))


async def _document(request: Asked, page: Page, name: str) -> Document:
    if name not in OFFICE_PAPERS:
        raise NotFoundException("no such paper")
    book, bench = request.app.state[ASSIGNED], request.app.state[BENCH]
    now, language = now_of(request), page.reader.language

    def read(desk: SeasonDesk) -> Document:
        return office_paper(Source(desk, book, spreads_of(desk), now, say_at(desk, language), bench), name)

    return await read_season(request, read)


async def _shown(page: Page, document: Document, name: str, *, status: int = 200, **more: Any) -> Response[str]:
    values = {"document": msgspec.to_builtins(document), "address": f"/papers/{name}", "problem": None, **more}
    return await asyncio.to_thread(page.html, "results/page.html", status=status, is_of_office=True, **values)


ROUTES = [office_page, office_pdf, office_table]
