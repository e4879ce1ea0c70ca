"""Enrolment codes: issued for assessors, shown once as a sheet of QR codes to print, and revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup
from sqlalchemy import Connection

from checklists.language import N_
from sync_server.database.queries import enrolment_codes as queries
from sync_server.database.queries import people
from sync_server.database.queries.audit_log import last_entry
from sync_server.pages.drawing import translated
from sync_server.people import enrolment_codes
from sync_server.people.enrolment_codes import IssuedCode
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.dashboard.deciding import done_or_shown
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    base_url,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)

MAX_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCode:
    """One card of the sheet."""

    code: str
    assessor_name: str
    expires_at: datetime
    link: str
    qr: Markup


@get("/enrolment-codes", include_in_schema=False)
async def code_list(
    request: Asked, page: NamedDependency[Page], revoked: FromQuery[str] = "", none: FromQuery[str] = ""
) -> Response[str]:
    """Show the codes issued so far and the form for new ones."""
    return await _codes(request, page, revoked=revoked, none=none)


async def _codes(
    request: Asked,
    page: Page,
    *,
    revoked: str = "",
    none: str = "",
    chosen: Sequence[str] = (),
    status: int = 200,
    **more: object,
) -> Response[str]:
    await viewed(request, "enrolment-codes-listed", ("enrolment-codes", "list"))

    def read() -> Response[str]:
        now = now_of(request)
        with services_of(request).database.reading() as db:
            basis = last_entry(db)
            codes = [(row, name, enrolment_codes.state_of(row, now)) for row, name in queries.list_codes(db)]
            assessors = people.list_assessors(db)
        return page.html(
            "enrolment_codes.html",
            status=status,
            codes=codes,
            assessors=assessors,
            revoked=revoked,
            none=none,
            basis=basis,
            chosen=chosen,
            waiting={row.assessor_id for row, _, state in codes if state == "open"},
            **more,
        )

    return await asyncio.to_thread(read)


@post("/enrolment-codes", include_in_schema=False, status_code=200)
async def issue_codes(request: Asked, page: NamedDependency[Page]) -> Response[str] | Redirect:
    """Issue a code for each chosen assessor and show them, this once, as a sheet to print."""
    chosen = [str(assessor) for assessor in (await request.form()).getall("assessor", [])][:MAX_AT_ONCE]
    if not chosen:
        return Redirect("/enrolment-codes?none=yes", status_code=303)
    created_by, now = account_of(request).id, now_of(request)
    lasts = services_of(request).config.enrolment_code_lasts

    def write(db: Connection) -> list[tuple[IssuedCode, str]]:
        names = dict(people.assessor_names(db))
        issue = partial(enrolment_codes.issue_code, db, created_by=created_by, now=now, lasts=lasts)
        return [
            (issue(assessor_id=assessor), names[assessor]) for assessor in dict.fromkeys(chosen) if assessor in names
        ]

    try:
        issued = await decided(
            request, "enrolment-codes-issued", ("assessors", "list"), write, await fields_of(request), assessors=chosen
        )
    except DecidedMeanwhileError as error:
        return await _codes(request, page, status=409, chosen=chosen, **refusal(error))
    alt = translated(page.reader, N_("QR code that opens the app with this enrolment code"))

    def card(code: IssuedCode, name: str) -> PrintedCode:
        link = enrolment_codes.enrolment_link(base_url(request), code.code)
        return PrintedCode(
            code=code.code,
            assessor_name=name,
            expires_at=code.expires_at,
            link=link,
            qr=Markup(enrolment_codes.qr_svg(link, alt)),  # noqa: S704 - segno's own markup; the title is escaped by it
        )

    def draw() -> Response[str]:
        return page.html("enrolment_sheet.html", cards=[card(code, name) for code, name in issued])

    return await asyncio.to_thread(draw)


@post("/enrolment-codes/{code_hash:str}/revoke", include_in_schema=False)
async def revoke_code(
    request: Asked, page: NamedDependency[Page], code_hash: FromPath[str]
) -> Response[str] | Redirect:
    """End a code that was not used yet. A repeat changes nothing."""
    now = now_of(request)
    return await done_or_shown(
        request,
        "enrolment-code-revoked",
        ("enrolment-code", code_hash[:16]),
        lambda db: enrolment_codes.revoke_code(db, code_hash, now),
        shown=partial(_codes, request, page),
        then="/enrolment-codes?revoked=yes",
    )


ROUTES = [code_list, issue_codes, revoke_code]
