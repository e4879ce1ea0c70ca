"""The results as papers: result letters, certificates and marks of entries, and the papers of the ceremony.

An entrant reads its own once the results are out; the office reads drafts and what is under embargo too.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from checklists.language import Language
from sync_server.award.desk import SeasonDesk
from sync_server.people.permissions import ENTRANTS
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import printed
from sync_server.reports.ceremony_papers import PAPERS, paper
from sync_server.reports.certificate import certificate, has_certificate
from sync_server.reports.kept import NoReportError, results_of
from sync_server.reports.marks import artwork, shows
from sync_server.reports.result_letter import result_letter
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.results_frame import embargo, say_of
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, viewed
from sync_server.routes.dashboard.reports import own_entrant

OF_AN_ENTRY = ("letter", "certificate", "mark")


@get("/results", include_in_schema=False)
async def results_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what there is of the results: an entrant its own once they are out, the office everything."""
    own, language = own_entrant(request), page.reader.language

    def read(desk: SeasonDesk) -> dict[str, Any]:
        try:
            copy = _copy(desk, request)
        except NotFoundException:
            return {"rows": [], "embargo": "", "copy": None}
        rows = [
            {
                "key": entry.key,
                "name": entry.facts.name,
                "final": entry.final,
                "grade": entry.grade,
                "has_certificate": has_certificate(entry),
                "has_mark": shows(entry.badge),
            }
            for entry in copy.taking_part
            if own in (None, entry.key[0])
        ]
        return {"rows": rows, "embargo": embargo(copy, say_of(copy, language)), "copy": copy}

    await viewed(request, "results-viewed", ("publication", "results"))
    papers = {name: title for name, (title, _) in PAPERS.items()} if own is None else {}
    values = await read_season(request, read)
    return await asyncio.to_thread(page.html, "results/list.html", papers=papers, **values)


@get("/results/{paper_name:str}", include_in_schema=False)
async def paper_page(request: Asked, page: NamedDependency[Page], paper_name: FromPath[str]) -> Response[str]:
    """Show one paper of the ceremony, the same blocks as its PDF has."""
    document = await _paper(request, paper_name, page.reader.language)
    await viewed(request, "results-viewed", ("publication", "results"), form=paper_name)
    return await _shown(page, document, f"/results/{paper_name}")


@get("/results/{paper_name:str}/pdf", include_in_schema=False)
async def paper_pdf(request: Asked, page: NamedDependency[Page], paper_name: FromPath[str]) -> Response[Any]:
    """Download one paper of the ceremony as a PDF in the reader's language."""
    document = await _paper(request, paper_name, page.reader.language)
    await viewed(request, "results-viewed", ("publication", "results"), form=f"{paper_name}.pdf")
    return await _printed(page, document, f"/results/{paper_name}", f"{paper_name}_{document.language}.pdf")


@get("/results/of/{entrant_id:str}/{channel:str}/{paper_name:str}", include_in_schema=False)
async def entry_page(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    paper_name: FromPath[str],
) -> Response[str]:
    """Show the letter, the certificate or the mark of one entry."""
    document = await _of_entry(request, (entrant_id, channel), paper_name, page.reader.language)
    await viewed(request, "results-viewed", ("entry", f"{entrant_id}/{channel}"), form=paper_name)
    return await _shown(page, document, f"/results/of/{entrant_id}/{channel}/{paper_name}")


@get("/results/of/{entrant_id:str}/{channel:str}/{paper_name:str}/pdf", include_in_schema=False)
async def entry_pdf(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    paper_name: FromPath[str],
) -> Response[Any]:
    """Download the letter, the certificate or the mark of one entry as a PDF in the reader's language."""
    document = await _of_entry(request, (entrant_id, channel), paper_name, page.reader.language)
    await viewed(request, "results-viewed", ("entry", f"{entrant_id}/{channel}"), form=f"{paper_name}.pdf")
    name = f"{entrant_id}_{channel}_{paper_name}_{document.language}.pdf"
    return await _printed(page, document, f"/results/of/{entrant_id}/{channel}/{paper_name}", name)


@get("/results/of/{entrant_id:str}/{channel:str}/{paper_name:str}/svg", include_in_schema=False)
async def mark_svg(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    paper_name: FromPath[str],
) -> Response[bytes]:
    """Download the mark of one entry as SVG: of its papers the only artwork."""
    if paper_name != "mark":
        raise NotFoundException("no such artwork")
    document = await _of_entry(request, (entrant_id, channel), "mark", page.reader.language)
    await viewed(request, "results-viewed", ("entry", f"{entrant_id}/{channel}"), form="mark.svg")
    svg = next(block.svg for block in document.blocks if hasattr(block, "svg"))
    headers = {"Content-Disposition": f'attachment; filename="{entrant_id}_{channel}_mark.svg"'}
    return Response(svg.encode(), media_type="image/svg+xml", headers={**headers, "Cache-Control": "no-store"})


def _copy(desk: SeasonDesk, request: Asked) -> ResultsCopy:
    try:
        return results_of(desk, draft=account_of(request).role not in ENTRANTS)
    except NoReportError as error:
        raise NotFoundException("no such results") from error


async def _paper(request: Asked, name: str, language: Language) -> Document:
    if name not in PAPERS:
        raise NotFoundException("no such paper")
    return await read_season(request, lambda desk: paper(_copy(desk, request), name, language))


async def _of_entry(request: Asked, key: tuple[str, str], name: str, language: Language) -> Document:
    if name not in OF_AN_ENTRY or own_entrant(request) not in (None, key[0]):
        raise NotFoundException("no such paper")

    def read(desk: SeasonDesk) -> Document:
        copy = _copy(desk, request)
        entry = copy.entries.get(key)
        document = None
        if entry is not None and not entry.facts.is_withdrawn:
            if name == "letter":
                document = result_letter(copy, key, language)
            elif name == "certificate" and has_certificate(entry):
                document = certificate(copy, key, language)
            elif name == "mark":
                document = artwork(copy, entry, say_of(copy, language))
        if document is None:
            raise NotFoundException("no such paper")
        return document

    return await read_season(request, read)


async def _shown(page: Page, document: Document, address: str, **more: Any) -> Response[str]:
    plain = msgspec.to_builtins(document)
    values = {"document": plain, "address": address, "is_of_office": False, "problem": None, **more}
    return await asyncio.to_thread(page.html, "results/page.html", **values)


async def _printed(page: Page, document: Document, address: str, name: str) -> Response[Any]:
    try:
        body = await asyncio.to_thread(printed, document)
    except CannotPrintError as error:
        return await _shown(page, document, address, status=409, problem=error.message)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


ROUTES = [results_list, paper_page, paper_pdf, entry_page, entry_pdf, mark_svg]
