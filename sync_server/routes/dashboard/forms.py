"""The forms of the season: looked at, taken along as files, and a new version brought in from an XLSForm.

A file is read and shown first, with everything that is wrong with it or not asked; nothing is kept before somebody
publishes it. The form's own file is what is published: the page carries it, and it is checked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.forms.file import FormError
from checklists.forms.form import AWARD_CHANNELS, Channel, Form
from checklists.forms.toml_out import toml_of
from checklists.forms.xlsform.reading import taken
from checklists.forms.xlsform.report import Kept
from checklists.forms.xlsform.writing import sheets
from checklists.language import Sentence
from checklists.problems import Problem
from checklists.workbook.reading import WorkbookError, worksheets
from checklists.workbook.writing import CONTENT_TYPE, workbook_of
from sync_server.database.queries.audit_log import last_entry
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import Asked, Page, decided, fields_of, now_of, services_of
from sync_server.season.form_versions import (
    as_next_version,
    draft_names,
    kept_forms,
    next_version,
    pinned,
    problems_of,
    publish,
    sameness_of,
)

MOST_SHOWN = 300
SUBJECT = ("form", "new")


class _Preview(NamedTuple):
    """What a file is: a form to be published with its file, or problems; what of it is not asked; remarks."""

    file: str
    form: Form | None = None
    toml: str = ""
    problems: Sequence[Problem] = ()
    kept: Sequence[Kept] = ()
    remarks: Sequence[Sentence] = ()
    unreadable: Sentence | None = None


@get("/forms", include_in_schema=False)
async def forms_page(page: NamedDependency[Page], *, done: FromQuery[str] = "") -> Response[str]:
    """Show every form version, and the way to bring in another."""
    return await _drawn(page, done=done)


@post("/forms", include_in_schema=False, status_code=200, request_max_body_size=FILE_DOORS["/forms"])
async def form_upload(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Read an XLSForm, and show what it would be as the next version of the form of a channel."""
    form = await request.form()
    upload = form.get("file")
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    name = str(upload.filename) if isinstance(upload, UploadFile) else ""
    channel = form.get("channel")
    known = channel if isinstance(channel, str) and channel in AWARD_CHANNELS else None

    def read() -> _Preview:
        with services_of(request).database.reading() as db:
            kept = kept_forms(db)
        return _previewed(name, content, Channel(known) if known else None, kept)

    preview = await asyncio.to_thread(read)
    return await _drawn(page, status=200 if preview.form else 422, preview=preview, channel=known or "")


@post("/forms/publish", include_in_schema=False, request_max_body_size=FILE_DOORS["/forms/publish"])
async def form_publish(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Publish the form of a file as the next version. Whoever comes after another looks at it anew."""
    fields = await fields_of(request)
    toml, now = fields.get("toml", "").encode(), now_of(request)

    def write(db: Connection) -> str:
        form = next_version(toml, kept_forms(db))
        publish(db, form, now)
        return form.id

    try:
        form_id = await decided(request, "form-published", SUBJECT, write, fields, file=fields.get("file", "")[:100])
    except DecidedMeanwhileError as error:
        return await _drawn(page, status=409, **refusal(error))
    except FormError as error:
        return await _drawn(page, status=422, preview=_Preview(fields.get("file", "")[:100], problems=error.problems))
    services_of(request).wake()
    return Redirect(f"/forms?done={form_id}", status_code=303)


@get("/forms/files/{form_file:str}", include_in_schema=False)
async def form_file(request: Asked, form_file: FromPath[str]) -> Response[bytes]:
    """Download a form version as its own file, or as an XLSForm."""
    form_id, _, kind = form_file.rpartition(".")

    def read() -> bytes | None:
        with services_of(request).database.reading() as db:
            form = kept_forms(db).get(form_id)
        if form is None or kind not in ("toml", "xlsx"):
            return None
        return toml_of(form).encode() if kind == "toml" else workbook_of(sheets(form))

    content = await asyncio.to_thread(read)
    if content is None:
        raise NotFoundException(form_file)
    headers = {"Content-Disposition": f'attachment; filename="{form_file}"'}
    return Response(content, media_type="application/toml" if kind == "toml" else CONTENT_TYPE, headers=headers)


def _previewed(name: str, content: bytes, channel: Channel | None, kept: Mapping[str, Form]) -> _Preview:
    file = PurePath(name).name[:100]
    try:
        grids = {sheet.name: sheet.grid for sheet in worksheets(content)}
    except WorkbookError as error:
        return _Preview(file, unreadable=error.message)
    found = taken(grids, name=PurePath(file).stem, channel=channel)
    if found.form is None:
        return _Preview(file, problems=found.problems, kept=found.kept)
    form = as_next_version(found.form, kept)
    if problems := (*problems_of(form, kept), *sameness_of(form, kept)):
        return _Preview(file, problems=problems, kept=found.kept)
    return _Preview(file, form, toml_of(form), kept=found.kept, remarks=found.remarks)


async def _drawn(
    page: Page, *, status: int = 200, preview: _Preview | None = None, channel: str = "", done: str = "", **more: Any
) -> Response[str]:
    def read() -> dict[str, Any]:
        with services_of(page.request).database.reading() as db:
            forms, basis = list(kept_forms(db).values()), last_entry(db)
            return {"forms": forms, "basis": basis, "pins": pinned(db), "drafts": draft_names(db)}

    values = await asyncio.to_thread(read)
    return await asyncio.to_thread(
        page.html,
        "forms.html",
        status=status,
        preview=preview,
        channel=channel,
        channels=AWARD_CHANNELS,
        most=MOST_SHOWN,
        done=done if any(form.id == done for form in values["forms"]) else "",
        **values,
        **more,
    )


ROUTES = [forms_page, form_upload, form_publish, form_file]
