"""Assessors and their phones: who is out there, when each was last heard of, and ending a lost phone's access."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from sync_server.database.queries import people, season
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.people import MAX_OFFSET, PAGE
from sync_server.feed import phones
from sync_server.routes.calendar import VISITS
from sync_server.routes.dashboard.deciding import done_or_shown
from sync_server.routes.dashboard.page import Asked, Page, base_url, now_of, services_of, viewed


@get("/assessors", include_in_schema=False)
async def assessor_list(request: Asked, page: NamedDependency[Page], start: FromQuery[int] = 0) -> Response[str]:
    """Show assessors with phones, assignments and assessments, PAGE at a time."""
    await viewed(request, "assessors-listed", ("assessors", "list"))
    start = max(0, min(start, MAX_OFFSET))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows, count = people.list_assessors(db, offset=start, limit=PAGE), people.count_assessors(db)
            certified: dict[str, dict[int, list[str]]] = {}
            for row in season.rows_of(db, "certificates"):
                certified.setdefault(row["assessor_id"], {}).setdefault(row["round"], []).append(row["channel"])
        more = count > start + PAGE
        listed: dict[str, Any] = {"rows": rows, "count": count, "start": start, "page_size": PAGE, "more": more}
        feed = f"{base_url(request)}{VISITS}"
        return page.html("assessors.html", certified=certified, feed=feed, now=now_of(request), **listed)

    return await asyncio.to_thread(read)


@get("/devices", include_in_schema=False)
async def device_list(
    request: Asked, page: NamedDependency[Page], revoked: FromQuery[str] = "", start: FromQuery[int] = 0
) -> Response[str]:
    """Show devices, PAGE at a time: whose, last seen, clock offset, revoked or not."""
    return await _devices(request, page, revoked=revoked, start=start)


async def _devices(
    request: Asked, page: Page, *, revoked: str = "", start: int = 0, status: int = 200, **more: object
) -> Response[str]:
    await viewed(request, "devices-listed", ("devices", "list"))
    start = max(0, min(start, MAX_OFFSET))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            basis, rows = last_entry(db), people.list_devices(db, offset=start, limit=PAGE + 1)
        return page.html(
            "devices.html",
            status=status,
            rows=rows[:PAGE],
            start=start,
            page_size=PAGE,
            more=len(rows) > PAGE,
            now=now_of(request),
            revoked=revoked,
            basis=basis,
            **more,
        )

    return await asyncio.to_thread(read)


@post("/devices/{device_id:str}/revoke", include_in_schema=False)
async def revoke_device(
    request: Asked, page: NamedDependency[Page], device_id: FromPath[str]
) -> Response[str] | Redirect:
    """End a device's access. A repeat changes nothing. What it already sent stays."""
    services, now = services_of(request), now_of(request)

    def write(db: Connection) -> None:
        assessor_id = people.revoke_device(db, device_id, now)
        if assessor_id is not None:
            phones.tell_device_revoked(db, assessor_id, device_id, now)

    shown, then = partial(_devices, request, page), "/devices?revoked=yes"
    answer = await done_or_shown(request, "device-revoked", ("device", device_id), write, shown=shown, then=then)
    services.devices.forget()
    return answer


ROUTES = [assessor_list, device_list, revoke_device]
