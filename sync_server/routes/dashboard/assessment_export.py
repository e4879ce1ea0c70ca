"""The list of assessments as a CSV file, for the office's own spreadsheets: one line each, in the reader's language.

LEX-1  It holds what the list's filters let through, each assessment once. What arrives meanwhile may be in it or not.
LEX-2  It is made while it is sent, a page at a time: memory stays flat however many there are.
LEX-3  Nothing in it is read as a formula. Moments are in the season's zone (that of its rules), which the header names.
LEX-4  The answers follow, a column a question (`answer_columns`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from sync_server.database.queries import assessment_export as queries
from sync_server.database.queries.assessment_lists import Filter
from sync_server.exchange import spreadsheet
from sync_server.exchange.answer_columns import answer_columns
from sync_server.exchange.visit_table import Words, cells, heads, words_of
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.pages.drawing import Reader
from sync_server.routes.dashboard.assessments import NARROWED, filled
from sync_server.routes.dashboard.page import Asked, now_of, reader_of, services_of, viewed
from sync_server.season.rules import rules_in_force


@get("/assessments/export", include_in_schema=False, dependencies=NARROWED)
async def assessment_export(request: Asked, narrowed: NamedDependency[Filter]) -> Stream:
    """Stream the assessments the filter lets through as CSV (UTF-8 with BOM), by number."""
    await viewed(request, "assessments-exported", ("assessments", "list"), **filled(narrowed))
    reader = reader_of(request)
    day = now_of(request).astimezone(reader.zone).date().isoformat()
    return Stream(
        _blocks(request, reader, narrowed),
        media_type=spreadsheet.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="assessments-{day}.csv"'},
    )


async def _blocks(request: Asked, reader: Reader, narrowed: Filter) -> AsyncIterator[bytes]:
    database = services_of(request).database

    def begin() -> tuple[Words, Sequence[str]]:
        with database.reading() as db:
            questions = answer_columns(services_of(request).forms.forms(db), queries.forms_used(db, narrowed))
            return words_of(reader.language, rules_in_force(db)), questions

    def page(after: str) -> tuple[bytes, str]:
        with database.reading() as db:
            rows = queries.export_page(db, narrowed, after=after, limit=queries.PAGE)
            counted = CountedRecords(db, [row.id for row in rows])
        made = {row.id: counted.made_on(row.id, row.digest) for row in rows}
        lines = spreadsheet.lines(cells(row, words, questions, made[row.id]) for row in rows)
        return lines, rows[-1].id if rows else ""

    words, questions = await asyncio.to_thread(begin)
    yield spreadsheet.BOM + spreadsheet.lines([[*heads(words, reader.language), *questions]])
    block, last = await asyncio.to_thread(page, "")
    while last:
        yield block
        block, last = await asyncio.to_thread(page, last)


ROUTES = [assessment_export]
