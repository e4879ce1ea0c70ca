"""Industry digests to be read: by the office and members of the consortium at once, by everybody a year later."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from checklists.language import N_, Sentence, sentence
from sync_server.award.desk import SeasonDesk
from sync_server.consortium.members import is_member
from sync_server.exchange.office_papers import table_rows
from sync_server.people.permissions import STAFF
from sync_server.people.sessions import Session
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import printed
from sync_server.reports.industry_digest import Quarter, industry_digest, quarters
from sync_server.reports.words import Say
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, now_of, viewed
from sync_server.routes.dashboard.public_form import check_files
from sync_server.routes.dashboard.tables import table_stream

Seen = tuple[Document | None, Sentence | None]


@get("/digests", include_in_schema=False)
async def digest_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the digests that whoever asks may read."""
    now = now_of(request)

    def read(desk: SeasonDesk) -> list[tuple[Quarter, datetime, bool]]:
        zone, is_reader = desk.zone, _is_reader(request, desk)
        found = [(one, one.is_public_at(zone)) for one in quarters(desk, now)]
        return [(one, until, now >= until) for one, until in found if is_reader or now >= until]

    return page.html("reports/digests.html", rows=await read_season(request, read))


@get("/digests/{quarter_name:str}", include_in_schema=False)
async def digest_page(request: Asked, page: NamedDependency[Page], quarter_name: FromPath[str]) -> Response[str]:
    """Show a digest, or say until when it is its members' alone."""
    document, refused = await _document(request, page, quarter_name)
    return await _shown(page, document, quarter_name, refused, 403 if refused else 200)


@get("/digests/{quarter_name:str}/pdf", include_in_schema=False)
async def digest_pdf(request: Asked, page: NamedDependency[Page], quarter_name: FromPath[str]) -> Response[Any]:
    """Download a digest as a PDF in the reader's language."""
    document, refused = await _document(request, page, quarter_name)
    if document is None:
        return await _shown(page, document, quarter_name, refused, 403)
    check_files(request)
    try:
        body = await asyncio.to_thread(printed, document)
    except CannotPrintError as error:
        return await _shown(page, document, quarter_name, error.message, 409)
    name = f"digest_{quarter_name}_{document.language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


@get("/digests/{quarter_name:str}/table", include_in_schema=False)
async def digest_table(
    request: Asked, page: NamedDependency[Page], quarter_name: FromPath[str]
) -> Response[str] | Stream:
    """Download the tables of a digest, as CSV or as a workbook."""
    document, refused = await _document(request, page, quarter_name)
    if document is None:
        return await _shown(page, document, quarter_name, refused, 403)
    return table_stream(request, f"digest_{quarter_name}_{document.language}", table_rows(document))


async def _document(request: Asked, page: Page, name: str) -> Seen:
    now, language = now_of(request), page.reader.language

    def read(desk: SeasonDesk) -> Seen:
        quarter = next((one for one in quarters(desk, now) if one.name == name), None)
        if quarter is None:
            raise NotFoundException("no such digest")
        say, until = Say(language, desk.zone), quarter.is_public_at(desk.zone)
        if now < until and not _is_reader(request, desk):
            words = N_("This digest is for the members of the consortium alone until {day}.")
            return None, sentence(words, day=say.day(until))
        return industry_digest(desk, quarter, say, now), None

    document, refused = await read_season(request, read)
    if document is not None and _account(request) is not None:
        await viewed(request, "digest-read", ("digest", name))
    return document, refused


def _account(request: Asked) -> Session | None:
    session: Session | None = request.scope.get("user")
    return session


def _is_reader(request: Asked, desk: SeasonDesk) -> bool:
    session = _account(request)
    if session is None:
        return False
    account = session.account
    return account.role in STAFF or is_member(desk.db, account.id, desk.zone, now_of(request))


async def _shown(
    page: Page, document: Document | None, name: str, problem: Sentence | None, status: int
) -> Response[str]:
    plain = None if document is None else msgspec.to_builtins(document)
    return await asyncio.to_thread(
        page.html, "reports/digest.html", status=status, document=plain, address=f"/digests/{name}", problem=problem
    )


ROUTES = [digest_list, digest_page, digest_pdf, digest_table]
