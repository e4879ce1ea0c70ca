"""Quality: the statistics of one round's scores, for the office, a page for each question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from checklists.language import Text
from sync_server.award.desk import SeasonDesk
from sync_server.award.standings import kept_standings
from sync_server.database.queries import second_scores
from sync_server.database.queries import tallies as queries
from sync_server.database.queries.assessment_lists import round_numbers, rounds_begun
from sync_server.database.queries.people import assessor_names, entrant_names
from sync_server.database.queries.quality import scored_rows
from sync_server.database.queries.settings import REVIEW_SEED, setting
from sync_server.pages.quality import PARTS, quality_view
from sync_server.pages.quality_agreement import agreement_view
from sync_server.pages.quality_coverage import coverage_view
from sync_server.pages.quality_rounds import rounds_view
from sync_server.pages.quality_sums import items_view, service_view
from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.pages.standings import by_entry
from sync_server.review.settling import waiting
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed
from sync_server.routes.dashboard.today import ASSIGNED
from sync_server.season.rules import version_in_force

Look = Callable[[Asked, Connection, int], Any]


def _scores(request: Asked, db: Connection, number: int) -> Any:  # noqa: ARG001 - as every part is read
    return quality_view(scored_rows(db, number), dict(assessor_names(db)), dict(entrant_names(db)))


def _rounds(request: Asked, db: Connection, number: int) -> Any:
    desk = SeasonDesk.of(db, services_of(request).forms)
    spreads = by_entry(queries.spreads(db))
    return rounds_view(spreads, number, dict(entrant_names(db)), kept_standings(desk), desk.in_force)


def _agreement(request: Asked, db: Connection, number: int) -> Any:
    return agreement_view(
        second_scores.countable(db, number),
        second_scores.final_marks(db, number),
        second_scores.again_bases(db, number),
        names=dict(entrant_names(db)),
        forms=services_of(request).forms.forms(db),
        seed=setting(db, REVIEW_SEED) or "",
        waiting=len(waiting(db, number)),
        places=second_scores.day_and_branch(db, number),
        is_closed=second_scores.is_closed(db, number),
    )


def _items(request: Asked, db: Connection, number: int) -> Any:
    return items_view(queries.tallies_of(db, number), services_of(request).forms.forms(db))


def _service(request: Asked, db: Connection, number: int) -> Any:
    labels: dict[str, Text] = {
        one.key: one.label for form in services_of(request).forms.forms(db).values() for one in form.derived
    }
    return service_view(queries.tallies_of(db, number), dict(entrant_names(db)), labels)


def _coverage(request: Asked, db: Connection, number: int) -> Any:
    now = now_of(request)
    book: AssignedBook = request.app.state[ASSIGNED]
    zone = version_in_force(db).zone
    scenarios, begun = queries.scenario_counts(db, number), queries.begun_at(db, number)
    return coverage_view(season_map(db, now, book, number), number, scenarios, begun, zone=zone, now=now)


LOOKS: dict[str, Look] = {
    "scores": _scores,
    "rounds": _rounds,
    "agreement": _agreement,
    "items": _items,
    "service": _service,
    "coverage": _coverage,
}


@get("/quality", include_in_schema=False)
async def quality_page(
    request: Asked,
    page: NamedDependency[Page],
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
) -> Response[str]:
    """Show who marks apart, and which scores lie far off."""
    return await _drawn(request, page, "scores", round)


@get("/quality/{part:str}", include_in_schema=False)
async def quality_part(
    request: Asked,
    page: NamedDependency[Page],
    part: FromPath[str],
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
) -> Response[str]:
    """Show one part: intervals, agreement, questions, service, coverage."""
    if part not in LOOKS or part == "scores":
        raise NotFoundException("no such part")
    return await _drawn(request, page, part, round)


async def _drawn(request: Asked, page: Page, part: str, number: str) -> Response[str]:
    await viewed(request, "quality-viewed", ("standings", "quality"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            numbers = round_numbers(db)
            chosen = int(number) if number in map(str, numbers) else max(rounds_begun(db), default=1)
            view = LOOKS[part](request, db, chosen)
        return page.html(f"quality/{part}.html", view=view, rounds=numbers, chosen=chosen, part=part, parts=PARTS)

    return await asyncio.to_thread(read)


ROUTES = [quality_page, quality_part]
