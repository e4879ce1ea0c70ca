"""The audit log, for administrators: read in pages, exported whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Stream

from sync_server.database.queries import audit_log
from sync_server.database.queries.audit_log import PAGE, KeptAuditRow
from sync_server.exchange.table_files import with_heads
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed
from sync_server.routes.dashboard.tables import table_stream

COLUMNS = ("id", "at", "actor_kind", "actor_id", "actor_name", "action", "subject_kind", "subject_id", "details",
           "request_id")  # fmt: skip


@get("/audit", include_in_schema=False)
async def audit_page(
    request: Asked,
    page: NamedDependency[Page],
    before: FromQuery[int | None] = None,
    subject: FromQuery[str] = "",
    action: FromQuery[str] = "",
) -> Response[str]:
    """Show the log, the newest first; looking at it is logged too."""
    await viewed(request, "audit-viewed", ("audit", "log"), subject=subject[:100], action=action[:100])

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows = audit_log.audit_page(db, before=before, subject_id=subject.strip(), action=action, limit=PAGE + 1)
            actions = audit_log.audit_actions(db)
        shown = [(row, msgspec.json.encode(row.details).decode() if row.details else "") for row in rows[:PAGE]]
        return page.html(
            "audit.html",
            rows=shown,
            more=rows[PAGE - 1].id if len(rows) > PAGE else None,
            actions=actions,
            subject=subject,
            action=action,
        )

    return await asyncio.to_thread(read)


@get("/audit/export", include_in_schema=False)
async def audit_export(request: Asked) -> Stream:
    """Stream the whole log as a table, the oldest first."""
    await viewed(request, "audit-exported", ("audit", "log"))
    day = now_of(request).date().isoformat()
    return table_stream(request, f"audit-log-{day}", with_heads(COLUMNS, _rows(request)))


def _rows(request: Asked) -> Iterator[list[object]]:
    with services_of(request).database.reading() as db:
        yield from (_cells(row) for row in audit_log.whole_audit(db))


def _cells(row: KeptAuditRow) -> list[object]:
    values = row._asdict() | {"at": row.at.isoformat(), "details": msgspec.json.encode(row.details).decode()}
    return [values[name] for name in COLUMNS]


ROUTES = [audit_page, audit_export]
