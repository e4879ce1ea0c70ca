"""The index for everybody, from its copies alone: page, PDF, CSV; and the office's acts of publishing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from sqlalchemy import Connection

from checklists.language import N_, Language, SentenceError, sentence
from sync_server.database.queries import publications
from sync_server.database.queries import survey as queries
from sync_server.database.queries.publications import Publication
from sync_server.exchange.index_published import published_blocks, published_document, published_rows
from sync_server.print.document import Block
from sync_server.print.process import printed
from sync_server.publication import apart
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.index_desk import drawn
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of
from sync_server.routes.dashboard.public_form import check_files
from sync_server.routes.dashboard.tables import table_stream, wants_brackets
from sync_server.season.rules import version_in_force
from sync_server.survey.publishing import compared, figures_to_publish, what_of

AUDIENCE = "public"
PREFIX = "index-"


class Shown(NamedTuple):
    """One index that is out."""

    out: Publication
    body: dict[str, Any]
    blocks: Sequence[Block]
    at: datetime
    editions: Sequence[str]


@get("/customer-index", include_in_schema=False)
async def published_index(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the newest index that is out, to anybody."""
    return await _page(request, page, "")


@get("/customer-index/{edition:str}", include_in_schema=False)
async def published_edition(request: Asked, page: NamedDependency[Page], edition: FromPath[str]) -> Response[str]:
    """Show the index of one edition, to anybody."""
    return await _page(request, page, edition)


@get("/customer-index/{edition:str}/csv", include_in_schema=False)
async def published_table(request: Asked, page: NamedDependency[Page], edition: FromPath[str]) -> Stream:
    """Download the index of an edition as a table."""
    one = await asyncio.to_thread(_found, request, edition, page.reader.language)
    rows = published_rows(one.body, brackets=wants_brackets(request))
    return table_stream(request, f"customer-index_{edition}", rows)


@get("/customer-index/{edition:str}/pdf", include_in_schema=False)
async def published_paper(request: Asked, page: NamedDependency[Page], edition: FromPath[str]) -> Response[bytes]:
    """Download the index of an edition as a PDF in the reader's language."""
    language = page.reader.language
    one = await asyncio.to_thread(_found, request, edition, language)
    check_files(request)
    document = published_document(one.blocks, one.body, language, digest=one.out.digest, at=one.at)
    body = await asyncio.to_thread(printed, document)
    return _file(body, "application/pdf", f"customer-index_{edition}_{language}.pdf")


@post("/index/copy", include_in_schema=False)
async def take_copy(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Take the copy of the newest edition that two people sign; after its publication a numbered correction."""

    def write(db: Connection, edition: int, form: dict[str, str], by: By) -> None:
        body = figures_to_publish(db, edition)
        if all(one["satisfaction"] is None for one in body["industries"]):
            raise CannotDecideError(sentence(N_("No industry has enough answers yet: there is nothing to publish.")))
        apart.take(db, what_of(edition), body, audience=AUDIENCE, reason=form.get("reason", ""), by=by)

    return await _decided(request, page, "index-copied", write)


@post("/index/sign", include_in_schema=False)
async def sign_copy(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Sign the copy that was looked at."""

    def write(db: Connection, edition: int, form: dict[str, str], by: By) -> None:
        apart.sign(db, what_of(edition), form.get("digest", "")[:64], by)

    return await _decided(request, page, "index-signed", write)


@post("/index/withdraw", include_in_schema=False)
async def withdraw_copy(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Take a copy back that nobody outside has seen, with why."""

    def write(db: Connection, edition: int, form: dict[str, str], by: By) -> None:
        apart.withdraw(db, what_of(edition), reason=form.get("reason", ""), by=by)

    return await _decided(request, page, "index-withdrawn", write)


@post("/index/issue", include_in_schema=False)
async def issue(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Publish the copy that two people signed."""

    def write(db: Connection, edition: int, _form: dict[str, str], by: By) -> None:
        apart.issue(db, what_of(edition), by)

    return await _decided(request, page, "index-published", write)


async def _decided(
    request: Asked, page: Page, action: str, write: Callable[[Connection, int, dict[str, str], By], None]
) -> Response[Any]:
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))

    def both(db: Connection) -> None:
        surveys = queries.survey_rows(db)
        if not surveys:
            raise CannotDecideError(sentence(N_("No survey was set up yet.")))
        write(db, surveys[0].edition, form, by)

    details = {"reason": form.get("reason", "")[:500], "digest": form.get("digest", "")[:64]}
    try:
        await decided(request, action, ("index", "publication"), both, form, **details)
    except SentenceError as error:
        return await asyncio.to_thread(drawn, page, form=form, status=409, **refusal(error))
    return Redirect("/index", status_code=303)


async def _page(request: Asked, page: Page, edition: str) -> Response[str]:
    def read() -> Response[str]:
        one = _shown(request, edition, page.reader.language)
        if one is None and edition:
            raise NotFoundException("no such index")
        blocks = None if one is None else msgspec.to_builtins(one.blocks)
        return page.html("index/published.html", one=one, blocks=blocks, brackets=wants_brackets(request))

    return await asyncio.to_thread(read)


def _found(request: Asked, edition: str, language: Language) -> Shown:
    one = _shown(request, edition, language)
    if one is None:
        raise NotFoundException("no such index")
    return one


def _shown(request: Asked, edition: str, language: Language) -> Shown | None:
    """Return what is out of an edition ("": of the newest); None: nothing is."""
    with services_of(request).database.reading() as db:
        every = [one for one in publications.copies_of(db) if one.what.startswith(PREFIX) and one.published_at]
        whats = sorted({one.what for one in every}, reverse=True)
        wanted = PREFIX + edition if edition else next(iter(whats), "")
        if wanted not in whats:
            return None
        out = [one for one in every if one.what == wanted][-1]
        body = apart.body_of(db, out)
        earlier = next((what for what in whats if what < wanted), None)
        steps = []
        if earlier is not None:
            steps = compared(body, apart.body_of(db, [one for one in every if one.what == earlier][-1]))
        zone = version_in_force(db).zone
    before, brackets = (earlier or "").removeprefix(PREFIX), wants_brackets(request)
    blocks = published_blocks(body, steps, before, language, brackets=brackets)
    at = (out.published_at or out.made_at).astimezone(zone)
    return Shown(out, body, blocks, at, [what.removeprefix(PREFIX) for what in whats])


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


ROUTES = [
    published_index, published_edition, published_table, published_paper, take_copy, sign_copy, withdraw_copy, issue,
]  # fmt: skip
