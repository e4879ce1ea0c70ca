"""The public page on which a company writes its proposal: draft, counts, hand-in, receipt. Back by a code.

Nothing of it stands in an address: the code travels in a form.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from litestar import Response, post
from litestar import get as get_route
from litestar.di import NamedDependency
from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, sentence
from checklists.proposal.checking import Wrong, problems_of
from checklists.proposal.counting import COUNTING_RULE, word_count
from checklists.proposal.template import proposal_template
from sync_server.database.queries import hand_ins
from sync_server.database.queries import proposals as queries
from sync_server.database.queries.audit_log import append_audit
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.hand_in.public_door import MAX_FILE_BYTES, wrong_files
from sync_server.hand_in.versions import ClosedError, HandedFile, Receipt
from sync_server.people.secret import secret_hash
from sync_server.print.document import CannotPrintError
from sync_server.print.process import WORD_TYPE, Kind, printed
from sync_server.proposals.attachments import attachment_problem
from sync_server.proposals.handing import ATTACHMENT, body_of, late_by, save_draft, stamp_of, take_version, why_closed
from sync_server.proposals.pack import pack_document
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import Asked, Page, audit_row, download, fields_of, now_of, services_of
from sync_server.routes.dashboard.public_form import (
    CODE_LONG,
    EXPIRED,
    address_of,
    carried,
    code_of,
    count_guess,
    files_wait_s,
    many_files,
    new_code,
    sent_by,
    shown_again,
)

AS_A_FILE: Mapping[str, tuple[Kind, str]] = {"print": ("pdf", "application/pdf"), "word": ("docx", WORD_TYPE)}
_UNKNOWN = N_("No proposal has this code. It stands above the form, and on the receipt.")


class _Kept(NamedTuple):
    """What is kept under a code."""

    hand_in_id: str
    body: Mapping[str, str]
    newest: VersionRow | None
    has_draft: bool


@get_route("/proposal", include_in_schema=False)
async def proposal_form(page: NamedDependency[Page]) -> Response[str]:
    """Show the template under a new code: empty, or with what was typed before somebody signed in again (KEPT-4)."""
    typed = body_of(proposal_template(), page.reader.typed or {})
    return await asyncio.to_thread(drawn, page, typed, new_code())


def _again(page: Page, typed: Mapping[str, str]) -> Response[str]:
    body, code = body_of(proposal_template(), typed), code_of(typed.get("code", ""))
    return drawn(page, body, code, refused=sentence(EXPIRED), seen=typed.get("draft"), had_files=True, status=403)


@post("/proposal/again", include_in_schema=False, status_code=200)
async def proposal_again(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the draft, or what was handed in, under a code."""
    code = (await fields_of(request)).get("code", "").strip()
    try:
        await count_guess(request, code)
    except SentenceError as error:
        return await asyncio.to_thread(drawn, page, {}, "", again=error.message, status=429)
    kept = await asyncio.to_thread(_kept, page, code)
    if kept is None:
        return await asyncio.to_thread(drawn, page, {}, "", again=sentence(_UNKNOWN), status=404)
    return await asyncio.to_thread(drawn, page, kept.body, code)


@post("/proposal/draft", include_in_schema=False, status_code=200)
async def proposal_draft(request: Asked) -> Response[Mapping[str, str]]:
    """Keep what is typed, while it is typed; the page says when it was kept."""
    form = await fields_of(request)
    wait_s = services_of(request).typists.wait_s(address_of(request), now_of(request))
    if wait_s or len(form.get("code", "")) != CODE_LONG:
        return Response({"kept": ""}, status_code=429 if wait_s else 400, headers={"Cache-Control": "no-store"})
    now, body = now_of(request), body_of(proposal_template(), form)
    try:
        await services_of(request).writer.run(
            lambda db: save_draft(db, form["code"], body, now, seen=form.get("draft"))
        )
    except ClosedError:
        return Response({"kept": ""}, status_code=409, headers={"Cache-Control": "no-store"})
    at = now.astimezone(proposal_template().deadline.tzinfo).strftime("%H:%M:%S")
    return Response({"kept": at, "draft": stamp_of(body)}, headers={"Cache-Control": "no-store"})


@post(
    "/proposal",
    include_in_schema=False,
    status_code=200,
    request_max_body_size=FILE_DOORS["/proposal"],
    exception_handlers=shown_again(_again),
)
async def proposal_send(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep the draft, or hand in and show the receipt; or say at each field what is wrong. Sent twice is kept once.

    Asked for a Word file, keep the draft and answer with the template filled in by it.
    """
    fields, files = await sent_by(request)
    needs_process = fields.get("act") in AS_A_FILE or any(file.field == ATTACHMENT for file in files)
    wait_s = files_wait_s(request) if needs_process else 0
    return await asyncio.to_thread(_sent, page, fields, files, wait_s)


def _sent(page: Page, fields: Mapping[str, str], files: Sequence[HandedFile], wait_s: int) -> Response[Any]:
    request, services, template = page.request, services_of(page.request), proposal_template()
    body, now, code = body_of(template, fields), now_of(page.request), code_of(fields.get("code", ""))
    draw = partial(drawn, page, body, code, had_files=bool(files))
    try:
        # What was typed is safe before anything is said about it.
        to = services.writer.run_from_thread(lambda db: save_draft(db, code, body, now, seen=fields.get("draft")))
    except ClosedError as error:
        return draw(refused=error.message, status=409)
    if wait_s:
        answer = draw(refused=many_files(wait_s), is_kept=True, status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    if fields.get("act") in AS_A_FILE:
        return _as_a_file(page, body, code, *AS_A_FILE[fields["act"]])
    if fields.get("act") != "send":
        return draw(saved=True)
    wrong = [*problems_of(template, body), *_wrong_files(files)]
    if wrong:
        return draw(wrong=wrong, status=422)
    kept = _kept(page, code)
    moved = _moved(fields.get("version", ""), body, kept)
    if moved is not None:
        return draw(refused=moved, is_kept=True, status=409)
    kept_files = carried(kept.newest if kept else None, files)

    def write(db: Connection) -> Receipt:
        receipt = take_version(db, template, code, body, files, now=now, carried=kept_files)
        if not receipt.is_repeated:
            details = {"version": receipt.version, "digest": receipt.digest}
            append_audit(db, [audit_row(request, "handed-in", ("hand-in", to.id), details)])
        return receipt

    try:
        receipt = services.writer.run_from_thread(write)
    except ClosedError as error:
        return draw(refused=error.message, is_kept=True, status=409)
    return page.html(
        "proposals/receipt.html",
        receipt=receipt,
        form=template,
        body=body,
        code=code,
        late=late_by(template, receipt.handed_at),
        zone=template.deadline.tzinfo,
    )


def _as_a_file(page: Page, body: Mapping[str, str], code: str, kind: Kind, content_type: str) -> Response[Any]:
    document = pack_document(proposal_template(), body, page.reader.language, handed_at=None, digest="")
    try:
        return download(printed(document, kind), f"proposal.{kind}", content_type)
    except CannotPrintError as error:
        return drawn(page, body, code, refused=error.message, is_kept=True, status=409)


def _moved(seen: str, body: Mapping[str, str], kept: _Kept | None) -> Sentence | None:
    """Return what another window handed in since this one was opened; None where it is the same, or nothing is."""
    newest = kept.newest if kept else None
    before = int(seen[:9]) if seen.isascii() and seen.isdigit() else None
    if newest is None or before is None or newest.version <= before or newest.body == body:
        return None
    words = N_(
        "Version {version} was handed in meanwhile, from another window, and is kept. Here stands what you typed in"
        " this one: hand it in again, with its files, and it becomes the next version."
    )
    return sentence(words, version=newest.version)


def _wrong_files(files: Sequence[HandedFile]) -> list[Wrong]:
    wrong = {}
    for file in files:
        if file.field == ATTACHMENT and 0 < len(file.content) <= MAX_FILE_BYTES:
            problem = attachment_problem(proposal_template(), file.name, file.content)
            if problem is not None:
                wrong[file.field] = Wrong(file.field, problem)
    return [*(Wrong(field, message) for field, message in wrong_files(files) if field not in wrong), *wrong.values()]


def _kept(page: Page, code: str) -> _Kept | None:
    with services_of(page.request).database.reading() as db:
        row = hand_ins.hand_in_of_code(db, secret_hash(code)) if code else None
        if row is None or row.kind != "proposal":
            return None
        draft, versions = queries.draft_of(db, row.id), hand_ins.versions_of(db, row.id)
    newest = versions[0] if versions else None
    return _Kept(row.id, draft.body if draft else newest.body if newest else {}, newest, draft is not None)


def drawn(
    page: Page,
    body: Mapping[str, str],
    code: str,
    *,
    wrong: Sequence[Wrong] = (),
    refused: Sentence | None = None,
    again: Sentence | None = None,
    note: Sentence | None = None,
    saved: bool = False,
    is_kept: bool = False,
    seen: str | None = None,
    had_files: bool = False,
    status: int = 200,
) -> Response[str]:
    """Return the form with what is in it and what is to be said. `seen`: the draft it shows, where not the newest."""
    template, kept = proposal_template(), _kept(page, code)
    with services_of(page.request).database.reading() as db:
        closed = why_closed(db, template, kept.hand_in_id if kept else "", now_of(page.request))
    stamp = stamp_of(kept.body) if kept is not None and kept.has_draft else ""
    messages: dict[str, list[Sentence]] = {}
    for one in wrong:
        messages.setdefault(one.name, []).append(one.message)
    return page.html(
        "proposals/form.html",
        status=status,
        form=template,
        body=body,
        code=code,
        draft=stamp if seen is None else seen,
        had_files=had_files,
        newest=kept.newest if kept else None,
        counts={limited.name: word_count(body.get(limited.name, "")) for limited in template.limited()},
        counting_rule=COUNTING_RULE,
        messages=messages,
        refused=refused,
        again=again,
        saved=saved,
        is_kept=is_kept,
        has_draft=kept is not None and kept.has_draft,
        note=note,
        closed=closed if refused is None else None,
        zone=template.deadline.tzinfo,
    )


ROUTES = [proposal_form, proposal_again, proposal_draft, proposal_send]
