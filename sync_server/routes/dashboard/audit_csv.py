"""`audit.csv` of every visit, made while it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from litestar import get
from litestar.response import Stream

from checklists import wire
from checklists.record.assessment import Assessment
from sync_server.database.queries.audit_export import PAGE, ids_after, revisions_of
from sync_server.database.queries.bench import corrections_of
from sync_server.exchange import spreadsheet
from sync_server.exchange.audit_csv import HEADINGS, Row, rows_of
from sync_server.routes.dashboard.page import Asked, services_of, viewed


@get("/assessments/audit.csv", include_in_schema=False)
async def audit_csv(request: Asked) -> Stream:
    """Download how each visit was filled in, with the columns of ODK's audit.csv. A page of visits at a time."""
    await viewed(request, "assessments-exported", ("assessments", "audit.csv"))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Stream(_blocks(request), headers=headers, media_type=spreadsheet.CONTENT_TYPE)


async def _blocks(request: Asked) -> AsyncIterator[bytes]:
    database = services_of(request).database

    def page(after: str) -> tuple[bytes, str]:
        with database.reading() as db:
            ids = ids_after(db, after, PAGE)
            bodies, corrected = revisions_of(db, ids), corrections_of(db, ids)

        def rows() -> Iterator[Row]:
            for id_ in ids:
                read = [(user, wire.decode(body, Assessment)) for user, body in bodies.get(id_, ())]
                yield from rows_of(read, corrected.get(id_, ()))

        return spreadsheet.lines(rows()), ids[-1] if ids else ""

    yield spreadsheet.BOM + spreadsheet.lines([HEADINGS])
    block, last = await asyncio.to_thread(page, "")
    while last:
        yield block
        block, last = await asyncio.to_thread(page, last)


ROUTES = [audit_csv]
