"""What the office sets of the consortium: its two years, members, who speaks for one, votes, topics, events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.consortium import members
from sync_server.database.queries import consortium as queries
from sync_server.database.queries import consortium_findings as findings
from sync_server.database.queries.consortium import MemberRow
from sync_server.database.queries.consortium_findings import EventRow
from sync_server.exchange.csv.cells import CellError, day, end_moment, moment
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.consortium import by_of, drawn, people_in
from sync_server.routes.dashboard.page import Asked, Page, decided, fields_of
from sync_server.season.rules import version_in_force

SUBJECT = ("consortium", "desk")
EVENTS = ("meeting", "case_sharing", "luncheon", "focus_group", "site_visit")
Form = dict[str, str]


@post("/consortium/term", include_in_schema=False)
async def set_term(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep when the two years begin."""

    def write(db: Connection, form: Form, by: By) -> None:
        queries.set_term(db, _day(form, "starts_on"), by.user_id, by.now)

    return await _set(request, page, "consortium-term-set", write)


@post("/consortium/members", include_in_schema=False)
async def set_member(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep a membership, or another end of it."""

    def write(db: Connection, form: Form, by: By) -> None:
        until = _day(form, "until_on") if form.get("until_on", "").strip() else None
        members.set_member(db, MemberRow(form.get("organisation", ""), _day(form, "from_on"), until), by)

    return await _set(request, page, "consortium-member-set", write)


@post("/consortium/people", include_in_schema=False)
async def set_person(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Let an account speak for a member, or for none any more."""

    def write(db: Connection, form: Form, by: By) -> None:
        user_id, organisation = form.get("user", ""), form.get("organisation", "")
        if user_id not in {row[0] for row in queries.people_of_members(db)}:
            raise CannotDecideError(sentence(N_("There is no such account of a member. Invite one first.")))
        if organisation and organisation not in {row.organisation for row in queries.member_rows(db)}:
            raise CannotDecideError(sentence(N_("That organisation is no member.")))
        queries.set_person(db, user_id, organisation or None, by.user_id, by.now)

    return await _set(request, page, "consortium-person-set", write)


@post("/consortium/ballots", include_in_schema=False)
async def set_ballot(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Call a vote; topics are put on it until it opens."""

    def write(db: Connection, form: Form, by: By) -> None:
        opens_at, closes_at = _moment(db, form, "opens"), _moment(db, form, "closes", is_end=True)
        if not by.now < opens_at < closes_at:
            raise CannotDecideError(sentence(N_("A vote opens later than now, and closes after that.")))
        queries.add_ballot(db, opens_at, closes_at, by.user_id, by.now)

    return await _set(request, page, "ballot-set", write)


@post("/consortium/topics", include_in_schema=False)
async def put_topic(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Put a topic on a vote that has not opened."""

    def write(db: Connection, form: Form, by: By) -> None:
        ballot = next((row for row in queries.ballot_rows(db) if str(row.id) == form.get("ballot")), None)
        if ballot is None:
            raise CannotDecideError(sentence(N_("There is no such vote.")))
        challenge = form.get("challenge", "")
        number = int(challenge) if challenge.isascii() and challenge.isdigit() else None
        members.put_topic(db, ballot, (form.get("title_en", ""), form.get("title_zh", "")), number, by)

    return await _set(request, page, "topic-put", write)


@post("/consortium/gatherings", include_in_schema=False)
async def set_event(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Call an event."""

    def write(db: Connection, form: Form, by: By) -> None:
        en, zh = (form.get(name, "").strip()[:300] for name in ("title_en", "title_zh"))
        if form.get("kind") not in EVENTS or not (en or zh):
            raise CannotDecideError(sentence(N_("Give the event a kind and a title.")))
        title, place = {"en": en or zh, "zh-Hant": zh or en}, form.get("place", "").strip()[:300]
        row = EventRow(0, form["kind"], title, place, _moment(db, form, "starts"))
        findings.add_event(db, row, by.user_id, by.now)

    return await _set(request, page, "event-set", write)


@post("/consortium/came", include_in_schema=False)
async def note_who_came(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Keep how many of a member came to an event that has begun."""

    def write(db: Connection, form: Form, by: By) -> None:
        event = next((row for row in findings.event_rows(db) if str(row.id) == form.get("event")), None)
        if event is None or event.starts_at > by.now:
            raise CannotDecideError(sentence(N_("The event has not begun, or there is none.")))
        organisation = form.get("organisation", "")
        if organisation not in {row.organisation for row in queries.member_rows(db)}:
            raise CannotDecideError(sentence(N_("That organisation is no member.")))
        findings.note_attendance(db, (event.id, organisation), "came", people_in(form), by=by.user_id, now=by.now)

    return await _set(request, page, "attendance-noted", write)


def _day(form: Form, name: str) -> str:
    try:
        return day(form.get(name, "").strip()).isoformat()
    except CellError as error:
        raise CannotDecideError(error.message) from error


def _moment(db: Connection, form: Form, name: str, *, is_end: bool = False) -> datetime:
    try:
        at = (end_moment if is_end else moment)(form.get(name, "").strip())
    except CellError as error:
        raise CannotDecideError(error.message) from error
    return at if at.tzinfo else at.replace(tzinfo=version_in_force(db).zone)


async def _set(request: Asked, page: Page, action: str, write: Callable[[Connection, Form, By], None]) -> Response[Any]:
    form, by = await fields_of(request), by_of(request)
    try:
        await decided(request, action, SUBJECT, lambda db: write(db, form, by), form)
    except SentenceError as error:
        return await asyncio.to_thread(drawn, page, form=form, status=409, **refusal(error))
    return Redirect("/consortium", status_code=303)


ROUTES = [set_term, set_member, set_person, set_ballot, put_topic, set_event, note_who_came]
