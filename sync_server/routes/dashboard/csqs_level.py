"""A decided CSQS level as the company it is about reads it: with why, its scorecard, and its certificate."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from checklists.csqs.scorecard import scorecard_of
from checklists.csqs.standard import csqs
from checklists.language import LANGUAGES
from sync_server.csqs.certificate import certificate_document, has_certificate
from sync_server.csqs.deciding import state_of
from sync_server.database.queries import csqs_decisions
from sync_server.database.queries.csqs_decisions import DecisionRow
from sync_server.print.document import CannotPrintError
from sync_server.print.process import printed
from sync_server.routes.dashboard.page import Asked, Page, download, now_of, services_of, viewed
from sync_server.routes.dashboard.reports import own_entrant


@get("/csqs/levels/{decision_id:str}", include_in_schema=False)
async def csqs_level(request: Asked, page: NamedDependency[Page], decision_id: FromPath[str]) -> Response[str]:
    """Show one decided level: to the company once two people made it, to the office before, too (DCD-4)."""
    row = await asyncio.to_thread(_row, request, decision_id)
    await viewed(request, "report-viewed", ("entrant", row.entrant_id), form="csqs-level")
    today = now_of(request).astimezone(page.reader.zone).date()
    return await asyncio.to_thread(
        page.html,
        "csqs/level.html",
        row=row,
        state=state_of(row, today),
        standard=csqs(),
        card=scorecard_of(csqs(), row.body["ratings"]),
        has_certificate=has_certificate(row),
    )


@get("/csqs/certificates/{decision_id:str}", include_in_schema=False)
async def csqs_certificate(
    request: Asked, page: NamedDependency[Page], decision_id: FromPath[str], language: FromQuery[str] = ""
) -> Response[Any]:
    """Download the certificate of a confirmed level as a PDF, in the reader's language or the one asked for."""
    chosen = next((one for one in LANGUAGES if one == language), page.reader.language)

    def read() -> bytes:
        row = _row(request, decision_id)
        if not has_certificate(row):
            raise NotFoundException(decision_id)
        return printed(certificate_document(csqs(), row, chosen))

    try:
        body = await asyncio.to_thread(read)
    except CannotPrintError as error:
        raise NotFoundException(str(error)) from error
    return download(body, f"{decision_id}_{chosen}.pdf", "application/pdf")


def _row(request: Asked, decision_id: str) -> DecisionRow:
    """Return a decision that whoever asks may read."""
    own = own_entrant(request)
    with services_of(request).database.reading() as db:
        row = csqs_decisions.decision_of(db, decision_id)
    if row is None or (own is not None and (row.entrant_id != own or not row.stands)):
        raise NotFoundException(decision_id)
    return row


ROUTES = [csqs_level, csqs_certificate]
