"""Findings of the consortium to be read: by its members from their issue on, by everybody once they are public."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import Connection

from checklists.language import Language, Sentence
from sync_server.consortium.findings import Standing, standing_of, why_not_read
from sync_server.consortium.paper import finding_document, for_whom
from sync_server.database.queries import consortium_findings as queries
from sync_server.people.permissions import STAFF
from sync_server.people.sessions import Session
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import printed
from sync_server.publication.apart import body_of
from sync_server.routes.dashboard.consortium import number_of
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed
from sync_server.routes.dashboard.public_form import check_files
from sync_server.season.rules import version_in_force


@get("/findings", include_in_schema=False)
async def finding_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the findings that whoever asks may read."""

    def read() -> Response[str]:
        rows, now = [], now_of(request)
        with services_of(request).database.reading() as db:
            zone = version_in_force(db).zone
            for row in queries.finding_rows(db):
                standing = standing_of(db, row, zone, now)
                if standing.out is not None and why_not_read(db, standing, _reader(request), zone, now) is None:
                    rows.append((standing, body_of(db, standing.out)["title"]))
        return page.html("consortium/findings.html", rows=rows[::-1], zone=zone)

    return await asyncio.to_thread(read)


@get("/findings/{finding_id:str}", include_in_schema=False)
async def finding_page(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[str]:
    """Show a finding that is out, or say until when it is its members' alone."""
    document, refused = await asyncio.to_thread(_document, request, finding_id, page.reader.language)
    if document is None:
        return await asyncio.to_thread(_refused, page, finding_id, refused)
    await _log(request, finding_id)
    plain = msgspec.to_builtins(document)
    return await asyncio.to_thread(
        page.html, "consortium/finding.html", document=plain, finding_id=finding_id, problem=None
    )


@get("/findings/{finding_id:str}/pdf", include_in_schema=False)
async def finding_pdf(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Download a finding that is out as a PDF in the reader's language."""
    document, refused = await asyncio.to_thread(_document, request, finding_id, page.reader.language)
    if document is None:
        return await asyncio.to_thread(_refused, page, finding_id, refused)
    await _log(request, finding_id)
    check_files(request)
    try:
        body = await asyncio.to_thread(printed, document)
    except CannotPrintError as error:
        return await asyncio.to_thread(_refused, page, finding_id, error.message, 409)
    name = f"finding-{finding_id}_{page.reader.language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


def shown_finding(db: Connection, standing: Standing, language: Language) -> Document | None:
    """Return what is out of a finding as a document; None: nothing is."""
    if standing.out is None or standing.exclusive_until is None:
        return None
    until = for_whom(standing.exclusive_until, language, is_public=standing.is_public)
    return finding_document(body_of(db, standing.out), language, digest=standing.out.digest, until=until)


def _document(request: Asked, finding_id: str, language: Language) -> tuple[Document | None, Sentence | None]:
    now = now_of(request)
    with services_of(request).database.reading() as db:
        zone, row = version_in_force(db).zone, queries.finding_of(db, number_of(finding_id))
        standing = None if row is None else standing_of(db, row, zone, now)
        if standing is None or standing.out is None:
            raise NotFoundException("no such finding")
        refused = why_not_read(db, standing, _reader(request), zone, now)
        return (None, refused) if refused is not None else (shown_finding(db, standing, language), None)


def _refused(page: Page, finding_id: str, why: Sentence | None, status: int = 403) -> Response[str]:
    return page.html("consortium/finding.html", status=status, document=None, finding_id=finding_id, problem=why)


def _reader(request: Asked) -> tuple[str, bool] | None:
    session: Session | None = request.scope.get("user")
    return None if session is None else (session.account.id, session.account.role in STAFF)


async def _log(request: Asked, finding_id: str) -> None:
    if _reader(request) is not None:
        await viewed(request, "finding-read", ("finding", finding_id))


ROUTES = [finding_list, finding_page, finding_pdf]
