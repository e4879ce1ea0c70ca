"""The acknowledgement of one assessment: what the server holds of it. Its address calls it the receipt."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Request, get
from litestar.params import FromPath

from sync_server.database.queries.assignments import holders_of
from sync_server.database.queries.devices import DeviceRow
from sync_server.database.queries.media import held_among
from sync_server.database.queries.revisions import current_of, links_of
from sync_server.errors import RefusedError
from sync_server.routes.api.caller import device_of, seen
from sync_server.routes.api.described import may_fail
from sync_server.routes.api.examples import RECEIPT, showing
from sync_server.routes.ids import canonical_uuid
from sync_server.services import Services


class HeldFile(msgspec.Struct, frozen=True):
    """One file a record names."""

    sha256: str
    size_bytes: int
    held: bool


class Acknowledgement(msgspec.Struct, frozen=True):
    """What the server durably holds of the current revision; `complete`: the record and every file it names."""

    assessment_id: str
    revision: int
    digest: str
    files: list[HeldFile]
    complete: bool


@get(
    "/assessments/{assessment_id:str}/receipt",
    tags=["devices"],
    operation_class=showing(RECEIPT),
    responses=may_fail("GET /api/v1/assessments/{assessment_id}/receipt"),
)
async def get_receipt(request: Request[Any, Any, Any], assessment_id: FromPath[str]) -> Acknowledgement:
    """Return what the server holds of an assessment, file by file."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    which = canonical_uuid(assessment_id, "the id in the address")
    acknowledgement = await asyncio.to_thread(_acknowledgement, services, device, which)
    await seen(device, services)
    return acknowledgement


def _acknowledgement(services: Services, device: DeviceRow, assessment_id: str) -> Acknowledgement:
    with services.database.reading() as db:
        current = current_of(db, [assessment_id]).get(assessment_id)
        if current is None or device.assessor_id not in {
            current.assessor_id,
            *holders_of(db, [current.assignment_id]).get(current.assignment_id, ()),
        }:
            raise RefusedError("assessment-unknown")
        links = links_of(db, assessment_id, current.revision, current.digest)
        held = held_among(db, [sha256 for sha256, _ in links])
    files = [HeldFile(sha256, size, sha256 in held) for sha256, size in links]
    return Acknowledgement(assessment_id, current.revision, current.digest, files, all(file.held for file in files))
