"""GET /changes: what this device must know since its cursor."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.params import Parameter

from checklists.language import Text
from sync_server.database.queries.changes import PAGE, ChangeRow, changes_for_assessor, last_seq
from sync_server.database.queries.devices import DeviceRow
from sync_server.errors import RefusedError
from sync_server.routes.api.caller import device_of, seen
from sync_server.routes.api.described import may_fail
from sync_server.routes.api.examples import CHANGES, showing
from sync_server.services import Services
from sync_server.survey.counters import standing_order


class Change(msgspec.Struct, frozen=True):
    """One change. `id` names what changed; `body` is as `kind` says."""

    seq: int
    kind: str
    id: str
    body: msgspec.Raw


class CounterOrder(msgspec.Struct, frozen=True):
    """The counter at which this device asks customers, and from when to before when answers are taken."""

    company: str
    name: Text
    opens_at: datetime
    closes_at: datetime
    organiser: Text
    contact: tuple[str, ...]


class ChangePage(msgspec.Struct, frozen=True):
    """A page, oldest first. Ask again with `cursor`; at once when there is `more`."""

    changes: list[Change]
    cursor: str
    more: bool
    server_time: datetime
    counter: CounterOrder | msgspec.UnsetType = msgspec.UNSET  # where this device asks customers now (KSK-4)


@get("/changes", tags=["devices"], operation_class=showing(CHANGES), responses=may_fail("GET /api/v1/changes"))
async def list_changes(
    request: Request[Any, Any, Any],
    cursor: Annotated[str, Parameter(description="The cursor of the page before; empty for the beginning.")] = "",
) -> ChangePage:
    """Return up to 200 changes after `cursor`. Each change comes exactly once, none is skipped."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    after = _position(cursor)
    rows, counter = await asyncio.to_thread(_read, services, device, after)
    await seen(device, services)
    page = rows[:PAGE]
    return ChangePage(
        [Change(row.seq, row.kind, row.subject_id, msgspec.Raw(row.body.encode())) for row in page],
        str(page[-1].seq) if page else cursor,
        len(rows) > PAGE,
        services.clock(),
        counter or msgspec.UNSET,
    )


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise RefusedError("cursor-not-valid")
    return int(cursor)


def _read(services: Services, device: DeviceRow, after: int) -> tuple[list[ChangeRow], CounterOrder | None]:
    with services.database.reading() as db:
        # A cursor from the future belongs to a database that was since restored from a backup: begin again.
        start = after if after <= last_seq(db) else 0
        rows = list(changes_for_assessor(db, device.assessor_id, start, PAGE + 1))
        at = standing_order(db, device.id, services.clock())
    return rows, CounterOrder(*at) if at else None
