"""Reviewing one assessment, and deciding about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from checklists.record.transitions import NotAllowedError
from sync_server.database.queries.assessment_pages import head_of
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.replacing import replace
from sync_server.review import rulings, verdicts
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.assessment_pages import is_still_unseen, page_values
from sync_server.routes.dashboard.bench_pages import bench_again, is_from_bench, on_to_next
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audit_row,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)

MAX_WORDS = 2000
COMMENT = "comment-"
DECISIONS = {
    "void": ("assessment-voided", rulings.void),
    "void-replace": ("assessment-voided", rulings.void),
    "unvoid": ("assessment-unvoided", rulings.count_again),
}


@post("/assessments/{assessment_id:str}/review", include_in_schema=False)
async def review_assessment(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Accept the revision that was looked at, or return it with comments; the phone is told through its changes."""
    form = await fields_of(request)
    verdict = verdicts.Verdict(
        verdict=form.get("verdict", ""),
        digest=form.get("digest", ""),
        reason=form.get("reason", "").strip()[:MAX_WORDS],
        comments={
            name.removeprefix(COMMENT): words.strip()[:500]
            for name, words in form.items()
            if name.startswith(COMMENT) and words.strip()
        },
    )
    by = By(account_of(request).id, now_of(request))

    def write(db: Connection) -> None:
        verdicts.review(db, assessment_id, verdict, by)

    try:
        action, subject = f"assessment-{verdict.verdict[:20]}", ("assessment", assessment_id)
        await decided(request, action, subject, write, form, digest=verdict.digest)
    except (CannotDecideError, NotAllowedError) as error:
        return await _again(page, assessment_id, error, form)
    return _done(assessment_id, verdict.verdict if is_from_bench(form) else "review", form)


@post("/assessments/{assessment_id:str}/decisions", include_in_schema=False)
async def decide(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Void an assessment, set or lift its penalty, "never reached" or ease, with a reason. Appended, never changed."""
    form = await fields_of(request)
    kind, reason = form.get("decision", ""), form.get("reason", "")[:MAX_WORDS]
    by = By(account_of(request).id, now_of(request))

    def write(db: Connection) -> None:
        if kind in DECISIONS:
            DECISIONS[kind][1](db, assessment_id, reason, by)
        else:
            rulings.rule_on_counting(db, assessment_id, kind, reason, by)

    action = DECISIONS[kind][0] if kind in DECISIONS else "assessment-decided"
    try:
        await decided(request, action, ("assessment", assessment_id), write, form, decision=kind[:20])
    except (CannotDecideError, NotAllowedError) as error:
        return await _again(page, assessment_id, error, form)
    if kind == "void-replace":
        return await _replaced(request, assessment_id, form)
    return _done(assessment_id, "decision", form)


async def _replaced(request: Asked, assessment_id: str, form: Mapping[str, str]) -> Redirect:
    """Draw a replacement of what was just void; where an import would ask somebody, go there."""
    services = services_of(request)
    importing = Importing(services.database, services.writer.run_from_thread, services.clock, rest=WHILE_SERVING)
    with services.database.reading() as db:
        head = head_of(db, assessment_id)
    if head is None:
        raise NotFoundException("no such assessment")
    audit = audit_row(request, "season-imported", ("import", ""), {"replaces": head.assignment_id})
    outcome = await asyncio.to_thread(replace, services.database, importing, head.assignment_id, now_of(request), audit)
    if outcome.state == "written":
        return _done(assessment_id, "decision", form)
    return Redirect(f"/imports/{outcome.set_id}", status_code=303)


def _done(assessment_id: str, what: str, form: Mapping[str, str]) -> Redirect:
    if is_from_bench(form):
        return on_to_next(assessment_id, what, form)
    query = urlencode({"done": what} | ({"list": form["list"][:500]} if form.get("list") else {}))
    return Redirect(f"/assessments/{assessment_id}?{query}", status_code=303)


async def _again(page: Page, assessment_id: str, error: SentenceError, typed: dict[str, str]) -> Response[str]:
    """Show the page it was sent from as it is now, with what was wrong; of an unseen visit the warning."""
    if is_from_bench(typed):
        return await bench_again(page, assessment_id, error, typed)
    if await asyncio.to_thread(is_still_unseen, page.request, assessment_id):
        return page.html("csqs/unseen.html", status=409, assessment_id=assessment_id, after="", **refusal(error))
    values = await asyncio.to_thread(page_values, page.request, assessment_id, "", typed.get("list", ""))
    await viewed(page.request, "assessment-viewed", ("assessment", assessment_id))
    return await asyncio.to_thread(
        page.html,
        "assessments/page.html",
        status=409,
        typed=typed,
        done="",
        **refusal(error),
        **values,
    )


ROUTES = [review_assessment, decide]
