"""The list of assessments as a CSV file, for the office's own spreadsheets: one line each, in the reader's language.

LEX-1  It holds what the list's filters let through, each assessment once. What arrives meanwhile may be in it or not.
LEX-2  It is made while it is sent, a page at a time: memory stays flat however many there are.
LEX-3  Nothing in it is read as a formula. Moments are in the season's zone (that of its rules), which the header names.
LEX-4  The answers follow, a column a question (`answer_columns`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from checklists.language import N_, in_language
from sync_server.database.queries import assessment_export as queries
from sync_server.database.queries.assessment_export import ExportRow
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.bench import CorrectionRow
from sync_server.exchange import spreadsheet
from sync_server.exchange.answer_columns import answer_cells, answer_columns
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.pages.drawing import Reader, translated
from sync_server.pages.labels import label
from sync_server.routes.dashboard.assessments import NARROWED, filled
from sync_server.routes.dashboard.page import Asked, now_of, reader_of, services_of, viewed
from sync_server.season.rules import Rules, rules_in_force


class _Words(NamedTuple):
    """What cells are called in the language of this reader."""

    text: Callable[[Mapping[str, str] | None], str]
    label: Callable[[str, str | None], str]
    industry: Callable[[str], str]
    moment: Callable[[datetime | None], str]
    zone: ZoneInfo
    yes_no: Callable[[bool], str]


# Header and cell of each column. A header of a moment gets its zone.
COLUMNS: tuple[tuple[str, Callable[[ExportRow, _Words], object]], ...] = (
    (N_("Number"), lambda row, _: row.id),
    (N_("Entrant's code"), lambda row, _: row.entrant_id),
    (N_("Entrant"), lambda row, words: words.text(row.entrant_name)),
    (N_("Industry"), lambda row, words: words.industry(row.industry)),
    (N_("Channel"), lambda row, words: words.label("channel", row.channel)),
    (N_("Sub-channel"), lambda row, words: words.label("subchannel", row.subchannel)),
    (N_("Round"), lambda row, _: row.round),
    (N_("Scenario"), lambda row, words: words.text(row.scenario)),
    (N_("Branch"), lambda row, words: words.text(row.branch)),
    (N_("Form"), lambda row, _: row.form),
    (N_("Assessor's code"), lambda row, _: row.assessor_id),
    (N_("Assessor"), lambda row, _: row.assessor_name),
    (N_("State"), lambda row, words: words.label("status", row.status)),
    (N_("Contact"), lambda row, words: words.label("contact", row.contact)),
    (N_("Score"), lambda row, _: row.base_shown),
    (N_("Files received"), lambda row, _: row.files_held),
    (N_("Files named"), lambda row, _: row.files_named),
    (N_("Revision"), lambda row, _: row.revision),
    (N_("With a conflict"), lambda row, words: words.yes_no(bool(row.conflicts))),
    (N_("Clock off"), lambda row, words: words.yes_no(row.clock_wrong)),
)
MOMENTS: tuple[tuple[str, Callable[[ExportRow], datetime | None]], ...] = (
    (N_("Started"), lambda row: row.started_at),
    (N_("Finished"), lambda row: row.finished_at),
    (N_("First received"), lambda row: row.first_received_at),
    (N_("Received"), lambda row: row.received_at),
)


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

    def begin() -> tuple[_Words, Sequence[str]]:
        with database.reading() as db:
            questions = answer_columns(services_of(request).forms.forms(db), queries.forms_used(db, narrowed))
            return _words(reader, rules_in_force(db)), questions

    def page(after: str) -> tuple[bytes, str]:
        with database.reading() as db:
            rows = queries.export_page(db, narrowed, after=after, limit=queries.PAGE)
            counted = CountedRecords(db, [row.id for row in rows])
        made = {row.id: counted.made_on(row.id, row.digest) for row in rows}
        lines = spreadsheet.lines(_cells(row, words, questions, made[row.id]) for row in rows)
        return lines, rows[-1].id if rows else ""

    words, questions = await asyncio.to_thread(begin)
    headers = [translated(reader, header) for header, _ in COLUMNS]
    headers += [f"{translated(reader, header)} ({words.zone.key})" for header, _ in MOMENTS]
    yield spreadsheet.BOM + spreadsheet.lines([[*headers, *questions]])
    block, last = await asyncio.to_thread(page, "")
    while last:
        yield block
        block, last = await asyncio.to_thread(page, last)


def _cells(row: ExportRow, words: _Words, questions: Sequence[str], made: Sequence[CorrectionRow]) -> list[object]:
    own = [cell(row, words) for _, cell in COLUMNS]
    return (
        own
        + [words.moment(at(row)) for _, at in MOMENTS]
        + answer_cells(row.body, questions, {one.question: one.after for one in made})
    )


def _words(reader: Reader, rules: Rules) -> _Words:
    zone = rules.rules.zone("tz")
    yes, no = translated(reader, N_("Yes")), translated(reader, N_("No"))

    def text(value: Mapping[str, str] | None) -> str:
        return in_language(value, reader.language) if value else ""

    @cache
    def label_of(kind: str, code: str | None) -> str:
        return translated(reader, label(kind, code)) if code else ""

    return _Words(
        text=text,
        label=label_of,
        industry=cache(lambda code: text(rules.industry_name(code))),
        moment=lambda at: _local(at, zone),
        zone=zone,
        yes_no=lambda is_so: yes if is_so else no,
    )


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    """As spreadsheets read a moment: without a zone, which would make it text."""
    return "" if at is None else at.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds")


ROUTES = [assessment_export]
