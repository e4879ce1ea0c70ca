"""Every table that files bring in, on pages: listed, looked at with its history, typed, edited and withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import Sentence, SentenceError
from sync_server.database.queries.audit_log import append_audit
from sync_server.database.queries.season_pages import RowChange, changes_of_row, count_rows
from sync_server.exchange import typed_rows
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.csv.sheets import sheets_of
from sync_server.exchange.typed_rows import PAGE, KeptRow, MovedError, TakenError, kept_row, rows_listed
from sync_server.exchange.withdrawing import BY_COLUMN, approve, take_out
from sync_server.pages.records import LISTED, TITLES, name_of
from sync_server.routes.dashboard.page import Asked, Page, account_of, audit_row, fields_of, now_of, services_of, viewed
from sync_server.routes.dashboard.record_cells import said, said_key
from sync_server.routes.dashboard.record_fields import Wrong, codes_of, fields_of_row, kind_of, names_of
from sync_server.season.approval import Approver, approvers, signed
from sync_server.season.rules import rules_in_force, version_in_force

SEPARATOR = "/"  # between the parts of a key in an address; no code holds it


@get("/records", include_in_schema=False)
async def record_tables(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the tables and how many rows each has."""

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            sheets = sheets_of(rules_in_force(db).programme)
            counts = {sheet.name: _count(db, sheet) for sheet in sheets}
        return page.html("records/tables.html", sheets=sheets, counts=counts, titles=TITLES)

    return await asyncio.to_thread(read)


@get("/records/{table:str}", include_in_schema=False)
async def record_list(
    request: Asked,
    page: NamedDependency[Page],
    table: FromPath[str],
    search: FromQuery[str] = "",
    start: FromQuery[int] = 0,
) -> Response[str]:
    """Show the rows of a table, some at a time; who saw whom is logged."""
    sheet = await _sheet(request, table)
    await viewed(request, "records-listed", ("records", sheet.name), search=search[:100])
    first = max(0, start)

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows, count = rows_listed(db, sheet, search.strip()[:100], first)
            names = names_of(db)
        columns = [(column, listed) for column in sheet.columns if (listed := LISTED[sheet.name].get(column.name))]
        shown = [
            (
                row,
                name_of(sheet.name, row.cells),
                said_key(sheet.key, row.key, names),
                [said(each.name, row.cells.get(each.name, ""), kind_of(each), names) for each, _ in columns],
            )
            for row in rows
        ]
        return page.html(
            "records/list.html",
            sheet=sheet,
            title=TITLES[sheet.name],
            columns=columns,
            rows=shown,
            count=count,
            search=search,
            start=first,
            size=PAGE,
            separator=SEPARATOR,
        )

    return await asyncio.to_thread(read)


@get("/records/{table:str}/row", include_in_schema=False)
async def record_form(
    page: NamedDependency[Page],
    table: FromPath[str],
    key: FromQuery[str] = "",
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show one row with its history, or an empty form."""
    request = page.request
    sheet = await _sheet(request, table)
    if key:
        await viewed(request, "record-viewed", ("record", f"{sheet.name} {key}"[:200]))
    return await asyncio.to_thread(_drawn, page, sheet, key, note=note if note in NOTES else "")


@post("/records/{table:str}/row", include_in_schema=False, status_code=200)
async def record_save(request: Asked, page: NamedDependency[Page], table: FromPath[str]) -> Response[Any]:
    """Write the row that was typed, or say at each field what is wrong with it."""
    sheet = await _sheet(request, table)
    form = await fields_of(request)
    return await asyncio.to_thread(_saved, request, page, sheet, form)


@post("/records/{table:str}/withdraw", include_in_schema=False, status_code=200)
async def record_withdraw(request: Asked, page: NamedDependency[Page], table: FromPath[str]) -> Response[Any]:
    """Withdraw a row: by its own column where it has one, else by taking it out while nothing rests on it."""
    sheet = await _sheet(request, table)
    form = await fields_of(request)
    return await asyncio.to_thread(_withdrawn, request, page, sheet, form)


@post("/records/scenarios/approve", include_in_schema=False, status_code=200)
async def scenario_approve(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Add this account's approval to a scenario."""
    sheet = await _sheet(request, "scenarios")
    form = await fields_of(request)
    account, now = account_of(request), now_of(request)
    who = Approver(account.username, account.name, account.role)
    key = form.get("key", "")
    audit = audit_row(request, "scenario-approved", ("record", f"scenarios {key}"[:200]), {})

    def write(db: Connection) -> None:
        _check_state(kept_row(db, sheet, [key]), form)
        approve(db, key, who, by=account.id, now=now)
        append_audit(db, [audit])

    return await asyncio.to_thread(_done, page, sheet, key, write, "approved")


def _saved(request: Asked, page: Page, sheet: Sheet, form: Mapping[str, str]) -> Response[Any]:
    services = services_of(request)
    key = form.get("key", "")
    typed = {column.name: form.get(f"f-{column.name}", "") for column in sheet.columns}
    with services.database.reading() as db:
        before = kept_row(db, sheet, key.split(SEPARATOR)) if key else None
        there = None if key else kept_row(db, sheet, [typed[name].strip() or "1" for name in sheet.key])
    if key:
        typed |= dict(zip(sheet.key, key.split(SEPARATOR), strict=False))
    try:
        if key:
            _check_state(before, form)
        elif there is not None:
            raise TakenError
        audit = audit_row(request, "record-typed", ("import", ""), {"table": sheet.name, "row": key[:100]})
        outcome = typed_rows.save(
            _importing(request), sheet, typed, by=account_of(request).id, before=before, audit=audit
        )
    except SentenceError as error:
        return _drawn(page, sheet, key, typed=typed, problem=error.message, status=409)
    if outcome.state == "refused":
        wrong = [(each.column if each.file == sheet.file else "", each.message) for each in outcome.report.problems]
        return _drawn(page, sheet, key, typed=typed, wrong=wrong, status=422)
    if outcome.state == "previewed":
        return Redirect(f"/imports/{outcome.set_id}", status_code=303)
    return Redirect(_address(sheet, SEPARATOR.join(outcome.key), outcome.state), status_code=303)


def _withdrawn(request: Asked, page: Page, sheet: Sheet, form: Mapping[str, str]) -> Response[Any]:
    key = form.get("key", "")
    services, now = services_of(request), now_of(request)
    if sheet.name in BY_COLUMN:
        with services.database.reading() as db:
            row = kept_row(db, sheet, key.split(SEPARATOR))
            today = now.astimezone(version_in_force(db).zone).date().isoformat()
        column, value = BY_COLUMN[sheet.name]
        changed = {} if row is None else {**row.cells, column: today if value == "today" else value}
        fields = {f"f-{name}": text for name, text in changed.items()}
        return _saved(request, page, sheet, {**fields, "key": key, "state": form.get("state", "")})
    audit = audit_row(request, "record-withdrawn", ("record", f"{sheet.name} {key}"[:200]), {})

    def write(db: Connection) -> None:
        _check_state(kept_row(db, sheet, key.split(SEPARATOR)), form)
        take_out(db, sheet, key.split(SEPARATOR), by=account_of(request).id, now=now)
        append_audit(db, [audit])

    return _done(page, sheet, key, write, "")


def _done(page: Page, sheet: Sheet, key: str, write: Callable[[Connection], None], note: str) -> Response[Any]:
    try:
        services_of(page.request).writer.run_from_thread(write)
    except LookupError as error:
        raise NotFoundException(key) from error
    except SentenceError as error:
        return _drawn(page, sheet, key, problem=error.message, status=409)
    address = _address(sheet, key, note) if note else f"/records/{sheet.name}"
    return Redirect(address, status_code=303)


def _check_state(row: KeptRow | None, form: Mapping[str, str]) -> None:
    if row is None or row.state != form.get("state", ""):
        raise MovedError


def _drawn(
    page: Page,
    sheet: Sheet,
    key: str,
    *,
    note: str = "",
    typed: Mapping[str, str] | None = None,
    problem: Sentence | None = None,
    wrong: Wrong = (),
    status: int = 200,
) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        kept = kept_row(db, sheet, key.split(SEPARATOR)) if key else None
        if key and kept is None:
            raise NotFoundException(key)
        begun = kept.cells if kept else {}
        fields = fields_of_row(db, sheet, begun if typed is None else typed, wrong, is_kept=kept is not None)
        history: Sequence[RowChange] = ()
        if kept is not None and sheet.name != "history":
            history = changes_of_row(db, sheet.name, typed_rows.table_key_of(sheet, kept.key))
        codes = codes_of(db, fields)
        on_file = _unsigned(db, kept) if sheet.name == "scenarios" else []
    names = {column.name for column in sheet.columns}
    return page.html(
        "records/form.html",
        status=status,
        sheet=sheet,
        title=TITLES[sheet.name],
        key=key,
        kept=kept,
        name=name_of(sheet.name, kept.cells) if kept else {},
        fields=fields,
        history=history,
        codes=codes,
        note=note,
        on_file=on_file,
        problem=problem,
        others=[message for column, message in wrong if column not in names],
        is_wrong=bool(wrong),
        separator=SEPARATOR,
    )


def _unsigned(db: Connection, kept: KeptRow | None) -> Sequence[str]:
    """Return the approvals that are the word of a file alone (APV-3)."""
    names = [name.strip() for name in kept.cells.get(typed_rows.APPROVALS, "").split(";")] if kept else []
    given = signed(names, approvers(db))
    return [name for name in names if name and name not in given]


def _count(db: Connection, sheet: Sheet) -> int:
    return rows_listed(db, sheet, "", 0)[1] if sheet.name == "history" else count_rows(db, sheet.name)


def _address(sheet: Sheet, key: str, note: str) -> str:
    return f"/records/{sheet.name}/row?{urlencode({'key': key, 'note': note})}"


async def _sheet(request: Asked, name: str) -> Sheet:
    def read() -> Sequence[Sheet]:
        with services_of(request).database.reading() as db:
            return sheets_of(rules_in_force(db).programme)

    for sheet in await asyncio.to_thread(read):
        if sheet.name == name:
            return sheet
    raise NotFoundException(name)


def _importing(request: Asked) -> Importing:
    services = services_of(request)
    return Importing(services.database, services.writer.run_from_thread, services.clock, rest=WHILE_SERVING)


NOTES = ("written", "same", "approved")
ROUTES = [record_tables, record_list, record_form, record_save, record_withdraw, scenario_approve]
