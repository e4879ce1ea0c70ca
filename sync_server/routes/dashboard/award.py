"""The pages of the award: standings, one entry, the awards, the borderline, and the season as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.award.entry_score import EntryScore
from checklists.season.write import season_json
from sync_server.award.desk import SeasonDesk
from sync_server.award.season_file import season_to_export
from sync_server.award.standings import kept_standings, standing_of
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.releases import round_rows
from sync_server.database.queries.standings import ruling_rows, waiting_by_round
from sync_server.database.queries.tallies import marked_visits, spreads
from sync_server.database.queries.unseen import unseen_visits
from sync_server.pages import standings as standings_page
from sync_server.pages.award import AwardView, award_views
from sync_server.pages.course import course_of
from sync_server.pages.entry import GoingOn, entry_view
from sync_server.pages.entry_costs import cost_lines
from sync_server.review import ivrs_panel, rulings
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed

Result = TypeVar("Result")


async def read_season(request: Asked, look: Callable[[SeasonDesk], Result]) -> Result:
    """Look at the season in one view of the database, off the event loop."""
    services = services_of(request)

    def read() -> Result:
        with services.database.reading() as db:
            return look(SeasonDesk.of(db, services.forms))

    return await asyncio.to_thread(read)


@get("/standings", include_in_schema=False)
async def standing_list(
    request: Asked, page: NamedDependency[Page], *, channel: FromQuery[str] = "", industry: FromQuery[str] = ""
) -> Response[str]:
    """Show where every entry stands, by channel and industry, the best first."""
    await viewed(request, "standings-viewed", ("standings", "list"))
    board = await read_season(
        request, lambda desk: standings_page.board(kept_standings(desk), desk.in_force, spreads_of(desk))
    )
    return await asyncio.to_thread(
        page.html,
        "award/standings.html",
        board=board.narrowed(channel=channel, industry=industry),
        channel=channel,
        industry=industry,
    )


@get("/standings/{entrant_id:str}/{channel:str}", include_in_schema=False)
async def entry_page(
    request: Asked, page: NamedDependency[Page], entrant_id: FromPath[str], channel: FromPath[str]
) -> Response[str]:
    """Show one entry: its rounds, what its final rests on, what a better band needs, and its awards."""
    answer = await _entry(page, (entrant_id, channel))
    await viewed(request, "standing-viewed", ("entry", f"{entrant_id}/{channel}"))
    return answer


@post("/standings/{entrant_id:str}/{channel:str}/consistency", include_in_schema=False)
async def set_consistency(
    request: Asked, page: NamedDependency[Page], entrant_id: FromPath[str], channel: FromPath[str]
) -> Response[Any]:
    """Set the consistency bonus of one round, with a reason, where the rules leave it to the coordinator."""
    form, key = await fields_of(request), (entrant_id, channel)
    await read_season(request, lambda desk: _standing(desk, key))
    by = By(account_of(request).id, now_of(request))
    number = int(form["round"]) if form.get("round", "") in tuple("123456789") else 0

    def write(db: Connection) -> None:
        rulings.set_consistency(
            db, key, number, form.get("points", "")[:50], reason=form.get("reason", "")[:2000], by=by
        )

    try:
        await decided(request, "consistency-decided", ("entry", "/".join(key)), write, form, round=number)
    except CannotDecideError as error:
        return await _entry(page, key, status=409, typed=form, **refusal(error))
    return Redirect(f"/standings/{entrant_id}/{channel}", status_code=303)


def spreads_of(desk: SeasonDesk) -> standings_page.Spreads:
    """Return how the visits of each entry spread, for intervals."""
    return standings_page.by_entry(spreads(desk.db))


def _standing(desk: SeasonDesk, key: tuple[str, str]) -> EntryScore:
    score = standing_of(desk, key)
    if score is None:
        raise NotFoundException("no such entry")
    return score


def _going_on(desk: SeasonDesk, key: tuple[str, str], now: datetime) -> GoingOn:
    open_rounds = [row.number for row in round_rows(desk.db) if row.closes_at > now]
    return GoingOn(open_rounds, waiting_by_round(desk.db, key))


async def _entry(page: Page, key: tuple[str, str], *, status: int = 200, **more: Any) -> Response[str]:
    def look(desk: SeasonDesk) -> dict[str, Any]:
        basis, score = last_entry(desk.db), _standing(desk, key)
        # The awards of the very figures that this page shows: what is kept may be a moment older (STN-2).
        scores = [score if other.key == key else other for other in kept_standings(desk)]
        view = entry_view(
            score,
            desk.awards(scores),
            desk.rules,
            ruling_rows(desk.db, *key),
            _going_on(desk, key, now_of(page.request)),
        )
        return {
            "basis": basis,
            "entry": view,
            "over_time": course_of(desk.db, desk.rules, key),
            "costs": cost_lines(marked_visits(desk.db, key), desk.book.forms(desk.db), unseen_visits(desk.db, key)),
        }

    values = await read_season(page.request, look)
    return await asyncio.to_thread(page.html, "award/entry.html", status=status, **values, **more)


@get("/awards", include_in_schema=False)
async def awards_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show each award: winners, ties, and for every other entry why not."""
    await viewed(request, "awards-viewed", ("awards", "list"))

    def look(desk: SeasonDesk) -> tuple[tuple[AwardView, ...], bool]:
        scores = kept_standings(desk)
        return award_views(scores, desk.awards(scores), desk.in_force), ivrs_panel.is_by_panel(desk)

    views, is_by_panel = await read_season(request, look)
    return await asyncio.to_thread(page.html, "award/awards.html", awards=views, is_by_panel=is_by_panel)


@get("/borderline", include_in_schema=False)
async def borderline_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the finals that lie close to a band's edge: those to look at again before results."""
    await viewed(request, "borderline-viewed", ("standings", "borderline"))
    rows = await read_season(
        request, lambda desk: standings_page.borderline(kept_standings(desk), desk.in_force, spreads_of(desk))
    )
    return await asyncio.to_thread(
        page.html, "award/borderline.html", rows=rows, within=standings_page.BORDERLINE_WITHIN
    )


@get("/season.json", include_in_schema=False)
async def season_file(request: Asked) -> Response[bytes]:
    """Give the season as a season file, which scores to exactly what the pages show."""
    await viewed(request, "season-exported", ("season", "season"))
    body = await read_season(request, lambda desk: season_json(season_to_export(desk, unseen=unseen_visits(desk.db))))
    return Response(
        body,
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="season.json"', "Cache-Control": "no-store"},
    )


ROUTES = [
    standing_list,
    entry_page,
    set_consistency,
    awards_page,
    borderline_page,
    season_file,
]
