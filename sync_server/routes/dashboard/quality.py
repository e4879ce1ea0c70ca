"""Quality: the statistics of one round's scores, for the office."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from sync_server.database.queries.assessment_lists import round_numbers
from sync_server.database.queries.people import assessor_names, entrant_names
from sync_server.database.queries.quality import scored_rows
from sync_server.pages.quality import quality_view
from sync_server.routes.dashboard.page import Asked, Page, services_of, viewed


@get("/quality", include_in_schema=False)
async def quality_page(
    request: Asked,
    page: NamedDependency[Page],
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
) -> Response[str]:
    """Show who marks apart, which scores lie far off, and how sure each entry's round is."""
    await viewed(request, "quality-viewed", ("standings", "quality"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows, numbers = scored_rows(db), round_numbers(db)
            names, entrants = dict(assessor_names(db)), dict(entrant_names(db))
        begun = [number for number in numbers if any(row.round == number for row in rows)]
        chosen = int(round) if round in tuple("123456789") else max(begun, default=1)
        view = quality_view(rows, chosen, names, entrants)
        return page.html("quality.html", view=view, rounds=numbers, chosen=chosen)

    return await asyncio.to_thread(read)


ROUTES = [quality_page]
