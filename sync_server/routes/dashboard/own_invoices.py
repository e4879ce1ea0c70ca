"""An entrant's invoices: what its organisation was billed and has paid. Nothing that is only quoted."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from sync_server.database.queries.money import organisation_of
from sync_server.money import accounts
from sync_server.money.accounts import Account
from sync_server.routes.dashboard.page import Asked, Page, account_of, services_of, viewed

HERE = "/invoices"


@get("/invoices", include_in_schema=False)
async def invoice_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the bills of the reader's organisation, the newest first, and what is still owed."""
    account = await asyncio.to_thread(_own, request)
    await viewed(request, "money-viewed", ("organisation", account.organisation if account else ""))
    return page.html("money/own.html", account=account)


@get("/invoices/{number:str}", include_in_schema=False)
async def invoice_page(request: Asked, page: NamedDependency[Page], number: FromPath[str]) -> Response[str]:
    """Show one bill of the reader's organisation with its payments, to be printed."""
    account = await asyncio.to_thread(_own, request)
    bill = next((row for row in account.bills if str(row.number) == number), None) if account else None
    if account is None or bill is None:
        raise NotFoundException("no such invoice")
    await viewed(request, "money-viewed", ("organisation", account.organisation), bill=number[:20])
    paid = [row for row in account.payments if row.bill == bill.number]
    left = bill.total - sum(row.amount for row in paid)
    return page.html("money/bill.html", account=account, bill=bill, paid=paid, left=left, back=HERE)


def _own(request: Asked) -> Account | None:
    entrant_id = account_of(request).entrant_id
    if entrant_id is None:
        return None
    with services_of(request).database.reading() as db:
        return accounts.account_of(db, organisation_of(db, entrant_id))


ROUTES = [invoice_list, invoice_page]
