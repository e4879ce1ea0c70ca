"""Release: where every round stands, whether one may go out, and closing, signing, withdrawing, correcting it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream
from sqlalchemy import Connection

from checklists.language import SentenceError
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.people import entrant_names
from sync_server.machine.memory import give_back
from sync_server.pages.release import life_line, release_view, waits_as_a_correction
from sync_server.publication import closing, frozen, process
from sync_server.publication.life import CannotStepError
from sync_server.publication.process import Changes, NotTakenError, ToCompare, ToTake
from sync_server.publication.rounds import Standing, standing_of_what, standings_of
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.bench_pages import BENCH
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed
from sync_server.routes.dashboard.tables import file_stream

MAX_WORDS = 2000
ACTIONS = {
    "closed": "round-closed",
    "signed": "copy-signed",
    "withdrawn": "copy-withdrawn",
    "explained": "shortfall-explained",
}


@get("/release", include_in_schema=False)
async def release_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show where every round and the results stand."""
    now = now_of(request)
    rows = await read_season(request, lambda desk: [life_line(one) for one in standings_of(desk.db, now)])
    return page.html("release/list.html", rows=rows)


@get("/release/{what:str}", include_in_schema=False)
async def release_page(
    page: NamedDependency[Page],
    what: FromPath[str],
    *,
    done: FromQuery[str] = "",
    since: FromQuery[bool] = False,
) -> Response[str]:
    """Show whether a round, or the results, is ready to go out. `since`: what a copy taken now would change."""
    return await _drawn(page, what, done=done if done in ACTIONS else "", since=since)


@post("/release/{what:str}/close", include_in_schema=False)
async def close_round(request: Asked, page: NamedDependency[Page], what: FromPath[str]) -> Response[Any]:
    """Close a round and take its copy, or take the copy of a correction."""
    form, by = await fields_of(request), _by(request)
    standing, url = (
        await read_season(request, lambda desk: _found(desk, what, by)),
        services_of(request).config.database,
    )
    order = ToTake(url=url, round=standing.round, places=form.get("places", "").split(), now=by.now)
    try:
        taken, open_lines = await asyncio.to_thread(process.taken, order)
    except NotTakenError as error:
        return await _drawn(page, what, problem=error, filled=form)

    def write(db: Connection) -> None:
        closing.close(db, standing.what, taken, open_lines, reason=form.get("reason", ""), by=by)

    return await _decided(page, "closed", what, write, form, digest=taken.digest)


@post("/release/{what:str}/sign", include_in_schema=False)
async def sign_copy(request: Asked, page: NamedDependency[Page], what: FromPath[str]) -> Response[Any]:
    """Sign the copy that was looked at."""
    form, by = await fields_of(request), _by(request)
    digest = form.get("digest", "")[:64]

    def write(db: Connection) -> None:
        closing.sign(SeasonDesk.of(db, services_of(request).forms), what, digest, by)

    return await _decided(page, "signed", what, write, form, digest=digest)


@post("/release/{what:str}/withdraw", include_in_schema=False)
async def withdraw_copy(request: Asked, page: NamedDependency[Page], what: FromPath[str]) -> Response[Any]:
    """Take a copy back that nobody outside has seen, with a reason."""
    form, by = await fields_of(request), _by(request)

    def write(db: Connection) -> None:
        closing.withdraw(db, what, reason=form.get("reason", ""), by=by)

    return await _decided(page, "withdrawn", what, write, form)


@post("/release/{what:str}/shortfall", include_in_schema=False)
async def explain_shortfall(request: Asked, page: NamedDependency[Page], what: FromPath[str]) -> Response[Any]:
    """Keep why an entry is short of its quota; a second person's reason is the second name."""
    form, by = await fields_of(request), _by(request)
    number = (await read_season(request, lambda desk: _found(desk, what, by))).round
    if number is None:
        raise NotFoundException("the results have no quota")
    entrant_id, _, channel = form.get("entry", "")[:200].rpartition("/")

    def write(db: Connection) -> None:
        closing.explain_shortfall(db, number, (entrant_id, channel), reason=form.get("reason", ""), by=by)

    return await _decided(page, "explained", what, write, form, entry=form.get("entry", "")[:200])


@get("/release/copies/{publication_id:str}", include_in_schema=False)
async def copy_file(request: Asked, publication_id: FromPath[str]) -> Stream:
    """Download a copy as a season file that says what it is."""
    await viewed(request, "copy-taken-along", ("publication", publication_id[:60]))

    def read(desk: SeasonDesk) -> Iterator[bytes]:
        publication = queries.publication_of_id(desk.db, publication_id)
        if publication is None:
            raise NotFoundException("no such copy")
        return frozen.exported(publication, queries.body_of_publication(desk.db, publication.id))

    return file_stream(f"{publication_id}.json", await read_season(request, read), "application/json")


def _by(request: Asked) -> By:
    return By(account_of(request).id, now_of(request))


def _found(desk: SeasonDesk, what: str, by: By) -> Standing:
    standing = standing_of_what(desk.db, what, by.now)
    if standing is None:
        raise NotFoundException("no such round")
    return standing


async def _decided(
    page: Page, done: str, what: str, write: Callable[[Connection], None], form: dict[str, str], **details: object
) -> Response[Any]:
    try:
        await decided(
            page.request,
            ACTIONS[done],
            ("publication", what),
            write,
            form,
            reason=form.get("reason", "")[:500],
            **details,
        )
    except (CannotDecideError, CannotStepError) as error:
        return await _drawn(page, what, problem=error, filled=form)
    return Redirect(f"/release/{what}?done={done}", status_code=303)


async def _drawn(
    page: Page,
    what: str,
    *,
    done: str = "",
    since: bool = False,
    problem: SentenceError | None = None,
    filled: dict[str, str] | None = None,
) -> Response[str]:
    by, bench = _by(page.request), page.request.app.state[BENCH]
    standing = await read_season(page.request, lambda desk: _found(desk, what, by))
    try:
        compared = await asyncio.to_thread(_compared, standing, services_of(page.request).config.database, since)
    except NotTakenError as error:
        problem, compared = problem or error, {}

    def read(desk: SeasonDesk) -> dict[str, Any]:
        standing = _found(desk, what, by)
        values = {
            "basis": last_entry(desk.db),
            "names": dict(entrant_names(desk.db)),
            "view": release_view(desk, standing, closing.ready(desk, standing, by, bench), by, **compared),
        }
        give_back()  # it looked through a whole copy, and the C library keeps what is freed for each thread
        return values

    values = await read_season(page.request, read)
    return await asyncio.to_thread(
        page.html,
        "release/page.html",
        status=409 if problem else 200,
        done=done,
        filled={"entry": "", "reason": "", **(filled or page.reader.typed or {})},
        **(refusal(problem) if problem else {"problem": None, "meanwhile": ()}),
        **values,
    )


def _compared(standing: Standing, url: str, since: bool) -> dict[str, Changes]:
    """Return what the page compares, by its name: what takes seconds is done elsewhere."""
    copy, out, found = standing.copy, standing.published, dict[str, Changes]()
    if since and copy is not None:
        found["since"] = process.compared(ToCompare(url=url, round=standing.round, before=copy.id))
    if copy is not None and out is not None and waits_as_a_correction(standing):
        order = ToCompare(url=url, round=standing.round, before=out.id, after=copy.id)
        found["corrects"] = process.compared(order)
    return found


ROUTES = [release_list, release_page, close_round, sign_copy, withdraw_copy, explain_shortfall, copy_file]
