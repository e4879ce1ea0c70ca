"""The page of one assessment."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter
from sqlalchemy import Connection

from checklists import wire
from checklists.csqs.standard import csqs
from checklists.forms.form import Channel
from checklists.language import Sentence
from checklists.number import exact
from checklists.record.assessment import ERASED, Assessment, MediaKind
from checklists.record.assignment import Assignment
from checklists.record.hand_over import tries_before
from checklists.record.reuse import PhotosOf, uses
from checklists.record.round_of_contact import misplaced
from checklists.record.sheet import SheetError
from checklists.rules.ruleset import Ruleset
from checklists.rules.score_rules import ScoreRules
from checklists.score.scoring import Scorer
from sync_server.award.settled import words
from sync_server.csqs.moderating import may_still_rate
from sync_server.database.queries import assessment_pages as queries
from sync_server.database.queries.assessment_pages import FileRow, Head
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.blackouts import blackouts_on
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.derivatives import waveforms_of
from sync_server.database.queries.grades import BaseRow, newest_base
from sync_server.database.queries.rounds import round_spans
from sync_server.database.queries.second_scores import base_of
from sync_server.database.queries.standings import rulings_about
from sync_server.evidence.shown import FULL, PREVIEW, SOUND, files_held
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.fieldwork.earlier_tries import tries_to_count
from sync_server.pages.assessment import AssessmentView, ShownFile, evidence_name, view
from sync_server.pages.revision import as_it_came, verdicts_on
from sync_server.people.permissions import REVIEWERS
from sync_server.review.rulings import counting_on
from sync_server.routes.dashboard.assessments import list_address
from sync_server.routes.dashboard.page import Asked, Page, account_of, services_of, viewed
from sync_server.season.rules import versions_in_force

LOOK = "yes"  # a site visit is read although that rules out rating it
MOST_SHOWN = 3  # of the earlier uses of one photo
MOST_COMPARED = 500  # records whose photos a photo is compared with, the newest


@get("/assessments/{assessment_id:str}", include_in_schema=False)
async def assessment_page(
    request: Asked,
    page: NamedDependency[Page],
    assessment_id: FromPath[str],
    *,
    digest: FromQuery[str] = "",
    done: FromQuery[str] = "",
    came_from: Annotated[str, QueryParameter(name="list")] = "",
    look: FromQuery[str] = "",
) -> Response[str]:
    """Show one assessment: its current revision, or the one named by `digest`.

    Whoever may still rate a site visit a second time is warned first, unless `look` says that it is read all the same.
    """
    if look != LOOK and await asyncio.to_thread(is_still_unseen, request, assessment_id):
        return page.html("csqs/unseen.html", assessment_id=assessment_id, after="")
    values = await asyncio.to_thread(page_values, request, assessment_id, digest, came_from)
    await viewed(request, "assessment-viewed", ("assessment", assessment_id), digest=digest)
    return await asyncio.to_thread(page.html, "assessments/page.html", done=done, **values)


def is_still_unseen(request: Asked, assessment_id: str) -> bool:
    """Whether the reader may still be the one who rates a site visit a second time (MDR-4)."""
    account = account_of(request)
    if account.role not in REVIEWERS:
        return False
    with services_of(request).database.reading() as db:
        head = queries.head_of(db, assessment_id)
        is_visit = head is not None and head.channel == Channel.SITE_VISIT.value
        return is_visit and may_still_rate(db, csqs(), assessment_id, account.id)


def page_values(request: Asked, assessment_id: str, digest: str = "", came_from: str = "") -> dict[str, Any]:
    """Return everything the page prints. `came_from` is the query of the list it was opened from.

    Raises:
        NotFoundException: no such assessment or revision.
        UnreadableRulesError: its tries and its score cannot be judged.
    """
    with services_of(request).database.reading() as db:
        basis = last_entry(db)
        head = queries.head_of(db, assessment_id)
        if head is None:
            raise NotFoundException("no such assessment")
        chosen = digest or head.digest
        kept = queries.body_of(db, assessment_id, chosen)
        if kept is None:
            raise NotFoundException("no such revision")
        counted = CountedRecords(db, [assessment_id])
        record = counted.read(kept.body, chosen)
        version = versions_in_force(db).of_round(head.round)
        revisions = queries.revisions_of(db, assessment_id)
        verdicts = queries.verdicts_of(db, assessment_id)
        older = next((one for one in revisions if one.digest == chosen != head.digest), None)
        files = _files(db, record, chosen, _others(db, head, record))
        if older is not None:
            head, verdicts = as_it_came(head, older, record, files), verdicts_on(older, verdicts)
        shown: AssessmentView | None = None
        unusable: Sentence | None = None
        try:
            scorer = services_of(request).forms.scorer_of(record, version.critical_effect, db)
        except SheetError as error:
            unusable = error.message
        else:
            shown = _view(db, head, record, scorer, rules=version.programme.rules, files=files)
        return {
            "basis": basis,
            "list_query": came_from[:500],
            "list_address": list_address(came_from),
            "countings": counting_on(head.channel, ScoreRules.of(version.programme.rules)),
            "seq": last_seq(db),
            "zone": version.zone,  # the one the figures rest on
            "head": head,
            "chosen": chosen,
            "view": shown,
            "older": older,
            "base": shown.base if older and shown else head.base_shown,
            "words_erased_at": kept.words_erased_at,
            "erased_mark": ERASED,
            "unusable": unusable,
            "misplaced": _misplaced(db, head, record, version.zone),
            "kept_base": _kept_base(db, assessment_id, chosen, None if older is None else version.digest),
            "settled": _settled(db, assessment_id, chosen),
            "verdicts": verdicts,
            "rulings": rulings_about(db, assessment_id),
            "revisions": revisions,
            "corrections": counted.made_on(assessment_id, chosen),
            "blackouts": blackouts_on(db, [file.sha256 for file in files]),
        }


def _settled(db: Connection, assessment_id: str, digest: str) -> Sentence | None:
    ruling = next((one for one in rulings_about(db, assessment_id) if one.kind == "settled"), None)
    first = base_of(db, assessment_id)
    return None if ruling is None or first is None else words(ruling.value, digest, exact(first))


def _kept_base(db: Connection, assessment_id: str, digest: str, under: str | None) -> BaseRow | None:
    """Return the base kept last of a revision. An older one is worked out `under` other rules than it was kept."""
    kept = newest_base(db, assessment_id, digest)
    return kept if kept is None or under in (None, kept.ruleset_digest) else None


def _misplaced(db: Connection, head: Head, record: Assessment, zone: ZoneInfo) -> Sentence | None:
    earlier = tries_before(record, tries_to_count(db, head.assignment_id, head.assessor_id))
    return misplaced(record, head.round, round_spans(db), zone, earlier)


def _view(
    db: Connection, head: Head, record: Assessment, scorer: Scorer, *, rules: Ruleset, files: tuple[ShownFile, ...]
) -> AssessmentView:
    assignment = wire.decode(head.assignment_body, Assignment)
    others = tries_before(record, tries_to_count(db, head.assignment_id, head.assessor_id))
    earlier = tuple(one for one in others if one.trusted_at <= head.received_at)
    with_earlier = msgspec.structs.replace(assignment, earlier_attempts=earlier)
    return view(record, scorer, assignment=with_earlier, rules=rules, files=files)


def _others(db: Connection, head: Head, record: Assessment) -> tuple[PhotosOf, ...]:
    """Return the records in which a photo of this one may have been used before."""
    hashes = {file.sha256 for file in record.evidence if file.kind is MediaKind.PHOTO}
    if not hashes:
        return ()
    bodies = queries.bodies_with_photos(db, head.assessor_id, hashes, MOST_COMPARED)
    return tuple(wire.decode(body, PhotosOf) for body in bodies)


def _files(
    db: Connection, record: Assessment, digest: str, others: tuple[PhotosOf, ...] | None
) -> tuple[ShownFile, ...]:
    """Return the files to be shown. `others`: where photos may have been used; None: an entrant, who hears nobody."""
    named = {evidence.id: evidence for evidence in record.evidence}
    rows = queries.files_of(db, record.id, digest)
    held = files_held(db, record.id, [row.sha256 for row in rows])
    waveforms = waveforms_of(db, [row.sha256 for row in rows if MediaKind(row.kind).is_sound])

    def shown(row: FileRow) -> ShownFile:
        evidence, file = named.get(row.evidence_id), held.get(row.sha256)
        purposes = SOUND if MediaKind(row.kind).is_sound else PREVIEW
        return ShownFile(
            sha256=row.sha256,
            question=evidence.question if evidence else None,
            kind=row.kind,
            name=evidence_name(evidence, row.kind),
            is_held=file is not None,
            erased_at=row.erased_at,
            can_be_shown=file is not None and file.given(purposes) is not None,
            can_be_marked=file is not None and file.is_made(FULL),
            problem=file.problem(purposes) if file else "",
            prepared=row.prepared,
            size_kb=max(1, row.size_bytes // 1000),
            taken_at=evidence.moment.corrected if evidence else None,
            bars=waveforms.get(row.sha256, ()),
            duration_s=evidence.duration_s if evidence else None,
            caption=evidence.caption if evidence and others is not None else "",
            used_before=tuple(uses(evidence, record.id, others or ())[:MOST_SHOWN]) if evidence else (),
        )

    hears_voices = others is not None
    return tuple(shown(row) for row in rows if hears_voices or not MediaKind(row.kind).is_sound)


ROUTES = [assessment_page]
