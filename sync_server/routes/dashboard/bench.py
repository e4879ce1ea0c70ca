"""The review bench: what waits, one visit on one screen, and what is put down beside its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import LANGUAGES
from sync_server.review import captioning, clearing, correcting, quoting, second_reader, undo
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.assessment_pages import LOOK, is_still_unseen
from sync_server.routes.dashboard.bench_pages import bench_again, bench_values, on_to_next
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

Write = Callable[[Connection, Mapping[str, str], By], None]
IN_REPORT = "report"  # of a photo: seen, and in the report with its caption


@get("/bench", include_in_schema=False)
async def bench_first(
    page: NamedDependency[Page], *, done: FromQuery[str] = "", of: FromQuery[str] = ""
) -> Response[str]:
    """Show the visit that is the most urgent to review, or that nothing waits."""
    return await _shown(page, "", done=done, of=of)


@get("/bench/{assessment_id:str}", include_in_schema=False)
async def bench_page(
    page: NamedDependency[Page],
    assessment_id: FromPath[str],
    *,
    done: FromQuery[str] = "",
    of: FromQuery[str] = "",
    look: FromQuery[str] = "",
) -> Response[str]:
    """Show one visit on the bench, waiting or not."""
    return await _shown(page, assessment_id, done=done, of=of, look=look)


async def _shown(page: Page, assessment_id: str, *, done: str, of: str, look: str = "") -> Response[str]:
    request = page.request
    values = await asyncio.to_thread(bench_values, request, assessment_id, of)
    if values["head"] is not None:
        shown = values["head"].id
        if look != LOOK and await asyncio.to_thread(is_still_unseen, request, shown):
            return page.html("csqs/unseen.html", assessment_id=shown, after=values["queue"].after)
        await viewed(request, "assessment-viewed", ("assessment", values["head"].id), on="bench")
    return await asyncio.to_thread(page.html, "bench/page.html", done=done, done_of=of, **values)


@post("/bench/{assessment_id:str}/correction", include_in_schema=False)
async def correct(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Correct one answer, with why; the base follows at once."""
    book = services_of(request).forms

    def write(db: Connection, form: Mapping[str, str], by: By) -> None:
        key, reason, digest = form.get("question", ""), form.get("why", ""), form.get("digest", "")
        correcting.correct(db, book, assessment_id, key, form.get("answer", ""), digest=digest, reason=reason, by=by)

    return await _put_down(request, page, assessment_id, "answer-corrected", write)


@post("/bench/{assessment_id:str}/query", include_in_schema=False)
async def query(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Put a question to the other reviewers, at an answer."""

    def write(db: Connection, form: Mapping[str, str], by: By) -> None:
        correcting.ask(db, assessment_id, form.get("question", ""), form.get("query", ""), by)

    return await _put_down(request, page, assessment_id, "query-asked", write)


@post("/bench/{assessment_id:str}/answer", include_in_schema=False)
async def answer(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Answer a question of another reviewer."""

    def write(db: Connection, form: Mapping[str, str], by: By) -> None:
        number = form.get("number", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        correcting.answer(db, assessment_id, int(number) if is_number else 0, form.get("said", ""), by)

    return await _put_down(request, page, assessment_id, "query-answered", write)


@post("/bench/{assessment_id:str}/second", include_in_schema=False)
async def read_second(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Agree or disagree with what was accepted, as its second reader."""

    def write(db: Connection, form: Mapping[str, str], by: By) -> None:
        agrees, words = form.get("second") == "agrees", form.get("words", "")
        second_reader.read_second(db, assessment_id, digest=form.get("digest", ""), agrees=agrees, words=words, by=by)

    return await _put_down(request, page, assessment_id, "second-reading", write, goes_on=True)


@post("/bench/{assessment_id:str}/undo", include_in_schema=False)
async def undo_decision(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Undo one's own decision of the last ten minutes; the visit is on the bench again."""

    def write(db: Connection, _form: Mapping[str, str], by: By) -> None:
        undo.undo(db, assessment_id, by)

    return await _put_down(request, page, assessment_id, "decision-undone", write)


@post("/bench/{assessment_id:str}/photos", include_in_schema=False)
async def clear_photos(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Let the entrant see a photo, in its report too, or all that nobody decided about, or keep one back with why."""

    def write(db: Connection, form: Mapping[str, str], by: By) -> None:
        name, why = form.get("sha256", ""), form.get("kept_back", "")
        if form.get("seen") == IN_REPORT:
            words: dict[str, str] = {language: form.get(f"caption-{language}", "") for language in LANGUAGES}
            captioning.caption(db, assessment_id, name, words, by)
            return
        clearing.clear(db, assessment_id, name, reason=why, by=by, may_be_seen=form.get("seen") == "yes")

    return await _put_down(request, page, assessment_id, "photo-cleared", write)


@post("/bench/{assessment_id:str}/quotes", include_in_schema=False)
async def quote_words(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Quote what the assessor wrote at a place for the entrant's report, or take that back."""
    book = services_of(request).forms

    def write(db: Connection, form: Mapping[str, str], by: By) -> None:
        place = (form.get("question", ""), form.get("kind", ""))
        words = form.get("words", "") if form.get("quoted") == "yes" else ""
        language, digest = form.get("language", ""), form.get("digest", "")
        quoting.quote(db, book, assessment_id, place, words, language=language, digest=digest, by=by)

    return await _put_down(request, page, assessment_id, "words-quoted", write)


async def _put_down(
    request: Asked, page: Page, assessment_id: str, action: str, write: Write, *, goes_on: bool = False
) -> Response[Any]:
    form = await fields_of(request)
    by = By(account_of(request).id, now_of(request))
    try:
        await decided(
            request,
            action,
            ("assessment", assessment_id),
            lambda db: write(db, form, by),
            form,
            question=form.get("question", "")[:40],
        )
    except CannotDecideError as error:
        return await bench_again(page, assessment_id, error, form)
    if goes_on:
        return on_to_next(assessment_id, action, form)
    return Redirect(f"/bench/{assessment_id}?done={action}", status_code=303)


ROUTES = [bench_first, bench_page, correct, query, answer, read_second, undo_decision, clear_photos, quote_words]
