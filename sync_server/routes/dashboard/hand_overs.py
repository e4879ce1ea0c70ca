"""Visits that went from phone to phone by themselves: who gave, who goes on, and the desk's word on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from sync_server.database.queries import hand_overs as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.people import assessor_names
from sync_server.errors import RefusedError
from sync_server.exchange.handing_over import confirm, refuse
from sync_server.fieldwork.push import Arrival, push_of
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed
from sync_server.services import Services


@get("/hand-overs", include_in_schema=False)
async def hand_over_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what was handed on, the newest first; what waits for a word is to be decided there."""
    await viewed(request, "hand-overs-listed", ("assignments", "hand-overs"))
    return await _drawn(page, page.reader.typed or {})


@post("/hand-overs", include_in_schema=False, status_code=200)
async def hand_over_decide(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Confirm one, or refuse it. What was kept of a confirmed one is taken in as its phone would send it."""
    form, now, by = await fields_of(request), now_of(request), account_of(request).id
    record_id, reason, receiver = form.get("record", ""), form.get("reason", "")[:2000], form.get("receiver", "")
    confirms = form.get("decision") == "confirm"

    def write(db: Connection) -> None:
        if confirms:
            confirm(db, record_id, receiver, reason, by=by, now=now)
        else:
            refuse(db, record_id, reason, by=by, now=now)

    action = "hand-over-confirmed" if confirms else "hand-over-refused"
    try:
        await decided(request, action, ("assessment", record_id[:64]), write, form, reason=reason[:500])
    except LookupError as error:
        raise NotFoundException(record_id) from error
    except SentenceError as error:
        return await _drawn(page, form, status=409, **refusal(error))
    if confirms:
        await _take_in(services_of(request), record_id)
    services_of(request).wake()
    return Redirect("/hand-overs", status_code=303)


async def _take_in(services: Services, record_id: str) -> None:
    """Keep the bodies as revisions; one that no phone could send as it is stays where it is, and its phone is told."""

    def read() -> list[queries.HandOverRow]:
        with services.database.reading() as db:
            return [row for row in queries.rows_of(db, record_id) if row.receiver_id and row.body]

    rows = await asyncio.to_thread(read)
    for row in rows:
        try:
            with services.intake.turn:
                checked = services.records.checked(row.body, row.record_id, row.receiver_id or "")
        except RefusedError:
            return
        came = Arrival(
            row.record_id,
            row.receiver_id or "",
            row.device_id,
            row.received_at,
            row.device_time,
            row.device_monotonic,
            row.clock_offset_ms,
        )
        await services.writer.submit(services.intake.keep, push_of(checked, came))
    if rows:
        await services.writer.run(partial(queries.forget_bodies, record_id=record_id))


async def _drawn(page: Page, form: Mapping[str, str], *, status: int = 200, **refused: Any) -> Response[str]:
    def read() -> dict[str, Any]:
        with services_of(page.request).database.reading() as db:
            rows, names = queries.list_hand_overs(db), assessor_names(db)
            return {"basis": last_entry(db), "rows": rows, "assessors": names, "names": dict(names)}

    values = await asyncio.to_thread(read)
    return await asyncio.to_thread(page.html, "hand_overs.html", status=status, filled=form, **values, **refused)


ROUTES = [hand_over_list, hand_over_decide]
