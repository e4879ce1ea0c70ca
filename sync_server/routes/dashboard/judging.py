"""The judges' page: a tie is declared first, then the text with the marks beside it; no judge sees another's marks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, sentence
from checklists.number import decimal_text, exact
from checklists.proposal.counting import word_count
from checklists.proposal.marks import NotAMarkError, read_mark
from checklists.proposal.template import proposal_template
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import hand_ins, panel
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.panel.marking import CannotMarkError, Mark, check_may_open, declare, keep_marks
from sync_server.proposals.figures import subject_of
from sync_server.proposals.handing import ATTACHMENT, KIND
from sync_server.review import ivrs_panel
from sync_server.routes.dashboard.page import Asked, Page, account_of, audited, fields_of, now_of, services_of, viewed

_HALVES = N_("A mark lies from 0 to {weight}, in steps of a half.")


@get("/judging", include_in_schema=False)
async def judging_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what there is to mark, and how far this judge is."""
    judge = account_of(request).id

    def read() -> Response[str]:
        lines = []
        with services_of(request).database.reading() as db:
            for row, version in hand_ins.newest_versions(db, KIND):
                marks = panel.marks_of(db, subject_of(row.id), judge)
                tie = panel.tie_of(db, subject_of(row.id), judge)
                lines.append((row, version, tie, len(marks), any(mark.is_final for mark in marks)))
            menus = _menus(SeasonDesk.of(db, services_of(request).forms), judge)
        lines.sort(key=lambda line: line[1].body.get("company_en", ""))
        return page.html("proposals/judging.html", lines=lines, parts=len(proposal_template().marked), menus=menus)

    return await asyncio.to_thread(read)


@get("/judging/{proposal_id:str}", include_in_schema=False)
async def judging_page(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[str]:
    """Ask for a tie first; then show the text with the marks beside it."""
    await viewed(request, "hand-in-viewed", ("hand-in", proposal_id))
    return await asyncio.to_thread(_drawn, page, proposal_id)


@get("/judging/{proposal_id:str}/attachment.pdf", include_in_schema=False)
async def judging_attachment(
    request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]
) -> Response[bytes]:
    """Download the attachment, unless there is a tie."""
    await viewed(request, "hand-in-file-taken", ("hand-in", proposal_id))

    def read() -> bytes:
        newest = _newest(page, proposal_id)
        attached = [file for file in newest.files if file["field"] == ATTACHMENT]
        with services_of(request).database.reading() as db:
            try:
                check_may_open(db, subject_of(proposal_id), account_of(request).id)
            except CannotMarkError as error:
                raise NotFoundException(proposal_id) from error
            content = hand_ins.file_of(db, proposal_id, attached[0]["sha256"]) if attached else None
        if content is None:
            raise NotFoundException(proposal_id)
        return content

    headers = {"Content-Disposition": 'attachment; filename="attachment.pdf"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(read), media_type="application/pdf", headers=headers)


@post("/judging/{proposal_id:str}/tie", include_in_schema=False)
async def judging_tie(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Keep whether this judge is tied to the organisation."""
    form, now, judge = await fields_of(request), now_of(request), account_of(request).id
    await asyncio.to_thread(_newest, page, proposal_id)
    if form.get("tie") not in ("yes", "no"):
        return await asyncio.to_thread(_drawn, page, proposal_id, status=422)
    is_tied = form["tie"] == "yes"

    def write(db: Connection) -> None:
        declare(db, subject_of(proposal_id), judge, is_tied=is_tied, now=now)

    try:
        await audited(request, "tie-declared", ("panel", proposal_id), write, tied=is_tied)
    except CannotMarkError as error:
        return await asyncio.to_thread(_drawn, page, proposal_id, problem=error.message, status=409)
    return Redirect(f"/judging/{proposal_id}", status_code=303)


@post("/judging/{proposal_id:str}/marks", include_in_schema=False)
async def judging_marks(request: Asked, page: NamedDependency[Page], proposal_id: FromPath[str]) -> Response[Any]:
    """Keep this judge's marks, as a draft or for good; or say at each what is wrong."""
    form, now, judge = await fields_of(request), now_of(request), account_of(request).id
    newest = await asyncio.to_thread(_newest, page, proposal_id)
    is_final = form.get("act") == "final"
    marks: dict[str, Mark] = {}
    wrong: dict[str, Sentence] = {}
    for part in proposal_template().marked:
        text = form.get(part.key, "").strip()
        if not text and not is_final:
            continue
        try:
            marks[part.key] = Mark(read_mark(part, text), form.get(f"{part.key}-note", ""))
        except NotAMarkError:
            wrong[part.key] = sentence(_HALVES, weight=part.weight)
    if form.get("version") != str(newest.version):
        problem = sentence(N_("A newer version came meanwhile. Look at that one."))
        return await asyncio.to_thread(_drawn, page, proposal_id, form=form, problem=problem, status=409)
    if wrong:
        return await asyncio.to_thread(_drawn, page, proposal_id, form=form, wrong=wrong, status=422)

    def write(db: Connection) -> None:
        of = (subject_of(proposal_id), newest.version)
        keep_marks(db, of, judge, marks, is_final=is_final, now=now)

    try:
        await audited(request, "marks-kept", ("panel", proposal_id), write, final=is_final)
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, proposal_id, form=form, problem=error.message, status=409)
    return Redirect("/judging" if is_final else f"/judging/{proposal_id}", status_code=303)


def _menus(desk: SeasonDesk, judge: str) -> list[tuple[str, Any, bool | None, bool]]:
    """Return the voice menus to mark, where the rules ask for a panel: with the tie that was said, and whether done."""
    if not ivrs_panel.is_by_panel(desk):
        return []
    lines = []
    for menu in ivrs_panel.menus(desk):
        subject = ivrs_panel.subject_of(menu.entrant_id)
        is_final = any(mark.is_final for mark in panel.marks_of(desk.db, subject, judge))
        lines.append((menu.entrant_id, menu.name, panel.tie_of(desk.db, subject, judge), is_final))
    return lines


def _newest(page: Page, proposal_id: str) -> VersionRow:
    with services_of(page.request).database.reading() as db:
        row = hand_ins.hand_in_of(db, proposal_id)
        versions = hand_ins.versions_of(db, proposal_id) if row and row.kind == KIND else ()
    if not versions:
        raise NotFoundException(proposal_id)
    return versions[0]


def _drawn(
    page: Page,
    proposal_id: str,
    *,
    form: Mapping[str, str] | None = None,
    wrong: Mapping[str, Sentence] | None = None,
    problem: Sentence | None = None,
    status: int = 200,
) -> Response[str]:
    newest, template, judge = _newest(page, proposal_id), proposal_template(), account_of(page.request).id
    subject = subject_of(proposal_id)
    with services_of(page.request).database.reading() as db:
        tie, rows = panel.tie_of(db, subject, judge), panel.marks_of(db, subject, judge)
    if tie:
        status = 403
    kept = {row.part: decimal_text(exact(row.points)) for row in rows} | {f"{row.part}-note": row.note for row in rows}
    return page.html(
        "proposals/marking.html",
        status=status,
        proposal_id=proposal_id,
        newest=newest,
        form=template,
        tie=tie,
        filled={**kept, **(form or page.reader.typed or {})},
        kept=kept,
        is_final=any(row.is_final for row in rows),
        wrong=wrong or {},
        word_count=word_count,
        has_attachment=any(file["field"] == ATTACHMENT for file in newest.files),
        problem=problem,
    )


ROUTES = [judging_list, judging_page, judging_attachment, judging_tie, judging_marks]
