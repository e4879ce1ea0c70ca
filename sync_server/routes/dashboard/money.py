"""Money: what each organisation is quoted, billed and has paid; who is to be chased; a table for the accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, in_language, sentence
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.money import PaymentRow, bill_rows, payment_rows
from sync_server.exchange.season_papers import bill_paper
from sync_server.money.accounts import MANUAL, MOST, Account, CannotBillError, Line, account_of, accounts, issue
from sync_server.money.accounts import note_payment as note
from sync_server.review.basis import refusal
from sync_server.routes.dashboard import page as pages
from sync_server.routes.dashboard.page import Asked, Page, decided, fields_of, now_of, services_of, viewed
from sync_server.routes.dashboard.paper import Paper, paper_page, paper_pdf
from sync_server.routes.dashboard.tables import table_stream
from sync_server.season.rules import version_in_force

BY_HAND = 3  # lines of the form
HEADINGS = ("bill", "kind", "organisation", "issued_on", "due_on", "line", "amount", "paid_on", "reference")


@get("/money", include_in_schema=False)
async def money_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show every account, those to be chased first."""
    await viewed(request, "money-viewed", ("money", "list"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows, today = accounts(db), _today(db, now_of(request))
        overdue = {each.organisation: each.overdue_since(today) for each in rows}
        rows = sorted(rows, key=lambda each: (overdue[each.organisation] or "9999", each.organisation))
        return page.html("money/list.html", rows=rows, overdue=overdue)

    return await asyncio.to_thread(read)


@get("/money/export.csv", include_in_schema=False)
async def money_export(request: Asked, page: NamedDependency[Page]) -> Stream:
    """Download every line that was billed and every payment."""
    await viewed(request, "money-exported", ("money", "list"))
    language = page.reader.language

    def read() -> Sequence[Sequence[object]]:
        with services_of(request).database.reading() as db:
            bills, paid = bill_rows(db), payment_rows(db)
        rows: list[Sequence[object]] = [HEADINGS]
        for row in bills:
            named = (row.number, row.kind, row.organisation, row.issued_on, row.due_on)
            rows += [(*named, in_language(line["what"], language), line["amount"], None, None) for line in row.lines]
        owners = {row.number: row.organisation for row in bills}
        rows += [
            (each.bill, "payment", owners[each.bill], None, None, None, each.amount, each.paid_on, each.reference)
            for each in paid
        ]
        return rows

    return table_stream(request, "money", await asyncio.to_thread(read))


@get("/money/{organisation:str}", include_in_schema=False)
async def money_page(request: Asked, page: NamedDependency[Page], organisation: FromPath[str]) -> Response[str]:
    """Show one account: its quote, what a bill would hold now, its bills and payments."""
    await viewed(request, "money-viewed", ("organisation", organisation))
    return await asyncio.to_thread(_drawn, page, organisation)


@get("/money/{organisation:str}/bills/{number:str}", include_in_schema=False)
async def bill_page(
    request: Asked, page: NamedDependency[Page], organisation: FromPath[str], number: FromPath[str]
) -> Response[str]:
    """Show one bill with its payments: an invoice, and once it is paid a receipt."""
    await viewed(request, "money-viewed", ("organisation", organisation), bill=number[:20])
    return await paper_page(page, await asyncio.to_thread(_bill, page, organisation, number))


@get("/money/{organisation:str}/bills/{number:str}/pdf", include_in_schema=False)
async def bill_pdf(
    request: Asked,
    page: NamedDependency[Page],
    organisation: FromPath[str],
    number: FromPath[str],
    language: FromQuery[str] = "",
) -> Response[Any]:
    """Download one bill with its payments as a PDF."""
    await viewed(request, "money-viewed", ("organisation", organisation), bill=number[:20])
    paper = await asyncio.to_thread(_bill, page, organisation, number)
    return await paper_pdf(page, paper, language, f"bill-{number}")


def _bill(page: Page, organisation: str, number: str) -> Paper:
    with services_of(page.request).database.reading() as db:
        account = account_of(db, organisation)
    bill = account.bill(number) if account else None
    if account is None or bill is None:
        raise NotFoundException(organisation)
    address = f"/money/{organisation}"
    return Paper(
        f"{address}/bills/{bill.number}",
        (address, account.name),
        lambda db, language: bill_paper(db, account, bill, language),
    )


@post("/money/{organisation:str}/bills", include_in_schema=False, status_code=200)
async def bill_issue(request: Asked, page: NamedDependency[Page], organisation: FromPath[str]) -> Response[Any]:
    """Issue a bill of what differs from what was billed, with lines written by hand."""
    form, now, by = await fields_of(request), now_of(request), pages.account_of(request).id

    def write(db: Connection) -> None:
        lines, due = _by_hand(form), _day(form.get("due_on", ""))
        issue(
            db, organisation, lines, due_on=due, today=_today(db, now), words=form.get("words", ""), by=by, now=now
        )  # fmt: skip

    return await _done(page, organisation, form, "bill-issued", write)


@post("/money/{organisation:str}/payments", include_in_schema=False, status_code=200)
async def payment_note(request: Asked, page: NamedDependency[Page], organisation: FromPath[str]) -> Response[Any]:
    """Note what came in for a bill, or what was paid back."""
    form, now, by = await fields_of(request), now_of(request), pages.account_of(request).id

    def write(db: Connection) -> None:
        paid_on = _day(form.get("paid_on", "")) or _today(db, now)
        number, amount = _whole(form.get("bill", "")), _whole(form.get("amount", ""))
        row = PaymentRow(number, paid_on.isoformat(), amount, form.get("reference", "").strip()[:200], by, now)
        note(db, organisation, row, _today(db, now))

    return await _done(page, organisation, form, "payment-noted", write)


async def _done(
    page: Page, organisation: str, form: Mapping[str, str], action: str, write: Callable[[Connection], None]
) -> Response[Any]:
    try:
        await decided(page.request, action, ("organisation", organisation), write, form)
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, organisation, form=form, status=409, **refusal(error))
    return Redirect(f"/money/{organisation}", status_code=303)


def _by_hand(form: Mapping[str, str]) -> Sequence[Line]:
    lines = []
    for number in range(1, BY_HAND + 1):
        en, zh = form.get(f"what_en-{number}", "").strip()[:300], form.get(f"what_zh-{number}", "").strip()[:300]
        amount = form.get(f"amount-{number}", "").strip()
        if not (en or zh or amount):
            continue
        figure = _whole(amount)
        if not figure or not (en or zh):
            raise CannotBillError(sentence(N_("Each line needs its words and an amount in whole HK$.")))
        lines.append(Line(key=MANUAL, what={"en": en or zh, "zh-Hant": zh or en}, amount=figure))
    return lines


def _whole(text: str) -> int:
    plain = text.strip().replace(",", "")
    digits = plain.removeprefix("-")
    figure = int(plain) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0
    return figure if abs(figure) <= MOST else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(db: Connection, now: datetime) -> date:
    return now.astimezone(version_in_force(db).zone).date()


def _drawn(
    page: Page, organisation: str, *, form: Mapping[str, str] | None = None, status: int = 200, **refused: Any
) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        account: Account | None = account_of(db, organisation)
        basis, today = last_entry(db), _today(db, now_of(page.request))
    if account is None:
        raise NotFoundException(organisation)
    return page.html(
        "money/organisation.html",
        status=status,
        account=account,
        overdue=account.overdue_since(today),
        by_hand=BY_HAND,
        filled=form or page.reader.typed or {},
        basis=basis,
        today=today,
        **refused,
    )


ROUTES = [money_list, money_export, money_page, bill_page, bill_pdf, bill_issue, payment_note]
