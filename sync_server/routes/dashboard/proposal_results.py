"""A company's own released results for its proposal: put into 4(1), 4(2) and 4(3), and made into an attachment.

PRP-6  Only an account of the entrant has them, and only what is out. A field that holds something is left as it is, and
       the page says which.
PRP-7  An attachment of more pages than the template takes is not made: the page says how many there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from checklists.language import N_, Language, Sentence, sentence
from checklists.proposal.checking import pages_problem
from checklists.proposal.counting import word_count
from checklists.proposal.template import TICKED, proposal_template
from sync_server.award.desk import SeasonDesk
from sync_server.hand_in.public_door import short_name
from sync_server.hand_in.versions import ClosedError
from sync_server.print.document import CannotPrintError
from sync_server.print.process import printed
from sync_server.proposals.attachments import page_count
from sync_server.proposals.handing import body_of, save_draft
from sync_server.reports.photo_part import LONGEST_WORDS, MOST_PHOTOS, Given, PhotoError, photo_blocks
from sync_server.reports.results import OWN_WORDS, PARTS, PHOTOS, Results, attachment, in_words, results_of
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, fields_of, now_of, services_of, viewed
from sync_server.routes.dashboard.proposal import drawn
from sync_server.routes.dashboard.public_form import code_of
from sync_server.routes.dashboard.reports import own_entrant

MYSTERY, RESULTS, AWARDS = "methods-mystery", "results", "awards"
NOTHING = N_("Nothing of yours is released yet: it comes with the first round’s report.")


@post("/proposal/fill", include_in_schema=False, status_code=200, request_max_body_size=FILE_DOORS["/proposal/fill"])
async def fill_in(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Put the entrant's released results into the fields that are empty, and keep the draft."""
    fields, language = await fields_of(request), page.reader.language
    results = await _results(request, language)
    template, code = proposal_template(), code_of(fields.get("code", ""))
    body, left = filled(body_of(template, fields), results)
    await viewed(request, "report-viewed", ("entrant", results.entrant), form="proposal")
    try:
        now = now_of(request)
        await services_of(request).writer.run(lambda db: save_draft(db, code, body, now, seen=fields.get("draft")))
    except ClosedError as error:
        return await asyncio.to_thread(drawn, page, body, code, refused=error.message, status=409)
    if not results.rounds or not results.keys:
        return await asyncio.to_thread(drawn, page, body, code, refused=sentence(NOTHING), status=409)
    words = N_("Your released results were put in. Left as they were: {fields}.") if left else None
    note = sentence(N_("Your released results were put in.")) if words is None else sentence(words, fields=tuple(left))
    return await asyncio.to_thread(drawn, page, body, code, note=note)


def filled(body: Mapping[str, str], results: Results) -> tuple[dict[str, str], list[str]]:
    """Return `body` with results in its empty fields, and the titles of those that were not empty (PRP-6)."""
    template, out, left = proposal_template(), dict(body), []
    limits = {field.key: field.limit for field in template.fields}
    titles = {field.key: field.title[results.say.language] for field in template.fields}
    years = [field.years_back for field in template.fields if field.key == AWARDS]
    first = template.edition - (years[0] or 0)
    awards = [f"{year} {words}" for year, words in results.awards if first <= year <= template.edition]
    if results.keys:
        out[MYSTERY] = TICKED
    for name, text in ((RESULTS, _within(in_words(results), limits[RESULTS])), (AWARDS, "\n".join(awards))):
        if text and out.get(name):
            left.append(titles[name])
        elif text:
            out[name] = text
    return out, left


def _within(text: str, limit: int | None) -> str:
    """Return as many whole lines as the field takes."""
    lines = text.splitlines()
    while limit is not None and lines and word_count("\n".join(lines)) > limit:
        lines.pop()
    return "\n".join(lines)


@get("/reports/attachment", include_in_schema=False)
async def attachment_page(page: NamedDependency[Page]) -> Response[str]:
    """Ask which parts an attachment has, and for the company's own words."""
    return await asyncio.to_thread(_drawn, page, {}, None)


@post(
    "/reports/attachment",
    include_in_schema=False,
    status_code=200,
    request_max_body_size=FILE_DOORS["/reports/attachment"],
)
async def make_attachment(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Make the attachment as a PDF, or say how many pages it would have (PRP-7)."""
    form, language = await fields_of(request), page.reader.language
    wanted = [part for part in PARTS if form.get(f"part-{part}") == TICKED]
    results = await _results(request, language)
    problem: Sentence | None = None
    if not results.keys:
        problem = sentence(NOTHING)
    elif not wanted:
        problem = sentence(N_("Choose at least one part."))
    if problem is not None:
        return await asyncio.to_thread(_drawn, page, form, problem, 409)
    try:
        photos = await asyncio.to_thread(photo_blocks, await _photos(request, wanted), has_nobody="has-nobody" in form)
    except PhotoError as error:
        return await asyncio.to_thread(_drawn, page, form, error.message, 422)
    document = attachment(results, wanted, {part: form.get(part, "") for part in OWN_WORDS}, photos)
    await viewed(request, "report-viewed", ("entrant", results.entrant), form="attachment")
    try:
        body = await asyncio.to_thread(printed, document)
        pages = await asyncio.to_thread(page_count, body)
    except CannotPrintError as error:
        return await asyncio.to_thread(_drawn, page, form, error.message, 409)
    if (too_many := pages_problem(proposal_template(), pages)) is not None:
        words = N_("Nothing was made: {why} Leave a part out, or shorten your own words.")
        return await asyncio.to_thread(_drawn, page, form, sentence(words, why=too_many), 422)
    headers = {"Content-Disposition": f'attachment; filename="attachment_{language}.pdf"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


async def _photos(request: Asked, wanted: Sequence[str]) -> list[Given]:
    """Return the photos that were chosen with their words; none where the part is left out."""
    form = await request.form()
    given = []
    for number in range(1, MOST_PHOTOS + 1) if PHOTOS in wanted else ():
        upload = form.get(f"photo-{number}")
        if isinstance(upload, UploadFile) and upload.filename:
            words = form.get(f"photo-{number}-words")
            name = short_name(upload.filename)
            given.append(Given(name, await upload.read(), words if isinstance(words, str) else ""))
    return given


async def _results(request: Asked, language: Language) -> Results:
    own = own_entrant(request)
    if own is None:
        raise NotFoundException("not of an entrant")

    def read(desk: SeasonDesk) -> Results:
        return results_of(desk, own, language)

    return await read_season(request, read)


def _drawn(page: Page, form: Mapping[str, str], problem: Sentence | None, status: int = 200) -> Response[str]:
    return page.html(
        "proposals/attachment.html",
        status=status,
        parts=PARTS,
        own_words=OWN_WORDS,
        most_photos=MOST_PHOTOS,
        longest_words=LONGEST_WORDS,
        filled=form,
        is_new=not form,
        most=proposal_template().most_pages,
        problem=problem,
    )


ROUTES = [fill_in, attachment_page, make_attachment]
