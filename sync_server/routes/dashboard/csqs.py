"""CSQS for the office: site visits and where they stand, handing one out, the items with their tags."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.csqs.standard import csqs, site_visit_form
from checklists.language import N_, Sentence, sentence
from sync_server.csqs.handing_out import NotHandedOutError, Wanted, hand_out
from sync_server.database.queries import csqs as queries
from sync_server.database.queries import csqs_decisions
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.unseen import unrated_visits
from sync_server.exchange.csv.cells import CellError, end_moment, first_moment
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.dashboard.page import Asked, Page, decided, fields_of, now_of, services_of, viewed
from sync_server.season.rules import rules_in_force, version_in_force

SUBJECT = ("csqs", "visits")


@get("/csqs", include_in_schema=False)
async def csqs_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the visits, and what hands one out."""
    await viewed(request, "csqs-listed", SUBJECT)
    return await asyncio.to_thread(_drawn, page)


@get("/csqs/items", include_in_schema=False)
async def csqs_items(page: NamedDependency[Page]) -> Response[str]:
    """Show the thirty items with what each counts in."""

    def read() -> Response[str]:
        return page.html("csqs/items.html", standard=csqs(), form=site_visit_form())

    return await asyncio.to_thread(read)


@post("/csqs/visits", include_in_schema=False)
async def csqs_hand_out(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Hand a visit out, or say at each field what is wrong."""
    form, now = await fields_of(request), now_of(request)

    def write(db: Connection) -> str:
        industries = {one.code: one.name for one in rules_in_force(db).programme.industries}
        return hand_out(db, csqs(), _wanted(form, version_in_force(db).zone), industries, now).id

    try:
        await decided(request, "csqs-visit-handed-out", SUBJECT, write, form)
    except NotHandedOutError as error:
        return await asyncio.to_thread(_drawn, page, form=form, wrong=error.problems, status=422)
    except DecidedMeanwhileError as error:
        return await asyncio.to_thread(_drawn, page, form=form, status=409, **refusal(error))
    return Redirect("/csqs", status_code=303)


def _wanted(form: Mapping[str, str], zone: tzinfo) -> Wanted:
    def at(name: str, *, is_end: bool) -> datetime | None:
        try:
            read = (end_moment if is_end else first_moment)(form.get(name, "").strip())
        except CellError:
            return None
        return read if read.tzinfo else read.replace(tzinfo=zone)

    return Wanted(
        company=form.get("company", ""),
        name_en=form.get("name_en", "").strip(),
        name_zh=form.get("name_zh", "").strip(),
        industry=form.get("industry", ""),
        assessor=form.get("assessor", ""),
        module=form.get("module", ""),
        due_from=at("due_from", is_end=False),
        due_until=at("due_until", is_end=True),
    )


def _drawn(
    page: Page,
    *,
    form: Mapping[str, str] | None = None,
    wrong: Mapping[str, Sentence] | None = None,
    status: int = 200,
    **told: Any,
) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        rules = rules_in_force(db)
        listed = queries.visits(db)
        standing = _standing(db, listed)
        companies, assessors, basis = queries.companies(db), queries.assessor_names(db), last_entry(db)
    return page.html(
        "csqs/list.html",
        status=status,
        listed=listed,
        standing=standing,
        companies=companies,
        assessors=list(assessors.items()),
        industries=rules.programme.industries,
        modules=site_visit_form().variants,
        standard=csqs(),
        filled=form or page.reader.typed or {},
        wrong=wrong or {},
        basis=basis,
        **told,
    )


def _standing(db: Connection, listed: Sequence[queries.VisitRow]) -> dict[str, tuple[bool, Sentence]]:
    """Return what became of each finished visit, and whether somebody has to do something, by its record."""
    unseen = unrated_visits(db)
    decided = {row.assessment_id: row for row in csqs_decisions.decisions(db) if row.withdrawn_at is None}
    said: dict[str, tuple[bool, Sentence]] = {}
    for row in listed:
        name = row.assessment_id
        if name is None or row.status not in ("finished", "accepted"):
            continue
        decision = decided.get(name)
        if decision is None:
            waits = N_("waits for its second rating") if name in unseen else N_("rated twice: to be decided")
            said[name] = (True, sentence(waits))
        elif not decision.confirmed_by:
            said[name] = (True, sentence(N_("decided: waits for a second person")))
        elif decision.level:
            level = csqs().name_of(decision.level)
            said[name] = (False, sentence(N_("level {level}, {name}"), level=decision.level, name=level))
        else:
            said[name] = (False, sentence(N_("decided: no level")))
    return said


ROUTES = [csqs_page, csqs_items, csqs_hand_out]
