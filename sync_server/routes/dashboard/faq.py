"""An entrant's own FAQs: typed on a page or brought in a file, handed in, and what the organiser said of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, sentence
from checklists.workbook.writing import CONTENT_TYPE, workbook
from sync_server.database.queries import hand_ins as queries
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import append_audit
from sync_server.exchange.csv.archive import gathered
from sync_server.exchange.csv.reader import read_table
from sync_server.exchange.csv.tables import Tables
from sync_server.exchange.faq_desk import FILE_SHEET, KIND, Wrong, faqs_of, hand_in_faqs, in_force, today_of, wrong_rows
from sync_server.hand_in.deadlines import faq_deadline
from sync_server.hand_in.faq import (
    COLUMNS,
    MOST_FAQS,
    Faq,
    FaqList,
    Row,
    faq_of,
    is_filed_late,
    list_problem,
    row_of,
    rows_of_form,
)
from sync_server.hand_in.versions import Receipt
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import Asked, Page, account_of, audit_row, now_of, services_of
from sync_server.season.rules import rules_in_force, version_in_force

SPARE = 3  # empty lines below those that are filled


@get("/faq", include_in_schema=False)
async def own_faqs(page: NamedDependency[Page]) -> Response[str]:
    """Show the list, filled with what was handed in last, and what was said of it."""
    return await asyncio.to_thread(_drawn, page, None, None)


@get("/faq/template.xlsx", include_in_schema=False)
async def faq_template() -> Response[bytes]:
    """Download an empty list as a workbook whose columns are text."""
    columns = FILE_SHEET.columns
    rows = [[column.name for column in columns], [column.example for column in columns]]
    content = await asyncio.to_thread(workbook, FILE_SHEET.name, rows, widths=(14, 40, 40, 40, 40))
    headers = {"Content-Disposition": 'attachment; filename="faqs.xlsx"'}
    return Response(content, media_type=CONTENT_TYPE, headers=headers)


@post("/faq", include_in_schema=False, status_code=200, request_max_body_size=FILE_DOORS["/faq"])
async def own_faqs_send(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Hand the list in and show its receipt; or bring in a file, whose lines are shown first."""
    form = await request.form()
    typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        rows, problem = await asyncio.to_thread(_read_file, upload.filename, await upload.read())
        channels = _channels(typed)
        note = None if problem else sentence(N_("These lines are from your file. Look at them, and hand them in."))
        return await asyncio.to_thread(
            _drawn,
            page,
            rows or rows_of_form(typed),
            channels,
            problem=problem,
            note=note,
            status=422 if problem else 200,
        )
    return await asyncio.to_thread(_handed_in, page, typed)


def _handed_in(page: Page, typed: Mapping[str, str]) -> Response[str]:
    request, now = page.request, now_of(page.request)
    account = account_of(request)
    entrant_id = account.entrant_id or ""
    rows = rows_of_form(typed)
    with services_of(request).database.reading() as db:
        own = _own_channels(db, entrant_id)
    channels = tuple(channel for channel in own if channel in _channels(typed))
    problem, wrong = list_problem(rows, channels), list(wrong_rows(rows))
    if problem is not None or wrong:
        return _drawn(page, rows, channels, problem=problem, wrong=wrong, status=422)
    faqs = FaqList(channels=channels, faqs=tuple(map(faq_of, rows)))

    def write(db: Connection) -> Receipt:
        receipt = hand_in_faqs(db, entrant_id, faqs, by=account.id, now=now)
        if not receipt.is_repeated:
            details = {"version": receipt.version, "digest": receipt.digest}
            append_audit(db, [audit_row(request, "handed-in", ("hand-in", receipt.hand_in_id), details)])
        return receipt

    try:
        receipt = services_of(request).writer.run_from_thread(write)
    except SentenceError as error:
        return _drawn(page, rows, channels, problem=error.message, status=409)
    services_of(request).wake()
    return _drawn(page, None, None, receipt=receipt)


def _read_file(name: str, content: bytes) -> tuple[Sequence[Row], Sentence | None]:
    given = gathered([(f"faqs.{name.rpartition('.')[2]}", content)])
    if given.problems:
        return (), given.problems[0].message
    tables = Tables(given.files, (FILE_SHEET,))
    if tables.problems:
        return (), tables.problems[0].message
    rows: list[Row] = []
    for found in tables.in_order((FILE_SHEET,)):
        reading = read_table(found)
        if reading.problems:
            first = reading.problems[0]
            words = N_("Row {row}, {column}: {what}")
            return (), sentence(words, row=first.at.row or "–", column=first.at.column, what=first.message)
        rows += [Row(cells={column: str(row.cells.get(column, "")) for column in COLUMNS}) for row in reading.rows]
    if not rows:
        return (), sentence(N_("The file holds no FAQ. Take the template, and keep its headings."))
    return rows[:MOST_FAQS], None


def _channels(typed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        name.removeprefix("channel-") for name, value in typed.items() if name.startswith("channel-") and value
    )


def _own_channels(db: Connection, entrant_id: str) -> Sequence[str]:
    rows = season.rows_of(db, "entries")
    return [row["channel"] for row in rows if row["entrant_id"] == entrant_id and not row["withdrawn"]]


def _drawn(
    page: Page,
    rows: Sequence[Row] | None,
    channels: Sequence[str] | None,
    *,
    wrong: Sequence[Wrong] = (),
    problem: Sentence | None = None,
    note: Sentence | None = None,
    receipt: Receipt | None = None,
    status: int = 200,
) -> Response[str]:
    request, now = page.request, now_of(page.request)
    entrant_id = account_of(request).entrant_id or ""
    with services_of(request).database.reading() as db:
        to = queries.hand_in_about(db, KIND, entrant_id)
        versions = queries.versions_of(db, to.id) if to else ()
        own = _own_channels(db, entrant_id)
        entries = [
            row for row in season.rows_of(db, "entries") if row["entrant_id"] == entrant_id and not row["withdrawn"]
        ]
        deadline, zone = faq_deadline(db), version_in_force(db).zone
        rules = rules_in_force(db).rules
        counting = in_force(db, entrant_id, today_of(db, now))
    newest = versions[0] if versions else None
    kept = faqs_of(newest) if newest else None
    if rows is None and kept is None and counting:
        # What the office has from a file is not to be typed again for one word in it.
        note = note or sentence(N_("These answers count now; the office has them. Change what is to be another one."))
        rows = [
            row_of(Faq(code=code, question=row["question"], answer=row["answer"])) for code, row in counting.items()
        ]
    if rows is None:
        rows = [row_of(faq) for faq in kept.faqs] if kept else []
    if channels is None:
        channels = kept.channels if kept else own
    lines = [*rows, *[Row(cells={})] * SPARE][:MOST_FAQS]
    return page.html(
        "faqs/own.html",
        status=status,
        lines=lines,
        own=own,
        chosen=channels,
        versions=versions,
        newest=newest,
        kept=kept,
        counting=counting,
        deadline=deadline,
        late=is_filed_late(entries, deadline, now),
        penalty=rules.plain_value("faq.penalty"),
        penalty_round=rules.whole("faq.round"),
        messages={(one.row, one.column): one.message for one in wrong},
        refused=problem,
        note=note,
        receipt=receipt,
        zone=zone,
    )


ROUTES = [own_faqs, own_faqs_send, faq_template]
