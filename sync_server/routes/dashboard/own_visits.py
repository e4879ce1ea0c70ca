"""What an entrant sees of its own visits, once they are out: one by one, as CSV, and how to dispute one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.disputes import all_disputes
from sync_server.database.queries.publications import published, what_of
from sync_server.publication import disputes
from sync_server.reports.cleared import Cleared, Quoted, cleared_of
from sync_server.reports.kept import NoReportError, check_entry, copy_of
from sync_server.reports.own import OwnVisit, assessment_of, csv_rows, csv_texts, own_visits, visit_of
from sync_server.reports.round_copy import RoundCopy
from sync_server.reports.words import DAYPARTS
from sync_server.review.basis import refusal
from sync_server.review.clearing import OwnPhoto, photos_of
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.evidence import send_file
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, reader_of, viewed
from sync_server.routes.dashboard.reports import own_entrant
from sync_server.routes.dashboard.tables import table_stream


@get("/reports/{entrant_id:str}/{channel:str}/{round_number:str}/visits", include_in_schema=False)
async def own_list(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    round_number: FromPath[str],
) -> Response[str]:
    """Show the visits of an entry in a published round, and how the round's score was summed."""
    key = (entrant_id, channel)
    copy = await _published(request, key, round_number)
    await viewed(request, "report-viewed", ("entry", "/".join(key)), round=round_number, form="visits")
    entry = copy.entries[key]
    return page.html(
        "reports/visits.html",
        key=key,
        number=copy.number,
        name=entry.facts.name,
        round=entry.rounds[copy.number - 1],
        visits=own_visits(copy, key),
        dayparts=DAYPARTS,
        digest=copy.digest,
    )


@get("/reports/{entrant_id:str}/{channel:str}/{round_number:str}/visits.csv", include_in_schema=False)
async def own_csv(
    request: Asked, entrant_id: FromPath[str], channel: FromPath[str], round_number: FromPath[str]
) -> Stream:
    """Download those visits as a table."""
    key = (entrant_id, channel)
    copy = await _published(request, key, round_number)
    await viewed(request, "report-viewed", ("entry", "/".join(key)), round=round_number, form="csv")
    name = f"{entrant_id}_{channel}_r{copy.number}"
    visits = own_visits(copy, key)
    return table_stream(request, name, csv_rows(visits), texts=csv_texts(visits, reader_of(request).language))


@get("/reports/{entrant_id:str}/{channel:str}/{round_number:str}/visits/{ref:str}", include_in_schema=False)
async def own_visit(
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    round_number: FromPath[str],
    *,
    ref: FromPath[str],
    done: FromQuery[str] = "",
) -> Response[str]:
    """Show one visit of a published round: what each question earned, and what of it is disputed."""
    return await _shown(page, (entrant_id, channel), round_number, ref, done=done)


@get(
    "/reports/{entrant_id:str}/{channel:str}/{round_number:str}/visits/{ref:str}/photos/{photo_ref:str}",
    include_in_schema=False,
)
async def own_photo(
    request: Asked,
    entrant_id: FromPath[str],
    channel: FromPath[str],
    round_number: FromPath[str],
    ref: FromPath[str],
    *,
    photo_ref: FromPath[str],
    small: FromQuery[bool] = False,
) -> Response[bytes] | Stream:
    """Give a photo of a published visit that its entrant may see; in full size it is logged."""
    key = (entrant_id, channel)
    copy = await _published(request, key, round_number)
    visit, assessment_id = visit_of(copy, key, ref), assessment_of(copy, key, ref)
    if visit is None or assessment_id is None:
        raise NotFoundException("no such visit")
    photos = await read_season(request, lambda desk: photos_of(desk.db, assessment_id))
    given = next((one.preview if small else one.full for one in photos if one.ref == photo_ref), None)
    if given is None or not visit.sections:
        raise NotFoundException("no such photo")
    if not small:
        await viewed(request, "report-viewed", ("entry", "/".join(key)), round=round_number, form="photo")
    return await send_file(request, given)


@post("/reports/{entrant_id:str}/{channel:str}/{round_number:str}/visits/{ref:str}/disputes", include_in_schema=False)
async def dispute_visit(
    request: Asked,
    page: NamedDependency[Page],
    entrant_id: FromPath[str],
    channel: FromPath[str],
    round_number: FromPath[str],
    *,
    ref: FromPath[str],
) -> Response[Any]:
    """Dispute a question of a visit, or the visit."""
    key, form = (entrant_id, channel), await fields_of(request)
    copy = await _published(request, key, round_number)
    visit, assessment_id = visit_of(copy, key, ref), assessment_of(copy, key, ref)
    if visit is None or assessment_id is None:
        raise NotFoundException("no such visit")
    question = form.get("question", "")
    asked = {item.key for section in visit.sections for item in section.items}
    by = By(account_of(request).id, now_of(request))

    def write(db: Connection) -> int:
        if question and question not in asked:
            raise CannotDecideError(sentence(N_("This visit has no such question.")))
        words = form.get("words", "")
        return disputes.open_dispute(db, key, copy.number, assessment_id, question=question, words=words, by=by)

    try:
        await decided(request, "dispute-opened", ("dispute", ref), write, form, question=question[:40])
    except CannotDecideError as error:
        return await _shown(page, key, round_number, ref, problem=error, filled=form)
    address = f"/reports/{entrant_id}/{channel}/{copy.number}/visits/{ref}?done=disputed"
    return Redirect(address, status_code=303)


async def _shown(
    page: Page,
    key: tuple[str, str],
    round_number: str,
    ref: str,
    *,
    done: str = "",
    problem: SentenceError | None = None,
    filled: Mapping[str, str] | None = None,
) -> Response[str]:
    request = page.request
    copy = await _published(request, key, round_number)
    visit, assessment_id = visit_of(copy, key, ref), assessment_of(copy, key, ref)
    if visit is None:
        raise NotFoundException("no such visit")
    await viewed(request, "report-viewed", ("entry", "/".join(key)), round=round_number, form="visit")

    def read(desk: SeasonDesk) -> dict[str, Any]:
        mine = [one for one in all_disputes(desk.db, key[0]) if one.assessment_id == assessment_id]
        ends_at = disputes.may_open(desk.db, copy.number, now_of(request))
        photos = photos_of(desk.db, assessment_id) if assessment_id and visit.sections else ()
        out = published(desk.db, what_of(copy.number))
        waits = {one.id for one in mine if disputes.waits_for_correction(one, out)}
        return {
            "disputed": mine,
            "waits": waits,
            "ends_at": ends_at and ends_at - timedelta(minutes=1),  # as the report says it: the last minute in time
            **_beside(visit, photos, cleared_of(desk.db, copy, key, assessment_id)),
            "basis": last_entry(desk.db),
        }

    return page.html(
        "reports/visit.html",
        status=409 if problem else 200,
        key=key,
        number=copy.number,
        name=copy.entries[key].facts.name,
        visit=visit,
        dayparts=DAYPARTS,
        digest=copy.digest,
        done=done,
        filled=filled or page.reader.typed or {},
        **(refusal(problem) if problem else {"problem": None, "meanwhile": ()}),
        **await read_season(request, read),
    )


def _beside(visit: OwnVisit, photos: Sequence[OwnPhoto], cleared: Cleared) -> dict[str, Any]:
    """Return photos and quotes by the question they stand beside; those of no question shown are of the whole visit."""
    asked = {item.key for section in visit.sections for item in section.items}
    beside: dict[str, list[OwnPhoto]] = {}
    said: dict[str, list[Quoted]] = {}
    for photo in photos:
        key = (photo.question or "").partition("#")[0]
        beside.setdefault(key if key in asked else "", []).append(photo)
    for quoted in cleared.quotes:
        key = quoted.question.partition("#")[0]
        said.setdefault(key if key in asked else "", []).append(quoted)
    return {"photos": beside, "said": said, "captions": {one.photo.ref: one.caption for one in cleared.photos}}


async def _published(request: Asked, key: tuple[str, str], round_number: str) -> RoundCopy:
    """Return the copy that is out of a round, for a reader of this entry."""
    own, number = own_entrant(request), int(round_number) if round_number in tuple("123456789") else 0
    if own not in (None, key[0]):
        raise NotFoundException("no such report")

    def read(desk: SeasonDesk) -> RoundCopy:
        try:
            copy = copy_of(desk, number)
            check_entry(copy, key)
        except NoReportError as error:
            raise NotFoundException("no such report") from error
        return copy

    return await read_season(request, read)


ROUTES = [own_list, own_csv, own_visit, own_photo, dispute_visit]
