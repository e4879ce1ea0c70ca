"""formList, forms, manifests and submissions, as OpenRosa has them.

ORO-1  Every call shows an API token of an assessor with the scope `collect`, over an encrypted connection or from this
       machine (TOK-4). Another token is told that its scope is missing, none is asked for one.
ORO-2  There is one form for each open assignment of that assessor, and none of anybody else's.
ORO-3  201 says that a submission is a record, 202 that it is kept and waits: for its files, or in the tray. Either is
       durable, and the phone may let go of it.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, head, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from checklists.language import N_, sentence
from checklists.record.assignment import Assignment
from sync_server.errors import RefusedError
from sync_server.exchange.openrosa.documents import ListedForm, answer, form_list, manifest
from sync_server.exchange.openrosa.submission import NotASubmissionError
from sync_server.exchange.openrosa.xforms import title_of
from sync_server.people.api_tokens import Caller, Scope
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import base_url
from sync_server.routes.openrosa.failures import CONTENT_TYPE, HEADERS, ROOT, SUBMISSION, accepted_length
from sync_server.routes.token_caller import calling_assessor
from sync_server.services import Services

Asked = Request[Any, Any, Any]
DOCUMENT, MORE_COMES = "xml_submission_file", "*isIncomplete*"
SAYS: dict[str, tuple[int, str]] = {
    "taken": (201, "Received."),
    "waiting": (202, "Received; waiting for the other files."),
    "tray": (202, "Received; the office decides to which visit it belongs."),
    "set_aside": (202, "Received before; the office set it aside."),
}


@get("/formList", include_in_schema=False)
async def forms(request: Asked, form_id: FromQuery[str] = "") -> Response[bytes]:
    """List a form for each open assignment; with `formID`, that one alone."""
    services, caller = await _collector(request)
    chosen = form_id or request.query_params.get("formID", "")
    opened = await asyncio.to_thread(services.collecting.open_forms, caller.assessor_id or "")
    listed = [_listed(request, *one) for one in opened if not chosen or one[0].id == chosen]
    return _xml(form_list(listed))


@get("/forms/{assignment_id:str}/form.xml", include_in_schema=False)
async def form(request: Asked, assignment_id: FromPath[str]) -> Response[bytes]:
    """Answer with the XForm of an open assignment."""
    return _xml((await _opened(request, assignment_id))[1])


@get("/forms/{assignment_id:str}/manifest.xml", include_in_schema=False)
async def form_manifest(request: Asked, assignment_id: FromPath[str]) -> Response[bytes]:
    """Answer with the manifest of a form: it brings no files along."""
    await _opened(request, assignment_id)
    return _xml(manifest())


@head("/submission", include_in_schema=False)
async def submission_wanted(request: Asked) -> Response[None]:
    """Say where submissions go, and how large one request may be."""
    await _collector(request)
    headers = {**HEADERS, **accepted_length(), "Location": f"{base_url(request)}{SUBMISSION}"}
    return Response(None, status_code=204, headers=headers)


@post("/submission", include_in_schema=False, request_max_body_size=FILE_DOORS[SUBMISSION])
async def submission(request: Asked) -> Response[bytes]:
    """Keep a submission, or more files of one, and make a record of it once it is whole."""
    services, caller = await _collector(request)
    device_id = services.collecting.device_of(caller)
    sent = await request.form()
    document, files = b"", list[tuple[str, bytes]]()
    for name, part in sent.multi_items():
        content = await part.read() if isinstance(part, UploadFile) else str(part).encode()
        if name == DOCUMENT:
            document = content
        elif isinstance(part, UploadFile):
            files.append((part.filename or name, content))
    if not document or len(document) > services.config.max_body_bytes:
        raise NotASubmissionError(sentence(N_("The submission is not readable as XML.")))
    now = services.clock()
    if wait_s := services.quota.wait_s(device_id, len(document) + sum(len(data) for _, data in files), now):
        raise RefusedError("device-quota", wait_s=wait_s)
    row, is_new = await services.collecting.keep(caller, document, files, now)
    if is_new or row.state == "waiting":
        row = await services.collecting.take(row, now, waits=MORE_COMES in sent)
        services.wake()
    status, words = SAYS[row.state]
    return _xml(answer(words), status=status)


async def _collector(request: Asked) -> tuple[Services, Caller]:
    services: Services = request.app.state.services
    return services, await calling_assessor(request, services, Scope.COLLECT)


async def _opened(request: Asked, assignment_id: str) -> tuple[Assignment, bytes]:
    services, caller = await _collector(request)
    opened = await asyncio.to_thread(services.collecting.open_forms, caller.assessor_id or "")
    found = next((one for one in opened if one[0].id == assignment_id), None)
    if found is None:
        raise NotFoundException
    return found


def _listed(request: Asked, assignment: Assignment, xform: bytes) -> ListedForm:
    address = f"{base_url(request)}{ROOT}/forms/{quote(assignment.id, safe='')}"
    title = title_of(assignment)
    return ListedForm(assignment.id, title, assignment.form, xform, f"{address}/form.xml", f"{address}/manifest.xml")


def _xml(body: bytes, *, status: int = 200) -> Response[bytes]:
    return Response(body, status_code=status, headers={**HEADERS, **accepted_length()}, media_type=CONTENT_TYPE)


ROUTES = [forms, form, form_manifest, submission_wanted, submission]
