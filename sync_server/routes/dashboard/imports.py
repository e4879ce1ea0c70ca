"""The import page: a season's CSV files, checked whole, then written whole; and the templates to start from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import Connection

from checklists.language import Sentence
from sync_server.database.queries.audit_log import append_audit
from sync_server.database.queries.season import KEYS
from sync_server.exchange import spreadsheet
from sync_server.exchange.csv.archive import gathered
from sync_server.exchange.csv.plan import Checked, Plan
from sync_server.exchange.csv.problems import SheetProblem
from sync_server.exchange.csv.season_import import import_files
from sync_server.exchange.csv.sheets import Sheet, meaning_of, sheets_of, template
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import Asked, Page, account_of, audit_row, now_of, services_of
from sync_server.season.rules import rules_in_force
from sync_server.season.set_up import set_up

MAX_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What an import did to one kind of row."""

    name: str
    added: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of an import: counts, or problems of which the first are shown."""

    counts: Sequence[Count] = ()
    assignments: int = 0
    problems: Sequence[tuple[SheetProblem, str]] = ()  # with what its column means
    problem_count: int = 0
    remarks: Sequence[Sentence] = ()


@get("/imports", include_in_schema=False)
async def import_page(page: NamedDependency[Page]) -> Response[str]:
    """Show the form, the templates and their columns."""
    return await _drawn(page, None)


@post("/imports", include_in_schema=False, status_code=200, request_max_body_size=FILE_DOORS["/imports"])
async def import_upload(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Import the uploaded files, all or nothing, and show the result. The same files again change nothing."""
    form = await request.form()
    uploads = [
        (file.filename, await file.read())
        for file in form.getall("files", [])
        if isinstance(file, UploadFile) and file.filename
    ]
    given = await asyncio.to_thread(gathered, uploads)
    files = given.files
    if given.problems:
        return await _drawn(page, _failed(Checked(plan=None, problems=given.problems, remarks=given.remarks)))
    by, now = account_of(request).id, now_of(request)
    row = audit_row(request, "season-imported", ("season", "season"), {"files": sorted(files)})

    def write(db: Connection) -> Checked:
        set_up(db, now)
        checked = import_files(db, files, now=now, by=by)
        if checked.plan is not None:
            append_audit(db, [row])
        return msgspec.structs.replace(checked, remarks=(*given.remarks, *checked.remarks))

    checked = await services_of(request).writer.run(write)
    outcome = _failed(checked) if checked.plan is None else _done(checked, checked.plan)
    return await _drawn(page, outcome)


@get("/imports/templates/{file:str}", include_in_schema=False)
async def import_template(request: Asked, file: FromPath[str]) -> Response[bytes]:
    """Download one file's header with an example row."""
    sheet = next((sheet for sheet in await _sheets(request) if sheet.file == file), None)
    if sheet is None:
        raise NotFoundException(file)
    return Response(
        template(sheet),
        media_type=spreadsheet.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{sheet.file}"'},
    )


async def _sheets(request: Asked) -> Sequence[Sheet]:
    """Return the files and columns of a season of the programme in force."""
    database = services_of(request).database

    def read() -> Sequence[Sheet]:
        with database.reading() as db:
            return sheets_of(rules_in_force(db).programme)

    return await asyncio.to_thread(read)


def _failed(checked: Checked) -> Outcome:
    shown = [(problem, meaning_of(problem.at)) for problem in checked.problems[:MAX_SHOWN]]
    return Outcome(problems=shown, problem_count=len(checked.problems), remarks=checked.remarks)


def _done(checked: Checked, plan: Plan) -> Outcome:
    counts = [
        Count(
            name=name,
            added=len(plan.added.get(name, ())),
            changed=len(plan.changed.get(name, ())),
            same=plan.unchanged.get(name, 0),
        )
        for name in KEYS
    ]
    touched = [count for count in counts if count.added or count.changed or count.same]
    return Outcome(counts=touched, assignments=len(plan.assignments), remarks=checked.remarks)


async def _drawn(page: Page, outcome: Outcome | None) -> Response[str]:
    status = 422 if outcome is not None and outcome.problems else 200
    return page.html("imports.html", status=status, sheets=await _sheets(page.request), outcome=outcome)


ROUTES = [import_page, import_upload, import_template]
