"""The doors behind the notices at the top of the desk's pages: the first erasure of a season, and a clock that jumped.

Each form names what it was made from (the notice, the moment the clock showed): what has moved since is shown anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from litestar import Response, post
from litestar.response import Redirect
from sqlalchemy import Connection

from sync_server.custody import erasure_notice
from sync_server.database.queries.audit_log import append_audit
from sync_server.routes.dashboard.page import Asked, account_of, audit_row, fields_of, now_of, own_path, services_of
from sync_server.season.observed_time import confirm_clock

STILL_SHOWN = timedelta(days=1)  # how long a page may have been open


@post("/notices/erasure", include_in_schema=False)
async def confirm_erasure(request: Asked) -> Response[Any]:
    """Confirm the first erasure of the season, as it was announced: kept with who and when."""
    form = await fields_of(request)
    number, by, now = form.get("notice", ""), account_of(request).id, now_of(request)
    row = audit_row(request, "erasure-confirmed", ("season", "season"), {"notice": number[:20]})

    def write(db: Connection) -> None:
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        if is_number and erasure_notice.confirm(db, int(number), by, now):
            append_audit(db, [row])

    await services_of(request).writer.run(write)
    return Redirect(own_path(form.get("back", "/")), status_code=303)


@post("/notices/clock", include_in_schema=False)
async def clock_is_right(request: Asked) -> Response[Any]:
    """Believe the server's clock, if it still is where the page showed it."""
    form = await fields_of(request)
    now = now_of(request)
    row = audit_row(request, "clock-confirmed", ("season", "season"), {"clock": now.isoformat()})

    def write(db: Connection) -> None:
        shown = _moment(form.get("shows", ""))
        if shown is not None and abs(now - shown) <= STILL_SHOWN:
            confirm_clock(db, now)
            append_audit(db, [row])

    await services_of(request).writer.run(write)
    return Redirect(own_path(form.get("back", "/")), status_code=303)


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


ROUTES = [confirm_erasure, clock_is_right]
