"""One CSQS visit: the second rating, both side by side, settling, the level with its scorecard, two names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.csqs.standard import csqs, site_visit_form
from checklists.language import N_, SentenceError, sentence
from checklists.record.assessment import ERASED
from sync_server.csqs.certificate import has_certificate
from sync_server.csqs.deciding import CannotDecideLevelError, confirm, decide, withdraw
from sync_server.csqs.moderating import CannotModerateError, Doer, check_may_rate, keep_ratings, settle
from sync_server.csqs.rated import Rated, rated_of, ratings_in, subject_of
from sync_server.database.queries import panel
from sync_server.database.queries.assessment_pages import body_of
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.users import names_of_users
from sync_server.panel.marking import declare
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)

Write = Callable[[Connection], object]


@get("/csqs/visits/{assessment_id:str}", include_in_schema=False)
async def csqs_visit(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[str]:
    """Show where a visit stands: to be rated, to be settled, to be decided, decided."""
    await viewed(request, "csqs-visit-viewed", ("assessment", assessment_id))
    return await asyncio.to_thread(_drawn, page, assessment_id)


@post("/csqs/visits/{assessment_id:str}/tie", include_in_schema=False)
async def csqs_tie(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Keep whether this moderator is tied to the organisation."""
    form = await fields_of(request)
    is_tied = form.get("tie") != "no"

    def write(db: Connection) -> None:
        rated = rated_of(db, csqs(), assessment_id)
        check_may_rate(db, rated, account_of(request).id)
        declare(db, subject_of(rated.visit), account_of(request).id, is_tied=is_tied, now=now_of(request))

    return await _done(page, assessment_id, "tie-declared", write, form)


@post("/csqs/visits/{assessment_id:str}/ratings", include_in_schema=False)
async def csqs_ratings(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Keep this moderator's ratings, as a draft or for good."""
    form, by = await fields_of(request), _doer(request)
    is_final = form.get("act") == "final"

    def write(db: Connection) -> None:
        keep_ratings(db, csqs(), assessment_id, form, by, is_final=is_final)

    return await _done(page, assessment_id, "csqs-rated", write, form)


@post("/csqs/visits/{assessment_id:str}/settle", include_in_schema=False)
async def csqs_settle(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Keep what counts of an item that the two rated far apart."""
    form, by = await fields_of(request), _doer(request)
    typed = form.get("item", ""), form.get("rating", ""), form.get("reason", "")
    return await _done(
        page, assessment_id, "csqs-settled", lambda db: settle(db, csqs(), assessment_id, typed, by), form
    )


@post("/csqs/visits/{assessment_id:str}/decide", include_in_schema=False)
async def csqs_decide(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Decide the level from a day on."""
    form, by = await fields_of(request), _doer(request)

    def write(db: Connection) -> None:
        try:
            begins_on = date.fromisoformat(form.get("begins_on", "").strip())
        except ValueError as error:
            raise CannotDecideLevelError(sentence(N_("Write the day as 2026-11-30."))) from error
        decide(db, csqs(), assessment_id, (begins_on, form.get("reason", "")), by)

    return await _done(page, assessment_id, "csqs-decided", write, form)


@post("/csqs/visits/{assessment_id:str}/confirm", include_in_schema=False)
async def csqs_confirm(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Confirm the decision, as the second person."""
    form, by = await fields_of(request), _doer(request)
    decision = form.get("decision", "")
    return await _done(page, assessment_id, "csqs-confirmed", lambda db: confirm(db, decision, by), form)


@post("/csqs/visits/{assessment_id:str}/withdraw", include_in_schema=False)
async def csqs_withdraw(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Withdraw the decision, with why."""
    form, by = await fields_of(request), _doer(request)
    decision, reason = form.get("decision", ""), form.get("reason", "")
    return await _done(page, assessment_id, "csqs-withdrawn", lambda db: withdraw(db, decision, reason, by), form)


def _doer(request: Asked) -> Doer:
    return Doer(account_of(request).id, now_of(request))


async def _done(page: Page, assessment_id: str, action: str, write: Write, form: Mapping[str, str]) -> Response[Any]:
    try:
        await decided(page.request, action, ("assessment", assessment_id), write, form)
    except LookupError as error:
        raise NotFoundException(assessment_id) from error
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, assessment_id, form=form, status=409, **refusal(error))
    return Redirect(f"/csqs/visits/{assessment_id}", status_code=303)


def _drawn(
    page: Page, assessment_id: str, *, form: Mapping[str, str] | None = None, status: int = 200, **told: Any
) -> Response[str]:
    reader = account_of(page.request).id
    with services_of(page.request).database.reading() as db:
        try:
            rated = rated_of(db, csqs(), assessment_id)
        except LookupError as error:
            raise NotFoundException(assessment_id) from error
        tie = panel.tie_of(db, subject_of(rated.visit), reader)
        marks = panel.marks_of(db, subject_of(rated.visit), reader)
        kept = body_of(db, assessment_id, rated.digest)
        notes = {mark.part: mark.note for mark in panel.marks_of(db, subject_of(rated.visit), rated.moderator)}
        names, basis = names_of_users(db), last_entry(db)
        barred = _barred(db, rated, reader)
    own = {item: "na" if rating is None else str(rating) for item, rating in ratings_in(list(marks)).items()}
    own |= {f"{mark.part}-note": mark.note for mark in marks if mark.note != ERASED}
    return page.html(
        "csqs/visit.html",
        status=status,
        one=rated,
        standard=csqs(),
        items=[question for section in site_visit_form().sections for question in section.questions],
        tie=tie,
        barred=barred,
        filled={**own, **(form or page.reader.typed or {})},
        names=names,
        basis=basis,
        notes=notes if rated.moderator else {},
        words_erased_at=kept and kept.words_erased_at,
        erased_mark=ERASED,
        has_certificate=rated.decision is not None and has_certificate(rated.decision),
        today=now_of(page.request).astimezone(page.reader.zone).date().isoformat(),
        **told,
    )


def _barred(db: Connection, rated: Rated, user_id: str) -> Any:
    """Return why this reader does not rate the visit; None where they may."""
    try:
        check_may_rate(db, rated, user_id)
    except CannotModerateError as error:
        return error.message
    return None


ROUTES = [
    csqs_visit,
    csqs_tie,
    csqs_ratings,
    csqs_settle,
    csqs_decide,
    csqs_confirm,
    csqs_withdraw,
]
