"""POST /enrol: a one-time code for a device token."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody

from sync_server.errors import RefusedError
from sync_server.people.phone_enrolment import NotEnrolled, enrol_from
from sync_server.routes.api.content_types import json_only
from sync_server.routes.api.described import may_fail
from sync_server.routes.api.examples import ENROL, showing
from sync_server.routes.bounds import ENROLMENT_BYTES
from sync_server.routes.ids import canonical_uuid
from sync_server.services import Services

ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class EnrollingDevice(msgspec.Struct, frozen=True):
    """The device as it calls itself. `id` is a UUID it made."""

    id: ShortText
    name: ShortText


class EnrolRequest(msgspec.Struct, frozen=True):
    """What a device sends to enrol."""

    code: ShortText
    device: EnrollingDevice


class Person(msgspec.Struct, frozen=True):
    """The assessor a device works for."""

    id: str
    name: str


class EnrolReply(msgspec.Struct, frozen=True):
    """The token, shown this once."""

    token: str
    assessor: Person
    server_time: datetime


@post(
    "/enrol",
    status_code=201,
    guards=[json_only],
    request_max_body_size=ENROLMENT_BYTES,
    tags=["devices"],
    operation_class=showing(ENROL),
    responses=may_fail("POST /api/v1/enrol"),
)
async def enrol_device(request: Request[Any, Any, Any], data: JSONBody[EnrolRequest]) -> EnrolReply:
    """Trade a one-time code for a token. The same code and device within ten minutes get a fresh one."""
    services: Services = request.app.state.services
    now = services.clock()
    address = request.client.host if request.client else "unknown"
    device_id = canonical_uuid(data.device.id, "device.id")
    name = "".join(c for c in data.device.name if c.isprintable()) or "?"
    result = await services.writer.run(lambda db: enrol_from(db, data.code, device_id, name, now, address=address))
    if isinstance(result, NotEnrolled):
        raise RefusedError(result.code, wait_s=result.wait_s)
    services.devices.forget()
    services.uploads.forget()
    return EnrolReply(result.token, Person(result.assessor_id, result.assessor_name), now)
