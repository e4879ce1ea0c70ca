"""The live list of assessments, and its rows drawn anew when they change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from sqlalchemy import Connection

from sync_server.database.queries import assessment_lists
from sync_server.database.queries.assessment_lists import PAGE, Cursor, Filter
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.people import assessor_names
from sync_server.routes.dashboard.page import Asked, Page, services_of, viewed

MAX_IDS = 50
OFFICE_STATUSES = ("finished", "returned", "accepted", "void")


def narrowed_by(
    channel: FromQuery[str] = "",
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
    in_state: Annotated[str, QueryParameter(name="state")] = "",
    search: FromQuery[str] = "",
) -> Filter:
    """Return what the address narrows the list to."""
    return Filter(channel=channel, round=round, state=in_state, search=search.strip())


NARROWED = {"narrowed": Provide(narrowed_by, sync_to_thread=False)}


@get("/assessments", include_in_schema=False, dependencies=NARROWED)
async def assessment_list(
    request: Asked, page: NamedDependency[Page], narrowed: NamedDependency[Filter], *, after: FromQuery[str] = ""
) -> Response[str]:
    """Show the assessments, the newest received first; `after` is where the page before ended."""
    cursor = Cursor.from_text(after)

    def read() -> dict[str, Any]:
        with services_of(request).database.reading() as db:
            seq, counts, count = _counted(request, db, narrowed)
            rows = assessment_lists.list_page(db, narrowed, after=cursor, limit=PAGE + 1) if count else []
            return {
                "rows": rows[:PAGE],
                "more": rows[PAGE - 1].cursor if len(rows) > PAGE else "",
                "count": count,
                "counts": counts,
                "seq": seq,
                "rounds": assessment_lists.round_numbers(db),
                "is_staffed": bool(count) or bool(assessor_names(db)),
            }

    await viewed(request, "assessments-listed", ("assessments", "list"), **filled(narrowed))
    shown = await asyncio.to_thread(read)
    return await asyncio.to_thread(
        page.html,
        "assessments/list.html",
        narrowed=narrowed,
        query=urlencode(filled(narrowed)),
        is_first=cursor is None,
        statuses=OFFICE_STATUSES,
        page_size=PAGE,
        **shown,
    )


@get("/assessments/rows", include_in_schema=False, dependencies=NARROWED)
async def assessment_rows(
    request: Asked, page: NamedDependency[Page], narrowed: NamedDependency[Filter], *, ids: FromQuery[str] = ""
) -> Response[str]:
    """Draw the rows of `ids` that the filter lets through, and the figures above the list as they are now.

    The list they belong to was logged when it was opened.
    """

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            wanted = [name for name in ids.split(",") if name][:MAX_IDS]
            _, counts, count = _counted(request, db, narrowed)
            rows = assessment_lists.lines_of(db, narrowed, wanted)
        return page.html(
            "assessments/_arrived.html",
            rows=rows,
            counts=counts,
            count=count,
            statuses=OFFICE_STATUSES,
            query=urlencode(filled(narrowed)),
        )

    return await asyncio.to_thread(read)


def _counted(request: Asked, db: Connection, narrowed: Filter) -> tuple[int, Mapping[str, int], int]:
    """Return the feed's number, how many there are by status, and how many the filter lets through."""
    seq = last_seq(db)
    counts: Mapping[str, int] = request.app.state.status_counts.of(db, seq)
    count = assessment_lists.count_lines(db, narrowed) if filled(narrowed) else sum(counts.values())
    return seq, counts, count


class StatusCounts:
    """How many assessments there are in each status, counted for the office once for each state of the change feed:
    every change of a status has an entry there. One for the application, in its state.
    """

    def __init__(self) -> None:
        self._counted: tuple[int, Mapping[str, int]] | None = None

    def of(self, db: Connection, seq: int) -> Mapping[str, int]:
        """Return the counts as of entry `seq` of the feed."""
        counted = self._counted
        if counted is None or counted[0] != seq:
            counted = self._counted = (seq, assessment_lists.status_counts(db))
        return counted[1]


def list_address(query: str) -> str:
    """Return the address of the list that `query` narrows; what narrows nothing is left out of it."""
    known = [(name, value) for name, value in parse_qsl(query[:500]) if name in Filter.__dataclass_fields__]
    return f"/assessments?{urlencode(known)}" if known else "/assessments"


def filled(narrowed: Filter) -> dict[str, str]:
    """Return what the list is narrowed to, by name in the address."""
    return {name: value for name, value in asdict(narrowed).items() if value}


ROUTES = [assessment_list, assessment_rows]
