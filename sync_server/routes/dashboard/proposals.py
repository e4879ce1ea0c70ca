"""The office's side of proposals: who has handed in, marks by judge with their spread, the ranked list, packs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from checklists.proposal.marks import short
from checklists.proposal.template import proposal_template
from sync_server.database.queries import hand_ins, panel
from sync_server.database.queries import proposals as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.exchange.csv.cells import CellError, end_moment
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import WORD_TYPE, printed
from sync_server.proposals.attachments import joined
from sync_server.proposals.figures import Standing, enter_outside, standing_of, standings
from sync_server.proposals.handing import ATTACHMENT, FIGURES, KIND, CannotReopenError, late_by, reopen
from sync_server.proposals.pack import pack_document
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    decided,
    download,
    fields_of,
    now_of,
    services_of,
    viewed,
)


@get("/proposals", include_in_schema=False)
async def proposal_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show every proposal, the ranked ones first."""
    await viewed(request, "hand-ins-listed", ("hand-ins", KIND))

    def read() -> Response[str]:
        template = proposal_template()
        with services_of(request).database.reading() as db:
            listed = standings(db, template)
        return page.html(
            "proposals/list.html",
            listed=listed,
            form=template,
            late={one.row.id: late_by(template, one.versions[0].handed_at) for _, one in listed if one.versions},
            short=short,
            zone=template.deadline.tzinfo,
        )

    return await asyncio.to_thread(read)


@get("/proposals/{proposal_id:str}", include_in_schema=False)
async def proposal_page(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[str]:
    """Show one proposal: its versions, marks by judge, points from outside, and reopening its deadline."""
    await viewed(request, "hand-in-viewed", ("hand-in", proposal_id))
    return await asyncio.to_thread(_drawn, page, proposal_id)


@get("/proposals/{proposal_id:str}/pack.pdf", include_in_schema=False)
async def proposal_pack(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Download a proposal in the template's order with its attachment, as one PDF in the reader's language."""
    await viewed(request, "hand-in-file-taken", ("hand-in", proposal_id))

    def read() -> bytes:
        document, attached = _paper(page, proposal_id)
        pack = printed(document)
        return pack if attached is None else joined(pack, attached)

    try:
        body = await asyncio.to_thread(read)
    except CannotPrintError as error:
        return await asyncio.to_thread(_drawn, page, proposal_id, status=409, **refusal(error))
    return download(body, f"{proposal_id}.pdf", "application/pdf")


@get("/proposals/{proposal_id:str}/pack.docx", include_in_schema=False)
async def proposal_word(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Download the template filled in as a Word file, in the reader's language; the attachment is another file."""
    await viewed(request, "hand-in-file-taken", ("hand-in", proposal_id))
    document, _ = await asyncio.to_thread(_paper, page, proposal_id)
    try:
        body = await asyncio.to_thread(printed, document, "docx")
    except CannotPrintError as error:
        return await asyncio.to_thread(_drawn, page, proposal_id, status=409, **refusal(error))
    return download(body, f"{proposal_id}.docx", WORD_TYPE)


@get("/proposals/{proposal_id:str}/attachment.pdf", include_in_schema=False)
async def proposal_attachment(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Download the attachment as it was handed in."""
    await viewed(request, "hand-in-file-taken", ("hand-in", proposal_id))
    _, attached = await asyncio.to_thread(_paper, page, proposal_id)
    if attached is None:
        raise NotFoundException(proposal_id)
    return download(attached, f"{proposal_id}_attachment.pdf", "application/pdf")


@post("/proposals/{proposal_id:str}/reopen", include_in_schema=False)
async def proposal_reopen(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Let one proposal be handed in until a moment, with why."""
    form, now, by = await fields_of(request), now_of(request), account_of(request).id

    def write(db: Connection) -> None:
        try:
            until = end_moment(form.get("until", "").strip())
        except CellError as error:
            raise CannotReopenError(error.message) from error
        zoned = until if until.tzinfo else until.replace(tzinfo=proposal_template().deadline.tzinfo)
        reopen(db, proposal_id, zoned, form.get("reason", ""), by=by, now=now)

    return await _decided(page, proposal_id, "proposal-reopened", write, form)


@post("/proposals/{proposal_id:str}/outside", include_in_schema=False)
async def proposal_outside(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Keep points from outside the template, by the organiser's own line."""
    form, now, by = await fields_of(request), now_of(request), account_of(request).id

    def write(db: Connection) -> None:
        entered = (form.get("line", ""), form.get("points", ""))
        enter_outside(db, proposal_template(), proposal_id, entered, by=by, now=now)

    return await _decided(page, proposal_id, "proposal-points-entered", write, form)


async def _decided(
    page: Page, proposal_id: str, action: str, write: Callable[[Connection], None], form: Mapping[str, str]
) -> Response[Any]:
    await asyncio.to_thread(_standing, page, proposal_id)
    try:
        await decided(page.request, action, ("hand-in", proposal_id), write, form)
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, proposal_id, form=form, status=409, **refusal(error))
    return Redirect(f"/proposals/{proposal_id}", status_code=303)


def _paper(page: Page, proposal_id: str) -> tuple[Document, bytes | None]:
    """Return the newest version, or the draft, on paper; and its attachment."""
    one = _standing(page, proposal_id)
    newest = one.versions[0] if one.versions else None
    files = newest.files if newest else ()
    with services_of(page.request).database.reading() as db:
        contents = {file["sha256"]: hand_ins.file_of(db, proposal_id, file["sha256"]) for file in files}
    figures: dict[str, list[tuple[str, bytes]]] = {}
    for file in files:
        content = contents[file["sha256"]]
        if file["field"].endswith(FIGURES) and content is not None:
            figures.setdefault(file["field"].removesuffix(FIGURES), []).append((file["name"], content))
    attached = next((file for file in files if file["field"] == ATTACHMENT), None)
    document = pack_document(
        proposal_template(),
        one.body,
        page.reader.language,
        handed_at=newest.handed_at if newest else None,
        digest=newest.digest if newest else "",
        figures=figures,
        attachment=attached["name"] if attached else "",
    )
    return document, contents[attached["sha256"]] if attached else None


def _standing(page: Page, proposal_id: str) -> Standing:
    with services_of(page.request).database.reading() as db:
        row = hand_ins.hand_in_of(db, proposal_id)
        if row is None or row.kind != KIND:
            raise NotFoundException(proposal_id)
        return standing_of(db, proposal_template(), row)


def _drawn(
    page: Page, proposal_id: str, *, form: Mapping[str, str] | None = None, status: int = 200, **told: Any
) -> Response[str]:
    template, one = proposal_template(), _standing(page, proposal_id)
    with services_of(page.request).database.reading() as db:
        names = panel.judge_names(db)
        reopenings = queries.reopenings_of(db, proposal_id)
        basis = last_entry(db)
    return page.html(
        "proposals/page.html",
        status=status,
        one=one,
        form=template,
        names=names,
        reopenings=reopenings,
        has_attachment=any(file["field"] == ATTACHMENT for file in (one.versions[0].files if one.versions else ())),
        late={version.version: late_by(template, version.handed_at) for version in one.versions},
        filled=form or page.reader.typed or {},
        short=short,
        basis=basis,
        zone=template.deadline.tzinfo,
        **told,
    )


ROUTES = [
    proposal_list,
    proposal_page,
    proposal_pack,
    proposal_word,
    proposal_attachment,
    proposal_reopen,
    proposal_outside,
]
