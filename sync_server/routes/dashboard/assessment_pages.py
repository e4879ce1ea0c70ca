"""The page of one assessment."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import ERASED, Assessment
from checklists.record.assignment import Assignment
from checklists.record.sheet import SheetError
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.ruleset import Ruleset, RulesetError, ruleset
from checklists.score.scoring import CriticalEffect
from sync_server.database.queries import assessment_pages as queries
from sync_server.database.queries.assessment_lists import Sight
from sync_server.database.queries.assessment_pages import FileRow, Head
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.rulesets import ruleset_in_force
from sync_server.evidence.shown import PREVIEW, SOUND, Given, given_for, problem_of
from sync_server.fieldwork.earlier_tries import tries_to_count
from sync_server.pages.assessment import AssessmentView, ShownFile, evidence_name, view
from sync_server.pages.drawing import Reader
from sync_server.routes.dashboard.assessments import sight_of
from sync_server.routes.dashboard.page import Asked, html, services_of, viewed


@get("/assessments/{assessment_id:str}", include_in_schema=False)
async def assessment_page(
    request: Asked,
    reader: NamedDependency[Reader],
    assessment_id: FromPath[str],
    digest: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """Show one assessment: its current revision, or the one named by `digest`. An entrant sees the current one only."""
    values = await asyncio.to_thread(page_values, request, reader, assessment_id, digest)
    await viewed(request, "assessment-viewed", ("assessment", assessment_id), digest=digest)
    return await asyncio.to_thread(
        html, request, reader, "assessments/page.html", done=done, problem=None, given={}, **values
    )


def page_values(request: Asked, reader: Reader, assessment_id: str, digest: str = "") -> dict[str, Any]:
    """Return everything the page prints.

    Raises:
        NotFoundException: no such assessment or revision, or not this reader's to see.
    """
    sight = sight_of(request, reader)
    with services_of(request).database.reading() as db:
        head = queries.head_of(db, sight, assessment_id)
        if head is None:
            raise NotFoundException("no such assessment")
        chosen = digest if digest and not reader.is_entrant else head.digest
        kept = queries.body_of(db, assessment_id, chosen)
        if kept is None:
            raise NotFoundException("no such revision")
        record = wire.decode(kept.body, Assessment)
        is_office = not reader.is_entrant
        shown, unusable = _view(db, request, head, record, files=_files(db, record, chosen), sight=sight)
        return {
            "seq": last_seq(db),
            "head": head,
            "chosen": chosen,
            "view": shown,
            "words_erased_at": kept.words_erased_at,
            "erased_mark": ERASED,
            "unusable": unusable,
            "grade": queries.newest_grade(db, assessment_id),
            "reviews": queries.reviews_of(db, assessment_id) if is_office else (),
            "decisions": queries.decisions_of(db, assessment_id) if is_office else (),
            "revisions": queries.revisions_of(db, assessment_id) if is_office else (),
        }


def _view(
    db: Connection, request: Asked, head: Head, record: Assessment, *, files: tuple[ShownFile, ...], sight: Sight
) -> tuple[AssessmentView | None, object]:
    book = services_of(request).forms
    kept = ruleset_in_force(db)
    rules = _rules(kept.rules) if kept else None
    effect = cast("CriticalEffect", rules.text("critical.effect") if rules else "section_zero")
    try:
        scorer = book.scorer_of(record, effect, db)
    except SheetError as error:
        return None, error.message
    assignment = wire.decode(head.assignment_body, Assignment)
    earlier = tries_to_count(db, head.assignment_id, head.assessor_id)
    shown = view(
        record,
        scorer.sheet,
        scorer,
        assignment=msgspec.structs.replace(assignment, earlier_attempts=earlier),
        files=files,
        rules=AttemptRules.of(rules) if rules else None,
        zone=services_of(request).config.time_zone,
        hides_voice=sight.entrant_id is not None,
    )
    return shown, None


def _rules(kept: object) -> Ruleset | None:
    try:
        return ruleset(cast("dict[str, object]", kept))
    except RulesetError:
        # Kept rules were valid when they were kept; a newer server may ask for more. The log is then shown unjudged.
        return None


def _files(db: Connection, record: Assessment, digest: str) -> tuple[ShownFile, ...]:
    named = {evidence.id: evidence for evidence in record.evidence}
    rows = queries.files_of(db, record.id, digest)
    made = queries.shown_derivatives(db, [row.sha256 for row in rows])

    def shown(row: FileRow) -> ShownFile:
        evidence, derived = named.get(row.evidence_id), made.get(row.sha256, {})
        held = Given(row.sha256, row.held_type or "", row.size_bytes)
        purposes = SOUND if row.kind in ("audio_note", "recording") else PREVIEW
        return ShownFile(
            evidence_id=row.evidence_id,
            sha256=row.sha256,
            kind=row.kind,
            name=evidence_name(evidence, row.kind),
            is_held=row.stored_at is not None and row.erased_at is None,
            erased_at=row.erased_at,
            can_be_shown=given_for(held, derived, purposes, was_prepared=row.prepared) is not None,
            problem=problem_of(derived),
            prepared=row.prepared,
            size_kb=max(1, row.size_bytes // 1000),
            taken_at=evidence.taken_at if evidence else None,
            duration_s=evidence.duration_s if evidence else None,
        )

    return tuple(shown(row) for row in rows)


ROUTES = [assessment_page]
