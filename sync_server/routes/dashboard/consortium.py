"""The consortium's page: the office sees its board; a member puts challenges, votes and says who comes."""

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

from checklists.language import N_, SentenceError, sentence
from sync_server.consortium import members
from sync_server.consortium.ballots import SEATS
from sync_server.consortium.board import Board, board_of
from sync_server.consortium.members import NotAMemberError
from sync_server.database.queries import consortium_findings as findings
from sync_server.database.queries.audit_log import last_entry
from sync_server.people.permissions import STAFF
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.page import Asked, Page, account_of, audited, fields_of, now_of, services_of
from sync_server.season.rules import version_in_force

MOST_PEOPLE, MOST_DIGITS = 99, 15


@get("/consortium", include_in_schema=False)
async def consortium_page(page: NamedDependency[Page]) -> Response[str]:
    """Show the office its board, and a member its own page."""
    return await asyncio.to_thread(drawn, page)


@post("/consortium/challenges", include_in_schema=False)
async def put_challenge(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep a challenge of the member that this account speaks for."""
    form, by = await fields_of(request), by_of(request)

    def write(db: Connection) -> None:
        members.put_challenge(db, form.get("words", ""), version_in_force(db).zone, by)

    return await _said(page, "challenge-put", "challenges", write, form)


@post("/consortium/ballots/{ballot_id:str}", include_in_schema=False)
async def cast_ballot(request: Asked, page: NamedDependency[Page], ballot_id: FromPath[str]) -> Response[Any]:
    """Keep the ballot of the member, or say by name why it is not taken."""
    sent, by = await request.form(), by_of(request)
    chosen = [int(text) for text in sent.getall("topic", []) if str(text).isascii() and str(text).isdigit()]

    def write(db: Connection) -> None:
        members.cast(db, number_of(ballot_id), chosen, version_in_force(db).zone, by)

    form = await fields_of(request)
    return await _said(page, "ballot-cast", f"ballot-{ballot_id}", write, form)


@post("/consortium/events/{event_id:str}", include_in_schema=False)
async def say_who_comes(request: Asked, page: NamedDependency[Page], event_id: FromPath[str]) -> Response[Any]:
    """Keep how many of the member come to an event that is still to be."""
    form, by = await fields_of(request), by_of(request)

    def write(db: Connection) -> None:
        organisation = members.member_of(db, by.user_id, version_in_force(db).zone, by.now)
        event = next((row for row in findings.event_rows(db) if str(row.id) == event_id), None)
        if event is None or event.starts_at <= by.now:
            raise CannotDecideError(sentence(N_("The event has begun, or there is none.")))
        findings.note_attendance(db, (event.id, organisation), "coming", people_in(form), by=by.user_id, now=by.now)

    return await _said(page, "attendance-said", f"event-{event_id}", write, form)


def people_in(form: Mapping[str, str]) -> int:
    """Return how many people a form says.

    Raises:
        CannotDecideError: it says no such number.
    """
    text = form.get("people", "").strip()
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_PEOPLE):
        raise CannotDecideError(sentence(N_("Write how many people, from 0 to {most}."), most=MOST_PEOPLE))
    return int(text)


def number_of(text: str) -> int:
    """Return the number in an address.

    Raises:
        NotFoundException: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotFoundException("no such number")
    return int(text)


def by_of(request: Asked) -> By:
    """Return who decides, and when."""
    return By(account_of(request).id, now_of(request))


async def _said(
    page: Page, action: str, subject: str, write: Callable[[Connection], None], form: Mapping[str, str]
) -> Response[Any]:
    try:
        await audited(page.request, action, ("consortium", subject), write)
    except SentenceError as error:
        return await asyncio.to_thread(drawn, page, form=form, status=409, **refusal(error))
    return Redirect("/consortium", status_code=303)


def drawn(page: Page, *, form: Mapping[str, str] | None = None, status: int = 200, **told: Any) -> Response[str]:
    """Return the page of the office, or of the member that the account speaks for."""
    account, now = account_of(page.request), now_of(page.request)
    own, basis = "", None
    with services_of(page.request).database.reading() as db:
        zone = version_in_force(db).zone
        board: Board = board_of(db, zone, now)
        if account.role in STAFF:
            basis = last_entry(db)
        else:
            try:
                own = members.member_of(db, account.id, zone, now)
            except NotAMemberError as error:
                told = {**refusal(error), **told}
    return page.html(
        "consortium/board.html" if account.role in STAFF else "consortium/member.html",
        status=status,
        board=board,
        own=own,
        seats=SEATS,
        filled=form or page.reader.typed or {},
        basis=basis,
        zone=zone,
        **{"problem": None, "meanwhile": (), **told},
    )


ROUTES = [consortium_page, put_challenge, cast_ballot, say_who_comes]
