"""The list of assessments as a table (TBF) for the office's own spreadsheets: one line each, in the reader's language.

LEX-1  It holds what the list's filters let through, each assessment once. What arrives meanwhile may be in it or not.
LEX-2  It is made while it is sent, a page at a time: memory stays flat however many there are.
LEX-3  Nothing in it is read as a formula. Moments are in the season's zone (that of its rules), which the header names.
LEX-4  The answers follow, a column a question (`answer_columns`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream
from sqlalchemy import Connection

from sync_server.database.queries import assessment_export as queries
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.unseen import UnseenInFile
from sync_server.exchange.answer_columns import answer_columns, question_texts
from sync_server.exchange.table_files import XLSX
from sync_server.exchange.visit_table import cells, heads, words_of
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.pages.drawing import Reader
from sync_server.routes.dashboard.assessments import NARROWED, filled
from sync_server.routes.dashboard.page import Asked, now_of, reader_of, services_of, viewed
from sync_server.routes.dashboard.tables import kind_of, table_stream
from sync_server.season.rules import rules_in_force


@get("/assessments/export", include_in_schema=False, dependencies=NARROWED)
async def assessment_export(request: Asked, narrowed: NamedDependency[Filter]) -> Stream:
    """Stream the assessments the filter lets through as a table, by number."""
    await viewed(request, "assessments-exported", ("assessments", "list"), **filled(narrowed))
    reader = reader_of(request)
    day = now_of(request).astimezone(reader.zone).date().isoformat()
    rows = _Rows(request, reader, narrowed)
    texts = await asyncio.to_thread(rows.texts) if kind_of(request) == XLSX else ()
    return table_stream(request, f"assessments-{day}", rows, texts=texts)


class _Rows:
    """The table, read a page at a time: heads, then a row an assessment."""

    def __init__(self, request: Asked, reader: Reader, narrowed: Filter) -> None:
        self._services, self._reader, self._narrowed = services_of(request), reader, narrowed

    def texts(self) -> Sequence[object]:
        """Return what the columns of questions ask, in the reader's language; nothing for the others."""
        with self._services.database.reading() as db:
            forms = self._services.forms.forms(db)
            columns, words = self._columns(db), words_of(self._reader.language, rules_in_force(db))
        own = heads(words, self._reader.language)
        return [None] * len(own) + question_texts(forms, columns, self._reader.language)

    def _columns(self, db: Connection) -> Sequence[str]:
        return answer_columns(self._services.forms.forms(db), queries.forms_used(db, self._narrowed))

    def __iter__(self) -> Iterator[Sequence[object]]:
        database, after, left_out = self._services.database, "", UnseenInFile()
        with database.reading() as db:
            questions, words = self._columns(db), words_of(self._reader.language, rules_in_force(db))
        yield [*heads(words, self._reader.language), *questions]
        while True:
            with database.reading() as db:
                rows = queries.export_page(db, self._narrowed, after=after, limit=queries.PAGE, left_out=left_out)
                counted = CountedRecords(db, [row.id for row in rows])
            if not rows:
                return
            yield from (cells(row, words, questions, counted.made_on(row.id, row.digest)) for row in rows)
            after = rows[-1].id


ROUTES = [assessment_export]
