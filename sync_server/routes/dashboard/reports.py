"""Participant reports: those that are out, as pages and as PDF. An entrant reads its own, the office drafts too."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from checklists.csqs.standard import csqs
from checklists.language import Language
from sync_server.award.desk import SeasonDesk
from sync_server.csqs.deciding import levels_of
from sync_server.database.queries.csqs_decisions import DecisionRow
from sync_server.database.queries.publications import published, what_of
from sync_server.exchange.office_papers import OFFICE_PAPERS
from sync_server.people.permissions import ENTRANTS
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import printed
from sync_server.reports.cleared import cleared_of, with_pictures
from sync_server.reports.kept import NoReportError, check_entry, copy_of
from sync_server.reports.participant import participant_report
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, services_of, viewed


@get("/reports", include_in_schema=False)
async def report_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the reports that are out: an entrant its own, the office everybody's."""
    own = own_entrant(request)

    def read(desk: SeasonDesk) -> tuple[list[dict[str, Any]], Sequence[DecisionRow]]:
        rows = []
        for number in desk.in_force.programme.rounds:
            out = published(desk.db, what_of(number))
            if out is None:
                continue
            copy = copy_of(desk, number)
            for key in copy.reported:
                if own in (None, key[0]):
                    score = copy.entries[key].rounds[number - 1].score
                    facts = copy.entries[key].facts
                    rows.append({"number": number, "key": key, "name": facts.name, "score": score, "out": out})
        return rows, levels_of(desk.db, own) if own else []

    await viewed(request, "reports-listed", ("reports", "list"))
    papers = {name: title for name, (title, _) in OFFICE_PAPERS.items()} if own is None else {}
    rows, levels = await read_season(request, read)
    return page.html("reports/list.html", papers=papers, rows=rows, levels=levels, standard=csqs())


@get("/reports/{entrant_id:str}/{channel:str}/{round_number:str}", include_in_schema=False)
async def report_page(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    round_number: FromPath[str],
) -> Response[str]:
    """Show one report, the same blocks as its PDF has."""
    key = (entrant_id, channel)
    document = await _document(request, key, round_number, page.reader.language)
    await viewed(request, "report-viewed", ("entry", "/".join(key)), round=round_number)
    plain = msgspec.to_builtins(document)
    return await asyncio.to_thread(
        page.html, "reports/page.html", document=plain, key=key, number=round_number, problem=None
    )


@get("/reports/{entrant_id:str}/{channel:str}/{round_number:str}/pdf", include_in_schema=False)
async def report_pdf(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    round_number: FromPath[str],
) -> Response[Any]:
    """Download one report as a PDF in the reader's language."""
    key, language = (entrant_id, channel), page.reader.language
    document = await _document(request, key, round_number, language, on_paper=True)
    await viewed(request, "report-viewed", ("entry", "/".join(key)), round=round_number, form="pdf")
    try:
        body = await asyncio.to_thread(printed, document)
    except CannotPrintError as error:
        plain = msgspec.to_builtins(document)
        return page.html(
            "reports/page.html", status=409, document=plain, key=key, number=round_number, problem=error.message
        )
    name = f"{entrant_id}_{channel}_r{round_number}_{language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


async def _document(
    request: Asked, key: tuple[str, str], round_number: str, language: Language, *, on_paper: bool = False
) -> Document:
    own, number = own_entrant(request), int(round_number) if round_number in tuple("123456789") else 0
    if own not in (None, key[0]):
        raise NotFoundException("no such report")

    def read(desk: SeasonDesk) -> Document:
        try:
            copy = copy_of(desk, number, draft=own is None, key=key)
            check_entry(copy, key)
        except NoReportError as error:
            raise NotFoundException("no such report") from error
        cleared = cleared_of(desk.db, copy, key)
        if on_paper:
            cleared = with_pictures(cleared, services_of(request).media)
        return participant_report(copy, key, language, cleared)

    return await read_season(request, read)


def own_entrant(request: Asked) -> str | None:
    """Return the entrant whose reports alone the reader may see; None: everybody's."""
    account = account_of(request)
    return account.entrant_id if account.role in ENTRANTS else None


ROUTES = [report_list, report_page, report_pdf]
