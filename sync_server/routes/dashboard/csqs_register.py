"""The public register of CSQS levels, and for the office who holds a CCSM and what a CRE entry still lacks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.csqs.standard import csqs
from checklists.language import SentenceError
from sync_server.csqs.deciding import add_holder, gates, register
from sync_server.csqs.moderating import Doer
from sync_server.database.queries import csqs as queries
from sync_server.database.queries import csqs_decisions
from sync_server.database.queries.audit_log import last_entry
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)

SUBJECT = ("csqs", "holders")


@get("/register", include_in_schema=False)
async def csqs_register(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show anybody who holds which level until when."""

    def read() -> Response[str]:
        today = now_of(request).astimezone(page.reader.zone).date()
        with services_of(request).database.reading() as db:
            lines = register(db, csqs(), today)
        return page.html("csqs/register.html", lines=lines, standard=csqs(), today=today)

    return await asyncio.to_thread(read)


@get("/csqs/holders", include_in_schema=False)
async def csqs_holders(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show who holds a CCSM, and which companies could enter the CRE Awards."""
    await viewed(request, "ccsm-listed", SUBJECT)
    return await asyncio.to_thread(_drawn, page)


@post("/csqs/holders", include_in_schema=False)
async def csqs_holder(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep somebody who holds a CCSM."""
    form, by = await fields_of(request), Doer(account_of(request).id, now_of(request))

    def write(db: Connection) -> None:
        add_holder(db, form, by)

    try:
        await decided(request, "ccsm-added", SUBJECT, write, form)
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, form=form, status=409, **refusal(error))
    return Redirect("/csqs/holders", status_code=303)


def _drawn(page: Page, *, form: Mapping[str, str] | None = None, status: int = 200, **told: Any) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        companies, holders = queries.companies(db), csqs_decisions.holders(db)
        open_gates, basis = gates(db), last_entry(db)
    return page.html(
        "csqs/holders.html",
        status=status,
        companies=companies,
        names={one.id: one.name for one in companies},
        holders=holders,
        gates=open_gates,
        filled=form or page.reader.typed or {},
        basis=basis,
        **told,
    )


ROUTES = [csqs_register, csqs_holders, csqs_holder]
