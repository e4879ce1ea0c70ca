"""The live list of assessments, and its rows drawn anew when they change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from sqlalchemy import Connection

from sync_server.database.queries import assessment_lists
from sync_server.database.queries.assessment_lists import PAGE, Cursor, Filter
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.sight import SHOWN_TO_ENTRANTS, Sight
from sync_server.pages.drawing import Reader
from sync_server.routes.dashboard.page import Asked, html, now_of, services_of, viewed

MAX_IDS = 50


@get("/assessments", include_in_schema=False)
async def assessment_list(
    request: Asked,
    reader: NamedDependency[Reader],
    *,
    channel: FromQuery[str] = "",
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
    in_state: Annotated[str, QueryParameter(name="state")] = "",
    search: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show the assessments the reader may see, the newest received first; `after` is where the page before ended."""
    narrowed = Filter(channel=channel, round=round, state=in_state, search=search.strip())
    sight, cursor = sight_of(request, reader), Cursor.from_text(after)

    def read() -> dict[str, Any]:
        with services_of(request).database.reading() as db:
            seq = last_seq(db)
            counts = _status_counts(request, db, sight, seq)
            count = assessment_lists.count_lines(db, sight, narrowed) if given(narrowed) else sum(counts.values())
            rows = assessment_lists.list_page(db, sight, narrowed, after=cursor, limit=PAGE + 1) if count else []
            return {
                "rows": rows[:PAGE],
                "more": rows[PAGE - 1].cursor if len(rows) > PAGE else "",
                "count": count,
                "counts": counts,
                "seq": seq,
                "rounds": assessment_lists.round_numbers(db),
            }

    await viewed(request, "assessments-listed", ("assessments", "list"), **given(narrowed))
    shown = await asyncio.to_thread(read)
    return await asyncio.to_thread(
        html,
        request,
        reader,
        "assessments/list.html",
        narrowed=narrowed,
        query=urlencode(given(narrowed)),
        is_first=cursor is None,
        statuses=SHOWN_TO_ENTRANTS if reader.is_entrant else ("finished", "returned", "accepted", "void"),
        page_size=PAGE,
        **shown,
    )


@get("/assessments/rows", include_in_schema=False)
async def assessment_rows(
    request: Asked,
    reader: NamedDependency[Reader],
    *,
    ids: FromQuery[str] = "",
    channel: FromQuery[str] = "",
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
    in_state: Annotated[str, QueryParameter(name="state")] = "",
    search: FromQuery[str] = "",
) -> Response[str]:
    """Draw the rows of `ids` that the filter lets through. The list they belong to was logged when it was opened."""
    narrowed = Filter(channel=channel, round=round, state=in_state, search=search.strip())

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            asked = [one for one in ids.split(",") if one][:MAX_IDS]
            rows = assessment_lists.lines_of(db, sight_of(request, reader), narrowed, asked)
        return html(request, reader, "assessments/_rows.html", rows=rows)

    return await asyncio.to_thread(read)


def sight_of(request: Asked, reader: Reader) -> Sight:
    """Return what the reader may see (PERM-3)."""
    if reader.session is not None and reader.is_entrant:
        return Sight(entrant_id=reader.session.account.entrant_id, now=now_of(request))
    return Sight()


def _status_counts(request: Asked, db: Connection, sight: Sight, seq: int) -> Mapping[str, int]:
    """Count the statuses; for the office once for each state of the feed: every change of one is told there."""
    if sight.entrant_id is not None:
        return assessment_lists.status_counts(db, sight)
    known: tuple[int, Mapping[str, int]] | None = request.app.state.get("status_counts")
    if known is None or known[0] != seq:
        known = request.app.state.status_counts = (seq, assessment_lists.status_counts(db, sight))
    return known[1]


def given(narrowed: Filter) -> dict[str, str]:
    """Return what the list is narrowed to, by name in the address."""
    return {name: value for name, value in asdict(narrowed).items() if value}


ROUTES = [assessment_list, assessment_rows]
