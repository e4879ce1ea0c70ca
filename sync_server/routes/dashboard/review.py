"""Reviewing one assessment, and deciding about it."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import Sentence
from checklists.record.transitions import NotAllowedError
from sync_server.review import rulings, verdicts
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.assessment_pages import page_values
from sync_server.routes.dashboard.page import Asked, Page, account_of, audited, fields_of, now_of

MAX_WORDS = 2000
COMMENT = "comment-"
DECISIONS = {
    "void": ("assessment-voided", rulings.void),
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
        await audited(
            request, f"assessment-{verdict.verdict[:20]}", ("assessment", assessment_id), write, digest=verdict.digest
        )
    except (CannotDecideError, NotAllowedError) as error:
        return await _again(page, assessment_id, error.message, form)
    return Redirect(f"/assessments/{assessment_id}?done=review", status_code=303)


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
        await audited(request, action, ("assessment", assessment_id), write, decision=kind[:20])
    except (CannotDecideError, NotAllowedError) as error:
        return await _again(page, assessment_id, error.message, form)
    return Redirect(f"/assessments/{assessment_id}?done=decision", status_code=303)


async def _again(page: Page, assessment_id: str, problem: Sentence, typed: dict[str, str]) -> Response[str]:
    """Show the page with what was wrong and what was typed."""
    values = await asyncio.to_thread(page_values, page.request, assessment_id)
    return await asyncio.to_thread(
        page.html, "assessments/page.html", status=409, problem=problem, typed=typed, done="", **values
    )


ROUTES = [review_assessment, decide]
