"""Importing a season's tables: read and checked beside the running work, previewed, confirmed, taken back.

Nothing waits for a large import but its own page, which says how far it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from checklists.language import SentenceError, Text
from checklists.workbook import writing
from sync_server.database.queries import change_sets as queries
from sync_server.exchange import spreadsheet
from sync_server.exchange.csv.archive import Gathered, gathered
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.encoding import NAMES
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.csv.problem_list import problem_list
from sync_server.exchange.csv.report import Report, in_both
from sync_server.exchange.csv.sheets import sheets_of, template, text_template
from sync_server.exchange.shown_changes import shown_changes
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import Asked, Page, account_of, audit_row, fields_of, services_of
from sync_server.season.rules import rules_in_force

logger = logging.getLogger(__name__)

ANSWERED_WITHIN_S = 3.0
MOST_SHOWN = 200
_under_way: set[asyncio.Task[None]] = set()  # a task nobody holds may be collected in the middle


@get("/imports", include_in_schema=False)
async def import_page(page: NamedDependency[Page]) -> Response[str]:
    """Show the form, the imports so far, the templates and their columns."""
    return await _first(page)


@post("/imports", include_in_schema=False, status_code=200, request_max_body_size=FILE_DOORS["/imports"])
async def import_upload(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Read and check the uploaded files; the answer leads to the preview, or to how far it is."""
    form = await request.form()
    uploads = [
        (file.filename, await file.read())
        for file in form.getall("files", [])
        if isinstance(file, UploadFile) and file.filename
    ]
    given = await asyncio.to_thread(gathered, uploads)
    importing = _importing(request)
    set_id = await asyncio.to_thread(importing.begin, account_of(request).id)
    return await _read(request, page, set_id, given, {})


@get("/imports/{set_id:str}", include_in_schema=False)
async def import_state(page: NamedDependency[Page], set_id: FromPath[str]) -> Response[str]:
    """Show one import: how far it is, what it would change, what is wrong, or what it changed."""
    return await _drawn(page, set_id)


@post("/imports/{set_id:str}/encodings", include_in_schema=False, status_code=200)
async def import_encodings(request: Asked, page: NamedDependency[Page], set_id: FromPath[str]) -> Response[Any]:
    """Read the files again, in the encodings that somebody has chosen."""
    form = await fields_of(request)
    row = await asyncio.to_thread(_importing(request).row, set_id)
    if row is None or row.state != "asked":
        raise NotFoundException(set_id)
    chosen = {name[3:]: value for name, value in form.items() if name.startswith("in:") and value in NAMES}
    files = await asyncio.to_thread(_files_of, request, set_id)
    return await _read(request, page, set_id, Gathered(files=files), chosen)


@post("/imports/{set_id:str}/confirm", include_in_schema=False, status_code=200)
async def import_confirm(request: Asked, page: NamedDependency[Page], set_id: FromPath[str]) -> Response[Any]:
    """Write what was previewed. Confirming what is written already changes nothing."""
    row = await asyncio.to_thread(_importing(request).row, set_id)
    if row is not None and row.state == "previewed":
        details = {"files": list(row.report.get("files", ())), "changes": row.report.get("staged", 0)}
        audit = audit_row(request, "season-imported", ("import", set_id), details)
        try:
            await asyncio.to_thread(_importing(request).confirm, set_id, audit)
        except SentenceError as error:
            return await _drawn(page, set_id, status=409, note=in_both(error.message))
        except LookupError:
            logger.info("an import was confirmed twice in one moment; its page says what became of it")
    return Redirect(f"/imports/{set_id}", status_code=303)


@post("/imports/{set_id:str}/undo", include_in_schema=False, status_code=200)
async def import_undo(request: Asked, page: NamedDependency[Page], set_id: FromPath[str]) -> Response[Any]:
    """Take an import back, while nothing rests on it."""
    audit = audit_row(request, "season-import-undone", ("import", set_id), {})
    try:
        await asyncio.to_thread(_importing(request).undo, set_id, account_of(request).id, audit)
    except LookupError as error:
        raise NotFoundException(set_id) from error
    except SentenceError as error:
        return await _drawn(page, set_id, status=409, note=in_both(error.message))
    return Redirect(f"/imports/{set_id}", status_code=303)


@get("/imports/{set_id:str}/problems", include_in_schema=False)
async def import_problems(page: NamedDependency[Page], set_id: FromPath[str]) -> Response[bytes]:
    """Download what is wrong as a workbook: one row a problem."""
    row = await asyncio.to_thread(_importing(page.request).row, set_id)
    if row is None:
        raise NotFoundException(set_id)
    content = await asyncio.to_thread(problem_list, _report(row.report), page.reader.language)
    return _download(content, writing.CONTENT_TYPE, "problems.xlsx")


@get("/imports/templates/{file:str}", include_in_schema=False)
async def import_template(request: Asked, file: FromPath[str]) -> Response[bytes]:
    """Download one file's header with an example row, as CSV or as a workbook whose columns are text."""
    stem, _, kind = file.rpartition(".")
    sheet = next((sheet for sheet in await _sheets(request) if sheet.name == stem), None)
    if sheet is None or kind not in ("csv", "xlsx"):
        raise NotFoundException(file)
    if kind == "xlsx":
        return _download(await asyncio.to_thread(text_template, sheet), writing.CONTENT_TYPE, file)
    return _download(template(sheet), spreadsheet.CONTENT_TYPE, file)


async def _read(
    request: Asked, page: Page, set_id: str, given: Gathered, encodings: Mapping[str, str]
) -> Response[Any]:
    """Read in a thread of its own; wait for it a moment, for most imports are small."""
    importing = _importing(request)

    async def work() -> None:
        try:
            await asyncio.to_thread(importing.preview, set_id, given, encodings)
        except Exception:
            logger.exception("an import could not be read")
            await asyncio.to_thread(importing.give_up, set_id)

    task = asyncio.create_task(work())
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    await asyncio.wait({task}, timeout=ANSWERED_WITHIN_S)
    row = await asyncio.to_thread(importing.row, set_id)
    if row is not None and row.state == "refused":
        return await _drawn(page, set_id, status=422)
    return Redirect(f"/imports/{set_id}", status_code=303)


async def _drawn(page: Page, set_id: str, *, status: int = 200, note: Text | None = None) -> Response[str]:
    request = page.request

    def read() -> tuple[queries.SetRow | None, Sequence[Any]]:
        with services_of(request).database.reading() as db:
            row = queries.set_of(db, set_id)
            return row, shown_changes(db, set_id, limit=MOST_SHOWN) if row else ()

    row, changes = await asyncio.to_thread(read)
    if row is None:
        raise NotFoundException(set_id)
    report = _report(row.report)
    reply = page.html(
        "imports/page.html", status=status, row=row, report=report, changes=changes, encodings=NAMES, note=note or {}
    )
    if row.state == "reading":
        reply.headers["Refresh"] = "1"
    return reply


async def _first(page: Page) -> Response[str]:
    database = services_of(page.request).database

    def read() -> Sequence[queries.SetRow]:
        with database.reading() as db:
            return queries.recent_sets(db)

    return page.html("imports.html", sheets=await _sheets(page.request), sets=await asyncio.to_thread(read))


async def _sheets(request: Asked) -> Sequence[Sheet]:
    """Return the files and columns of a season of the programme in force."""
    database = services_of(request).database

    def read() -> Sequence[Sheet]:
        with database.reading() as db:
            return sheets_of(rules_in_force(db).programme)

    return await asyncio.to_thread(read)


def _importing(request: Asked) -> Importing:
    services = services_of(request)
    return Importing(services.database, services.writer.run_from_thread, services.clock, rest=WHILE_SERVING)


def _files_of(request: Asked, set_id: str) -> Mapping[str, bytes]:
    with services_of(request).database.reading() as db:
        return queries.files_of(db, set_id)


def _report(kept: Mapping[str, Any]) -> Report:
    return msgspec.convert(dict(kept), Report)


def _download(content: bytes, kind: str, name: str) -> Response[bytes]:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


ROUTES = [
    import_page,
    import_upload,
    import_state,
    import_encodings,
    import_confirm,
    import_undo,
    import_problems,
    import_template,
]
