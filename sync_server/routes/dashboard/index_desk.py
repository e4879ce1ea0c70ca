"""The customer index for the office: what answers say by industry and company, printed tables, CSV and print."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from sqlalchemy import Connection

from checklists.index.survey import pulse_survey
from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.database.queries import counters, publications
from sync_server.database.queries import survey as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.survey import CompanyRow, SurveyRow
from sync_server.exchange.csv.cells import CellError, end_moment, moment
from sync_server.exchange.csv.problems import SheetProblem
from sync_server.exchange.index_lines import index_document, lines_rows
from sync_server.exchange.index_table import read_index
from sync_server.print.document import CannotPrintError
from sync_server.print.process import printed
from sync_server.publication import apart
from sync_server.review.basis import refusal
from sync_server.review.outcome import By
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    base_url,
    decided,
    fields_of,
    now_of,
    services_of,
)
from sync_server.routes.dashboard.tables import table_stream, wants_brackets
from sync_server.season.edition import current_edition
from sync_server.season.rules import version_in_force
from sync_server.survey.counters import set_counter
from sync_server.survey.measured import company_lines, industry_lines
from sync_server.survey.printed import Print, changes, keep_printed, printed_tables
from sync_server.survey.publishing import what_of

SUBJECT = ("index", "survey")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_EDITION = re.compile(r"[0-9]{4}(?:[-/][0-9]{2,4})?")


class NotKeptError(SentenceError):
    """What was typed cannot be kept."""


@get("/index", include_in_schema=False)
async def index_page(page: NamedDependency[Page]) -> Response[str]:
    """Show what the answers say by industry, beside the tables that were printed."""
    return await asyncio.to_thread(drawn, page)


@get("/index/industries/{industry:str}", include_in_schema=False)
async def index_industry(page: NamedDependency[Page], industry: FromPath[str]) -> Response[str]:
    """Show the companies of an industry, with the address and the code that customers scan."""
    known = pulse_survey().industry(industry)
    if known is None:
        raise NotFoundException(industry)

    def read() -> Response[str]:
        with services_of(page.request).database.reading() as db:
            surveys = queries.survey_rows(db)
            lines = company_lines(db, surveys[0].edition if surveys else 0, industry)
        base, brackets = base_url(page.request), wants_brackets(page.request)
        return page.html("index/industry.html", industry=known, lines=lines, base=base, brackets=brackets)

    return await asyncio.to_thread(read)


@get("/index/table.csv", include_in_schema=False)
async def index_csv(page: NamedDependency[Page]) -> Stream:
    """Download the table by industry."""

    def read() -> Sequence[Sequence[object]]:
        with services_of(page.request).database.reading() as db:
            surveys = queries.survey_rows(db)
            lines = industry_lines(db, surveys[0].edition if surveys else 0)
        return lines_rows(lines, brackets=wants_brackets(page.request))

    return table_stream(page.request, "index", await asyncio.to_thread(read))


@get("/index/table.pdf", include_in_schema=False)
async def index_pdf(page: NamedDependency[Page]) -> Response[Any]:
    """Download the table by industry, and the printed ones, as a PDF in the reader's language."""

    def read() -> bytes:
        with services_of(page.request).database.reading() as db:
            surveys, edition = queries.survey_rows(db), current_edition(db)
            lines = industry_lines(db, surveys[0].edition) if surveys else []
            title = edition.title if edition else {}
            tables, brackets = printed_tables(db), wants_brackets(page.request)
            document = index_document(lines, tables, title, surveys[:1], page.reader.language, brackets=brackets)
        return printed(document)

    try:
        body = await asyncio.to_thread(read)
    except CannotPrintError as error:
        return await asyncio.to_thread(drawn, page, problem=error.message, status=409)
    return _file(body, "application/pdf", f"index_{page.reader.language}.pdf")


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


@post("/index/survey", include_in_schema=False)
async def index_survey(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Set when the survey of an edition is open."""
    form = await fields_of(request)

    def write(db: Connection) -> None:
        queries.set_survey(db, _survey_of(db, form))

    details = {"edition": form.get("edition", "")[:9]}
    return await _decided(page, "index-survey-set", write, form, details)


@post("/index/companies", include_in_schema=False)
async def index_company(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Add a company that customers are asked about, or change its name and industry."""
    form, now = await fields_of(request), now_of(request)

    def write(db: Connection) -> None:
        code, en, zh = (form.get(name, "").strip() for name in ("company", "name_en", "name_zh"))
        if not _CODE.fullmatch(code):
            raise NotKeptError(
                sentence(N_("The code is up to 40 small letters, digits and “-”: it stands in an address."))
            )
        if pulse_survey().industry(form.get("industry", "")) is None or not (en or zh) or max(len(en), len(zh)) > 200:
            raise NotKeptError(sentence(N_("Give an industry and a name, in English, in Chinese or both.")))
        name = {"en": en or zh, "zh-Hant": zh or en}
        queries.set_company(db, CompanyRow(code, form["industry"], name, now))

    details = {"company": form.get("company", "")[:40]}
    return await _decided(page, "index-company-set", write, form, details)


@post("/index/counters", include_in_schema=False)
async def index_counter(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Set a phone to the counter of a company, or to none."""
    form, now = await fields_of(request), now_of(request)
    device, company = form.get("device", "")[:40], form.get("counter-company", "")[:40]

    def write(db: Connection) -> None:
        set_counter(db, device, company, now)

    return await _decided(page, "index-counter-set", write, form, {"device": device, "company": company})


@post("/index/printed", include_in_schema=False, request_max_body_size=FILE_DOORS["/index/printed"])
async def index_printed(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep a table that was printed, or name every problem of it."""
    form = await fields_of(request)
    upload = (await request.form()).get("file")
    name = str(upload.filename)[-80:] if isinstance(upload, UploadFile) else ""
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    reading = await asyncio.to_thread(read_index, content, name or "index.csv")
    if reading.table is None:
        return await asyncio.to_thread(drawn, page, form=form, problems=reading.problems, status=422)
    table, now = reading.table, now_of(request)

    def write(db: Connection) -> None:
        edition, stated = form.get("edition", "").strip(), form.get("stated", "").strip()
        if not _EDITION.fullmatch(edition):
            raise NotKeptError(sentence(N_("Write the edition as it is printed, such as 2021 or 2020-2021.")))
        if stated and not (stated.isascii() and stated.isdigit() and len(stated) < 4):
            raise NotKeptError(sentence(N_("Write how many industries the text says there are, or nothing.")))
        source = form.get("source", "").strip()[:500]
        keep_printed(db, Print(edition, source, int(stated) if stated else None), table, now)

    details = {"edition": form.get("edition", "")[:9], "rows": len(table.rows)}
    return await _decided(page, "index-printed-kept", write, form, details)


async def _decided(
    page: Page, action: str, write: Any, form: Mapping[str, str], details: Mapping[str, object]
) -> Response[Any]:
    try:
        await decided(page.request, action, SUBJECT, write, form, **details)
    except SentenceError as error:
        return await asyncio.to_thread(drawn, page, form=form, status=409, **refusal(error))
    return Redirect("/index", status_code=303)


def _survey_of(db: Connection, form: Mapping[str, str]) -> SurveyRow:
    zone = version_in_force(db).zone
    edition = form.get("edition", "").strip()
    if not (edition.isascii() and edition.isdigit() and len(edition) == 4):
        raise NotKeptError(sentence(N_("Write the year of the survey, such as 2021.")))
    try:
        opens, closes = moment(form.get("opens", "").strip()), end_moment(form.get("closes", "").strip())
    except CellError as error:
        raise NotKeptError(error.message) from error
    opens_at, closes_at = (at if at.tzinfo else at.replace(tzinfo=zone) for at in (opens, closes))
    if opens_at >= closes_at:
        raise NotKeptError(sentence(N_("The survey closes before it opens: exchange the two.")))
    return SurveyRow(int(edition), opens_at, closes_at)


def drawn(
    page: Page,
    *,
    form: Mapping[str, str] | None = None,
    problems: Sequence[SheetProblem] = (),
    problem: Sentence | None = None,
    status: int = 200,
    **told: Any,
) -> Response[str]:
    """Return the office's page of the index."""
    with services_of(page.request).database.reading() as db:
        surveys, tables = queries.survey_rows(db), printed_tables(db)
        lines = industry_lines(db, surveys[0].edition) if surveys else []
        standing, phones, companies = counters.counters(db), counters.phones(db), queries.company_rows(db)
        basis, zone = last_entry(db), version_in_force(db).zone
        what = what_of(surveys[0].edition) if surveys else ""
        out, copy = publications.published(db, what), publications.standing_copy(db, what)
        waiting = copy if copy is not None and copy.published_at is None else None
        by = By(account_of(page.request).id, now_of(page.request))
        refused = apart.refusal_of(db, waiting, by) if waiting is not None and not waiting.is_signed else None
    compared = changes(tables[0].table, tables[1].table) if len(tables) > 1 else []
    return page.html(
        "index/page.html",
        status=status,
        surveys=surveys,
        lines=lines,
        tables=tables,
        compared=compared,
        brackets=wants_brackets(page.request),
        standing=standing,
        phones=phones,
        companies=companies,
        out=out,
        waiting=waiting,
        refused=refused,
        industries=pulse_survey().industries,
        filled=form or page.reader.typed or {},
        problems=problems,
        basis=basis,
        zone=zone,
        problem=problem,
        **told,
    )


ROUTES = [
    index_page, index_industry, index_csv, index_pdf, index_survey, index_company, index_counter,
    index_printed,
]  # fmt: skip
