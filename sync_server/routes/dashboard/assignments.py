"""The list of assignments: what is due, overdue and done."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from sync_server.database.queries import assessment_lists, people
from sync_server.database.queries.people import MAX_OFFSET, PAGE, AssignmentFilter
from sync_server.routes.dashboard.page import Asked, Page, now_of, services_of, viewed


@get("/assignments", include_in_schema=False)
async def assignment_list(
    request: Asked,
    page: NamedDependency[Page],
    *,
    channel: FromQuery[str] = "",
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
    in_state: Annotated[str, QueryParameter(name="state")] = "open",
    assessor: FromQuery[str] = "",
    start: FromQuery[int] = 0,
) -> Response[str]:
    """Show assignments, those due first first; by default those that are still to be done."""
    narrowed, now = AssignmentFilter(channel, round, in_state, assessor), now_of(request)
    start = max(0, min(start, MAX_OFFSET))

    def read() -> dict[str, Any]:
        with services_of(request).database.reading() as db:
            rows = people.list_assignments(db, narrowed, now, offset=start, limit=PAGE + 1)
            return {
                "rows": rows[:PAGE],
                "more": len(rows) > PAGE,
                "assessors": people.assessor_names(db),
                "rounds": assessment_lists.round_numbers(db),
            }

    await viewed(request, "assignments-listed", ("assignments", "list"))
    values = await asyncio.to_thread(read)
    return await asyncio.to_thread(
        page.html,
        "assignments.html",
        narrowed=narrowed,
        query=urlencode(narrowed._asdict()),
        start=start,
        page_size=PAGE,
        now=now,
        **values,
    )


ROUTES = [assignment_list]
