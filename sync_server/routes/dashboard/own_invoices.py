"""An entrant's invoices: what its organisation was billed and has paid. Nothing that is only quoted."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from checklists.language import N_
from sync_server.database.queries.money import organisation_of
from sync_server.exchange.season_papers import bill_paper
from sync_server.money import accounts
from sync_server.money.accounts import Account
from sync_server.routes.dashboard.page import Asked, Page, account_of, services_of, viewed
from sync_server.routes.dashboard.paper import Paper, paper_page, paper_pdf

HERE, INVOICES = "/invoices", N_("Invoices")


@get("/invoices", include_in_schema=False)
async def invoice_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the bills of the reader's organisation, the newest first, and what is still owed."""
    account = await asyncio.to_thread(_own, request)
    await viewed(request, "money-viewed", ("organisation", account.organisation if account else ""))
    return page.html("money/own.html", account=account)


@get("/invoices/{number:str}", include_in_schema=False)
async def invoice_page(request: Asked, page: NamedDependency[Page], number: FromPath[str]) -> Response[str]:
    """Show one bill of the reader's organisation with its payments."""
    return await paper_page(page, await _bill(request, number))


@get("/invoices/{number:str}/pdf", include_in_schema=False)
async def invoice_pdf(
    request: Asked, page: NamedDependency[Page], number: FromPath[str], language: FromQuery[str] = ""
) -> Response[Any]:
    """Download one bill of the reader's organisation as a PDF."""
    paper = await _bill(request, number)
    return await paper_pdf(page, paper, language, f"bill-{number}")


async def _bill(request: Asked, number: str) -> Paper:
    account = await asyncio.to_thread(_own, request)
    bill = account.bill(number) if account else None
    if account is None or bill is None:
        raise NotFoundException("no such invoice")
    await viewed(request, "money-viewed", ("organisation", account.organisation), bill=number[:20])
    return Paper(
        f"{HERE}/{bill.number}", (HERE, INVOICES), lambda db, language: bill_paper(db, account, bill, language)
    )


def _own(request: Asked) -> Account | None:
    entrant_id = account_of(request).entrant_id
    if entrant_id is None:
        return None
    with services_of(request).database.reading() as db:
        return accounts.account_of(db, organisation_of(db, entrant_id))


ROUTES = [invoice_list, invoice_page, invoice_pdf]
