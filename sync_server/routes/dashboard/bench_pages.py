"""What the review bench shows of one visit, and the reply to whatever was decided there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar import Response
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists import wire
from checklists.language import SentenceError
from checklists.record.assessment import Assessment
from checklists.record.assignment import Assignment
from checklists.record.sheet import SheetError
from sync_server.database.queries import bench as queries
from sync_server.database.queries.assessment_pages import earlier_body
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.people import assessor_names, entrant_names
from sync_server.database.queries.reviewing import current_assessment
from sync_server.database.queries.settings import REVIEW_SEED, setting
from sync_server.pages.bench import Changed, by_cost, changes_between, in_words, near_branch, story_of
from sync_server.people.permissions import BENCH_FIELD
from sync_server.quality.flags import NAMES
from sync_server.review import undo
from sync_server.review.basis import refusal
from sync_server.review.captioning import AT_BRANCHES
from sync_server.review.clearing import photos_of
from sync_server.review.entrants_words import language_of
from sync_server.review.outcome import By
from sync_server.review.queue import REASONS, Bench, Waiting, for_person
from sync_server.review.quoting import said_in
from sync_server.review.second_reader import refusal_to_read
from sync_server.routes.dashboard.assessment_pages import is_still_unseen, page_values
from sync_server.routes.dashboard.page import Asked, Page, account_of, now_of, services_of, viewed

BENCH = "bench"  # where the application keeps its `Bench`
AROUND = 60  # of the queue on a page


class Place(NamedTuple):
    """Where a visit stands in the queue: `number` from 1, 0 where it does not wait."""

    number: int
    waiting: Waiting | None
    before: str
    after: str
    shown: Sequence[Waiting]
    waiting_in_all: int


def bench_values(request: Asked, assessment_id: str, decided_of: str = "") -> dict[str, Any]:
    """Return everything the bench prints. `assessment_id` "": the first that waits. `decided_of`: what was decided.

    Raises:
        NotFoundException: there is no such assessment.
    """
    bench: Bench = request.app.state[BENCH]
    with services_of(request).database.reading() as db:
        queue = for_person(db, bench.queue(db, last_seq(db)), account_of(request).id)
        chosen = assessment_id or (queue[0].row.id if queue else "")
        names = {"entrants": dict(entrant_names(db)), "assessors": dict(assessor_names(db))}
        shown = {"queue": place_of(queue, chosen), "seed": setting(db, REVIEW_SEED) or "", **names}
        shown |= {"flag_names": NAMES, "reason_names": REASONS}
        shown["undoable"] = _undoable(request, db, decided_of)
        shown["basis"] = last_entry(db)
    if not chosen:
        return {**shown, "head": None}
    values = page_values(request, chosen)
    with services_of(request).database.reading() as db:
        flags = bench.flags(db, chosen, values["chosen"])
        extra = {
            "queries": queries.queries_of(db, chosen),
            "readings": queries.readings_of(db, chosen),
            "said": said_in(db, services_of(request).forms, chosen),
            "likely": language_of,
            "takes_photos": values["head"].channel in AT_BRANCHES,
            "own_photos": {(one.sha256, one.question): one for one in photos_of(db, chosen)},
            "effect": queries.effect_of_accepting(db, chosen) if values["head"].status == "finished" else None,
        }
        accepted = current_assessment(db, chosen) if values["head"].status == "accepted" else None
        refused = None if accepted is None else refusal_to_read(db, accepted, account_of(request).id)
        sheet = _sheet(request, db, values)
        changed = _changed(db, values, sheet)
    view = values["view"]
    return {
        **shown,
        **values,
        **extra,
        "second_refused": refused,
        "flags": flags,
        "story": story_of(view) if view else (),
        "answers": by_cost(view, sheet) if view else (),
        "corrected": in_words(values["corrections"], sheet),
        "changed": changed,
        "near": near_branch(view.record, wire.decode(values["head"].assignment_body, Assignment)) if view else None,
    }


def _undoable(request: Asked, db: Connection, assessment_id: str) -> bool:
    assessment = current_assessment(db, assessment_id) if assessment_id else None
    if assessment is None:
        return False
    return undo.refusal(db, assessment, By(account_of(request).id, now_of(request))) is None


def _changed(db: Connection, values: Mapping[str, Any], sheet: Any) -> Changed | None:
    """Return what the current revision changed of the one before it; None where it is the first."""
    head, view = values["head"], values["view"]
    if head.revision < 2 or view is None or sheet is None:
        return None
    before = earlier_body(db, head.id, head.revision)
    return (
        None
        if before is None
        else changes_between(wire.decode(before.body, Assessment), view.record, sheet, before.revision)
    )


def _sheet(request: Asked, db: Connection, values: Mapping[str, Any]) -> Any:
    view = values["view"]
    if view is None:
        return None
    try:
        return services_of(request).forms.sheet_of(view.record, db)
    except SheetError:
        return None


def place_of(queue: Sequence[Waiting], chosen: str) -> Place:
    """Return where `chosen` stands in the queue, and those around it."""
    ids = [one.row.id for one in queue]
    at = ids.index(chosen) if chosen in ids else -1
    start = max(0, at - AROUND // 3)
    return Place(
        at + 1,
        queue[at] if at >= 0 else None,
        ids[at - 1] if at > 0 else "",
        ids[at + 1] if at + 1 < len(ids) else (ids[0] if ids and ids[0] != chosen else ""),
        queue[start : start + AROUND],
        len(queue),
    )


def is_from_bench(form: Mapping[str, str]) -> bool:
    """Whether a form was sent from the bench."""
    return bool(form.get(BENCH_FIELD))


def on_to_next(assessment_id: str, what: str, form: Mapping[str, str]) -> Redirect:
    """Go on to the next visit, saying what became of this one."""
    after = form.get("next", "")
    path = f"/bench/{after}" if len(after) == len(assessment_id) else "/bench"
    return Redirect(f"{path}?{urlencode({'done': what, 'of': assessment_id})}", status_code=303)


async def bench_again(page: Page, assessment_id: str, error: SentenceError, typed: Mapping[str, str]) -> Response[str]:
    """Show the bench as it is now, with what was wrong and what was typed; of an unseen visit the warning alone."""
    if await asyncio.to_thread(is_still_unseen, page.request, assessment_id):
        return page.html("csqs/unseen.html", status=409, assessment_id=assessment_id, after=None, **refusal(error))
    values = await asyncio.to_thread(bench_values, page.request, assessment_id)
    await viewed(page.request, "assessment-viewed", ("assessment", assessment_id), on="bench")
    return await asyncio.to_thread(
        page.html, "bench/page.html", status=409, typed=typed, done="", done_of="", **refusal(error), **values
    )
