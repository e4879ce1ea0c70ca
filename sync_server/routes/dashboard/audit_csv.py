"""`audit.csv` of every visit, made while it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import get
from litestar.response import Stream

from checklists import wire
from checklists.record.assessment import Assessment
from sync_server.database.queries.audit_export import PAGE, ids_after, revisions_of
from sync_server.database.queries.bench import corrections_of
from sync_server.database.queries.unseen import unseen_visits
from sync_server.exchange.audit_csv import HEADINGS, Row, rows_of
from sync_server.exchange.table_files import with_heads
from sync_server.routes.dashboard.page import Asked, services_of, viewed
from sync_server.routes.dashboard.tables import table_stream


@get("/assessments/audit.csv", include_in_schema=False)
async def audit_csv(request: Asked) -> Stream:
    """Download how each visit was filled in, with the columns of ODK's audit.csv: a page at a time, no unseen one."""
    await viewed(request, "assessments-exported", ("assessments", "audit.csv"))
    return table_stream(request, "audit", with_heads(HEADINGS, _rows(request)))


def _rows(request: Asked) -> Iterator[Row]:
    database, after = services_of(request).database, ""
    while True:
        with database.reading() as db:
            ids = ids_after(db, after, PAGE)
            unseen = unseen_visits(db)
            seen = [id_ for id_ in ids if id_ not in unseen]
            bodies, corrected = revisions_of(db, seen), corrections_of(db, seen)
        if not ids:
            return
        for id_ in seen:
            read = [(user, wire.decode(body, Assessment)) for user, body in bodies.get(id_, ())]
            yield from rows_of(read, corrected.get(id_, ()))
        after = ids[-1]


ROUTES = [audit_csv]
