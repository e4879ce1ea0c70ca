"""PUT /assessments/{id} and its receipt."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from checklists.assessment import Assessment, RecordStatus
from checklists.sheet import Sheet, SheetError
from sync_server.errors import ApiError
from sync_server.ids import canonical_uuid
from sync_server.intake import Answer, Outcome, Push
from sync_server.queries.assignments import holders_of
from sync_server.queries.devices import DeviceRow
from sync_server.queries.media import held_among
from sync_server.queries.revisions import current_of, links_of
from sync_server.record_check import (
    check_against_assignment,
    check_finished,
    decoded,
    not_valid,
    problem,
)
from sync_server.routes.api.caller import device_of, seen
from sync_server.routes.api.described import RecordOperation, may_fail
from sync_server.services import Services

MAX_HEADER = 64
_ENCODER = msgspec.json.Encoder()


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """The durable answer to one revision. `known`: an older revision, nothing changed."""

    revision: int
    received_at: datetime
    digest: str
    missing: tuple[str, ...]
    known: bool = False
    current_revision: int | None = None


class HeldFile(msgspec.Struct, frozen=True):
    """One file a record names."""

    sha256: str
    size_bytes: int
    held: bool


class Receipt(msgspec.Struct, frozen=True):
    """What the server durably holds of the current revision; `complete`: the record and every file it names."""

    assessment_id: str
    revision: int
    digest: str
    files: list[HeldFile]
    complete: bool


@put(
    "/assessments/{assessment_id:str}",
    status_code=200,
    tags=["devices"],
    operation_class=RecordOperation,
    responses={200: ResponseSpec(Kept, description="Durably kept, or held already"), **may_fail(403, 409, 413, 422)},
)
async def put_assessment(request: Request[Any, Any, Any], assessment_id: FromPath[str]) -> Response[bytes]:
    """Keep one revision. Safe to repeat; answered only after the commit is durable."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    raw = await request.body()
    push = _checked(services, device, raw, canonical_uuid(assessment_id, "the id in the address"), request)
    answer = await services.writer.submit(services.intake.keep, push)
    services.metrics.pushes.labels(answer.outcome.value).inc()
    if answer.outcome is Outcome.CONFLICT:
        raise _conflict(answer)
    known = answer.outcome is Outcome.KNOWN
    kept = Kept(
        answer.revision,
        answer.received_at,
        answer.digest,
        answer.missing,
        known,
        answer.current_revision if known else None,
    )
    return Response(_ENCODER.encode(kept), media_type=MediaType.JSON)


@get("/assessments/{assessment_id:str}/receipt", tags=["devices"], responses=may_fail(404))
async def get_receipt(request: Request[Any, Any, Any], assessment_id: FromPath[str]) -> Receipt:
    """Return what the server holds of an assessment, file by file."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    which = canonical_uuid(assessment_id, "the id in the address")
    receipt = await asyncio.to_thread(_receipt, services, device, which)
    await seen(device, services)
    return receipt


def _checked(
    services: Services, device: DeviceRow, raw: bytes, assessment_id: str, request: Request[Any, Any, Any]
) -> Push:
    record = decoded(raw, assessment_id)
    known = services.assignments.get(record.assignment_id)
    if known is None or device.assessor_id not in known.holders:
        raise ApiError(
            403, "assignment-not-yours", "This assignment was not given to you. Ask the coordinator to hand it to you."
        )
    check_against_assignment(record, known)
    sheet = _sheet(services, record)
    if record.status is RecordStatus.FINISHED:
        check_finished(record, sheet, known, services.config.time_zone)
    now = services.clock()
    device_time = request.headers.get("device-time", "")[:MAX_HEADER]
    return Push(
        record=msgspec.structs.replace(record, id=assessment_id),
        raw=raw,
        known=known,
        assessor_id=device.assessor_id,
        device_id=device.id,
        received_at=now,
        device_time=device_time,
        device_monotonic=request.headers.get("device-monotonic", "")[:MAX_HEADER],
        clock_offset_ms=_offset_ms(device_time, now),
    )


def _sheet(services: Services, record: Assessment) -> Sheet:
    try:
        if services.forms.knows(record):
            return services.forms.sheet_of(record)
        with services.database.reading() as db:
            return services.forms.sheet_of(record, db)
    except SheetError as error:
        raise not_valid([problem("form", "form-not-usable", str(error))]) from error


def _offset_ms(device_time: str, now: datetime) -> int | None:
    """Return how far the device's clock is ahead, in ms; None when it did not say or cannot be read."""
    try:
        told = datetime.fromisoformat(device_time)
        return round((told - now).total_seconds() * 1000) if told.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _conflict(answer: Answer) -> ApiError:
    return ApiError(
        409,
        "revision-conflict",
        "The server holds other content under this id and revision. Both are kept; the coordinator decides.",
        details=[
            {
                "revision": answer.revision,
                "digest": answer.digest,
                "current_revision": answer.current_revision,
                "received_at": answer.received_at,
            }
        ],
    )


def _receipt(services: Services, device: DeviceRow, assessment_id: str) -> Receipt:
    with services.database.reading() as db:
        current = current_of(db, [assessment_id]).get(assessment_id)
        if current is None or not _may_ask(device, current.assessor_id, holders_of(db, current.assignment_id)):
            raise ApiError(404, "assessment-unknown", "The server holds no such assessment of yours.")
        links = links_of(db, assessment_id, current.revision, current.digest)
        held = held_among(db, [sha256 for sha256, _ in links])
    files = [HeldFile(sha256, size, sha256 in held) for sha256, size in links]
    return Receipt(assessment_id, current.revision, current.digest, files, all(file.held for file in files))


def _may_ask(device: DeviceRow, author_id: str, holders: object) -> bool:
    return device.assessor_id == author_id or device.assessor_id in holders  # type: ignore[operator]
