"""A week of visits, assessor by day: any that is still to do is moved by dragging it, or by keys and a form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.database.queries import people
from sync_server.database.queries.assignment_week import visits_between
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.moving import SHEET, Move, move
from sync_server.pages.week import DAYS, monday_of, week_rows
from sync_server.routes.dashboard.page import Asked, Page, audit_row, fields_of, now_of, services_of, viewed
from sync_server.season.rules import version_in_force

PLACE = "/assignments/week"
Wrong = tuple[str, Sentence | Mapping[str, str]]  # the cell or file it is about, and what is wrong


@get(PLACE, include_in_schema=False)
async def week_page(
    request: Asked, page: NamedDependency[Page], *, on: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Response[str]:
    """Show the week of the day `on`, this one by default."""
    await viewed(request, "assignments-listed", ("assignments", "week"))
    return await _drawn(page, _day(on), done=done[:100])


@post(PLACE, include_in_schema=False, status_code=200)
async def move_visit(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Move one visit; what forbids it is named and nothing is written, what a soft rule remarks on is previewed."""
    form = await fields_of(request)
    monday, day = _day(form.get("on", "")), _day(form.get("day", ""))
    visit, _, was = form.get("visit", "").partition(" ")
    if not visit or day is None:
        return await _drawn(
            page, monday, status=422, wrong=[("", sentence(N_("Choose a visit, an assessor and a day.")))]
        )
    wished = Move(visit, form.get("assessor", ""), day, (was.partition(" ")[2], was.partition(" ")[0]))
    services = services_of(request)
    importing = Importing(services.database, services.writer.run_from_thread, services.clock, rest=WHILE_SERVING)
    details = {"table": "assignments", "row": visit[:100]}
    audit = audit_row(request, "record-typed", ("import", ""), details)
    try:
        outcome = await asyncio.to_thread(move, services.database, importing, wished, audit)
    except SentenceError as error:
        return await _drawn(page, monday, status=409, wrong=[("", error.message)], form=form)
    if outcome.state == "refused":
        own = SHEET.file
        wrong = [(each.column if each.file == own else each.file, each.message) for each in outcome.report.problems]
        return await _drawn(page, monday, status=422, wrong=wrong, form=form)
    if outcome.state == "previewed":
        return Redirect(f"/imports/{outcome.set_id}", status_code=303)
    services.wake()
    return Redirect(f"{PLACE}?on={day}&done={visit[:100]}", status_code=303)  # the week in which it is now


async def _drawn(
    page: Page,
    day: date | None,
    *,
    status: int = 200,
    done: str = "",
    wrong: Sequence[Wrong] = (),
    form: Mapping[str, str] | None = None,
) -> Response[str]:
    request = page.request

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            zone = version_in_force(db).zone
            monday = monday_of(day or now_of(request).astimezone(zone).date())
            first = datetime.combine(monday, time.min, zone)
            visits = visits_between(db, first, datetime.combine(monday + timedelta(days=DAYS), time.min, zone))
            names = people.assessor_names(db)
        return page.html(
            "week.html",
            status=status,
            rows=week_rows(visits, names, monday, zone),
            monday=monday,
            weeks=(monday - timedelta(days=DAYS), monday + timedelta(days=DAYS)),
            days=[monday + timedelta(days=n) for n in range(DAYS)],
            assessors=names,
            done=next((visit for visit in visits if visit.id == done), None),
            wrong=wrong,
            form=form or {},
        )

    return await asyncio.to_thread(read)


def _day(text: str) -> date | None:
    """Return the day that `text` is; None where it is none, or one that has no week before or after it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None


ROUTES = [week_page, move_visit]
