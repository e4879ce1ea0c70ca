"""The office's side of a finding: its draft with the figures that are out, approvals, issue, and who read it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.consortium import findings
from sync_server.consortium.board import board_of
from sync_server.consortium.digest import figures_of
from sync_server.consortium.findings import Standing, read_draft, standing_of, what_of
from sync_server.consortium.paper import finding_blocks
from sync_server.database.queries import consortium_findings as queries
from sync_server.database.queries.audit_log import entries_about, last_entry
from sync_server.database.queries.publications import Publication, copies_of
from sync_server.publication import apart
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.consortium import by_of, drawn, number_of
from sync_server.routes.dashboard.page import Asked, Page, decided, fields_of, services_of
from sync_server.season.rules import version_in_force

Form = dict[str, str]
READ = "finding-read"


@post("/consortium/findings", include_in_schema=False)
async def draft_finding(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep the draft of a finding with the figures that are out now."""
    form, by = await fields_of(request), by_of(request)
    figures = await read_season(request, figures_of)

    def write(db: Connection) -> int:
        board = board_of(db, version_in_force(db).zone, by.now)
        if form.get("due_on") not in {quarter.due_on.isoformat() for quarter in board.quarters}:
            raise CannotDecideError(sentence(N_("Choose the quarter the finding is due in.")))
        topic = form.get("topic", "")
        topic_id = int(topic) if topic.isascii() and topic.isdigit() else None
        if topic_id is not None and board.topic(topic_id) is None:
            raise CannotDecideError(sentence(N_("There is no such topic.")))
        body = {**read_draft(form), "figures": figures[0], "organisations": sorted(figures[1])}
        return queries.add_finding(db, form["due_on"], topic_id, body, by=by.user_id, now=by.now)

    try:
        number = await decided(request, "finding-drafted", ("consortium", "findings"), write, form)
    except SentenceError as error:
        return await asyncio.to_thread(drawn, page, form=form, status=409, **refusal(error))
    return Redirect(f"/consortium/findings/{number}", status_code=303)


@get("/consortium/findings/{finding_id:str}", include_in_schema=False)
async def finding_desk(page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[str]:
    """Show the draft, what is copied of it, who approved, and who read it."""
    return await asyncio.to_thread(_drawn, page, finding_id)


@post("/consortium/findings/{finding_id:str}/draft", include_in_schema=False)
async def change_draft(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Keep another draft, with the figures that are out now."""
    figures = await read_season(request, figures_of)

    def write(db: Connection, standing: Standing, form: Form, by: By) -> None:
        body = {**read_draft(form), "figures": figures[0], "organisations": sorted(figures[1])}
        findings.change(db, standing.row, body, by)

    return await _decided(request, page, finding_id, "finding-changed", write)


@post("/consortium/findings/{finding_id:str}/copy", include_in_schema=False)
async def take_copy(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Take the copy that two people approve; after its issue a numbered correction."""

    def write(db: Connection, standing: Standing, form: Form, by: By) -> None:
        findings.take_copy(db, standing.row, form.get("reason", ""), version_in_force(db).zone, by)

    return await _decided(request, page, finding_id, "finding-copied", write)


@post("/consortium/findings/{finding_id:str}/sign", include_in_schema=False)
async def approve(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Approve the copy that was looked at."""

    def write(db: Connection, _standing: Standing, form: Form, by: By) -> None:
        apart.sign(db, what_of(number_of(finding_id)), form.get("digest", "")[:64], by)

    return await _decided(request, page, finding_id, "finding-approved", write)


@post("/consortium/findings/{finding_id:str}/withdraw", include_in_schema=False)
async def withdraw(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Take a copy back that no member has seen, with why."""

    def write(db: Connection, _standing: Standing, form: Form, by: By) -> None:
        apart.withdraw(db, what_of(number_of(finding_id)), reason=form.get("reason", ""), by=by)

    return await _decided(request, page, finding_id, "finding-withdrawn", write)


@post("/consortium/findings/{finding_id:str}/issue", include_in_schema=False)
async def issue(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Issue a finding that two people approved: its members read it from now on."""

    def write(db: Connection, _standing: Standing, _form: Form, by: By) -> None:
        apart.issue(db, what_of(number_of(finding_id)), by)

    return await _decided(request, page, finding_id, "finding-issued", write)


@post("/consortium/findings/{finding_id:str}/open", include_in_schema=False)
async def open_to_all(request: Asked, page: NamedDependency[Page], finding_id: FromPath[str]) -> Response[Any]:
    """Mark a finding for the public, which reads it once its year is over; or take the mark away before that."""

    def write(db: Connection, standing: Standing, form: Form, by: By) -> None:
        if standing.is_public:
            raise CannotDecideError(sentence(N_("It is public already: what was read cannot be taken back.")))
        is_marked = form.get("open") == "yes"
        queries.open_finding(
            db, number_of(finding_id), by.user_id if is_marked else None, by.now if is_marked else None
        )

    return await _decided(request, page, finding_id, "finding-opened", write)


async def _decided(
    request: Asked,
    page: Page,
    finding_id: str,
    action: str,
    write: Callable[[Connection, Standing, Form, By], None],
) -> Response[Any]:
    form, by = await fields_of(request), by_of(request)

    def both(db: Connection) -> None:
        row = queries.finding_of(db, number_of(finding_id))
        if row is None:
            raise NotFoundException("no such finding")
        write(db, standing_of(db, row, version_in_force(db).zone, by.now), form, by)

    details = {"reason": form.get("reason", "")[:500], "digest": form.get("digest", "")[:64]}
    try:
        await decided(request, action, ("finding", finding_id), both, form, **details)
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, finding_id, form=form, status=409, **refusal(error))
    return Redirect(f"/consortium/findings/{finding_id}", status_code=303)


def _drawn(
    page: Page, finding_id: str, *, form: Mapping[str, str] | None = None, status: int = 200, **told: Any
) -> Response[str]:
    by, language = by_of(page.request), page.reader.language
    with services_of(page.request).database.reading() as db:
        zone, row = version_in_force(db).zone, queries.finding_of(db, number_of(finding_id))
        if row is None:
            raise NotFoundException("no such finding")
        standing = standing_of(db, row, zone, by.now)
        waiting: Publication | None = standing.copy if standing.copy is not standing.out else None
        log = [entry for entry in entries_about(db, ("finding", finding_id), after=0) if entry.action == READ]
        values = {
            "standing": standing,
            "waiting": waiting,
            "topic": board_of(db, zone, by.now).topic(row.topic_id),
            "refused": apart.refusal_of(db, waiting, by) if waiting is not None and not waiting.is_signed else None,
            "copies": copies_of(db, what_of(number_of(finding_id))),
            "read_by": log,
            "basis": last_entry(db),
        }
    words = {
        f"{part}_{end}": row.body[part][tag]
        for part in findings.PARTS
        for end, tag in (("en", "en"), ("zh", "zh-Hant"))
    }
    return page.html(
        "consortium/finding_desk.html",
        status=status,
        blocks=msgspec.to_builtins(finding_blocks(dict(row.body), language)),
        filled={**words, "reason": "", **(form or page.reader.typed or {})},
        zone=zone,
        **{"problem": None, "meanwhile": (), **values, **told},
    )


ROUTES = [
    draft_finding, finding_desk, change_draft, take_copy, approve, withdraw, issue, open_to_all,
]  # fmt: skip
