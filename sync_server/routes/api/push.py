"""PUT /assessments/{id}: one revision of one assessment, in at the router or, as nearly always, at the door before it.

PUSH-1  Both ways in call `keep`, and both reply to a failure as `failures` does.
PUSH-2  `PushDoor` takes the plain form of the address and leaves every other to the router. The framework's own work
        costs as much as checking the record, and a morning's visits arrive at once when the phones find a network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

import msgspec
from litestar import MediaType, Request, Response, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from litestar.types import ASGIApp, HTTPDisconnectEvent, HTTPRequestEvent, Receive, Scope, Send

from sync_server.database.queries.devices import DeviceRow
from sync_server.database.queries.hand_overs import HandOverRow
from sync_server.errors import RefusedError
from sync_server.fieldwork.hand_overs import claim_of, keep_claim
from sync_server.fieldwork.intake import Outcome, Reply
from sync_server.fieldwork.push import Arrival
from sync_server.machine.request_log import RequestLog
from sync_server.routes.api.caller import calling_device
from sync_server.routes.api.content_types import check_is_json
from sync_server.routes.api.described import RecordOperation, may_fail
from sync_server.routes.api.examples import PUSH, showing
from sync_server.routes.api.failures import body_of
from sync_server.routes.failures import failure_of
from sync_server.routes.ids import canonical_uuid
from sync_server.services import Services

ROUTE = "/api/v1/assessments/{assessment_id}"
MAX_HEADER = 64
MAX_DIGITS = 15
_ADDRESS = re.compile(r"/api/v1/assessments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_JSON = (b"content-type", MediaType.JSON.value.encode())
_ENCODER = msgspec.json.Encoder()


class PushReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The durable reply to one revision. `known`: an older revision, nothing changed."""

    revision: int
    received_at: datetime
    digest: str
    missing: tuple[str, ...]
    known: bool = False
    current_revision: int | None = None


def admitted(services: Services, headers: Mapping[str, str]) -> None:
    """Check that a record may be sent, before its body is read. `headers` by their names in lower case.

    Raises:
        RefusedError: `host-not-ours`, `token-not-valid`, `body-too-large`, `content-type-not-accepted` for a body that
            is not JSON by its own word.
    """
    if not services.host_names.has(headers.get("host", "")):
        raise RefusedError("host-not-ours")
    calling_device(headers.get("authorization", ""), services)
    check_is_json(headers)
    announced, limit = headers.get("content-length", ""), services.config.max_body_bytes
    if announced.isascii() and announced.isdecimal() and (len(announced) > MAX_DIGITS or int(announced) > limit):
        raise _too_large(limit)


async def keep(
    services: Services, device: DeviceRow, assessment_id: str, headers: Mapping[str, str], raw: bytes
) -> bytes:
    """Keep one revision and return the reply's body once it is durable. Repeating it is harmless.

    Raises:
        RefusedError: also `transfer-pending` for a visit taken over from another's phone, which is kept all the same.
        TooBusyError, StorageFullError, DatabaseAwayError
    """
    if wait_s := services.quota.wait_s(device.id, len(raw), services.clock()):
        raise RefusedError("device-quota", wait_s=wait_s)
    arrival = _arrival(services, device, assessment_id, headers)
    try:
        push = await services.checking.push_of(arrival, raw)
    except RefusedError as error:
        claim = _claim(services, arrival, raw) if error.code == "assignment-not-yours" else None
        if claim is None:
            raise
        raise await services.writer.run(partial(keep_claim, claim=claim)) from error
    reply = await services.writer.submit(services.intake.keep, push)
    services.metrics.pushed(reply.outcome.value)
    if reply.outcome is Outcome.CONFLICT:
        raise _conflict(reply)
    known = reply.outcome is Outcome.KNOWN
    return _ENCODER.encode(
        PushReply(
            reply.revision,
            reply.received_at,
            reply.digest,
            reply.missing,
            known,
            reply.current_revision if known else None,
        )
    )


@put(
    "/assessments/{assessment_id:str}",
    status_code=200,
    tags=["devices"],
    operation_class=showing(PUSH, RecordOperation),
    responses={
        200: ResponseSpec(PushReply, description="Durably kept, or held already"),
        **may_fail("PUT /api/v1/assessments/{assessment_id}"),
    },
)
async def put_assessment(request: Request[Any, Any, Any], assessment_id: FromPath[str]) -> Response[bytes]:
    """Keep one revision. Safe to repeat; answered only after the commit is durable."""
    services: Services = request.app.state.services
    admitted(services, request.headers)
    which = canonical_uuid(assessment_id, "the id in the address")
    raw = await request.body()
    device = calling_device(request.headers.get("authorization", ""), services)  # it may have been revoked meanwhile
    body = await keep(services, device, which, request.headers, raw)
    return Response(body, media_type=MediaType.JSON)


class PushDoor:
    """ASGI application in front of the router."""

    def __init__(self, router: ASGIApp, services: Services) -> None:
        self._router = router
        self._services = services
        self._put = RequestLog(self._answer, services.metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a push; pass everything else on."""
        if scope.get("method") == "PUT" and not scope["query_string"]:
            address = _ADDRESS.fullmatch(scope["path"])
            if address:
                scope["path_template"] = ROUTE
                scope["path_params"] = {"assessment_id": address[1]}
                await self._put(scope, receive, send)
                return
        await self._router(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, more = 200, {}
        try:
            body = await self._reply(scope, receive)
        except Exception as error:  # noqa: BLE001 - each becomes a reply; what is unexpected is logged there
            failure = failure_of(error, ROUTE)
            status, body, more = failure.status, body_of(failure), failure.headers
        headers = [_JSON, (b"content-length", str(len(body)).encode())]
        headers.extend((name.lower().encode(), value.encode()) for name, value in more.items())
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _reply(self, scope: Scope, receive: Receive) -> bytes:
        services = self._services
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        admitted(services, headers)
        raw = await _body(receive, services.config.max_body_bytes)
        device = calling_device(headers.get("authorization", ""), services)  # it may have been revoked meanwhile
        return await keep(services, device, scope["path_params"]["assessment_id"], headers, raw)


async def _body(receive: Receive, limit: int) -> bytes:
    """Return the whole body.

    Raises:
        RefusedError: `body-too-large`, or `body-cut` when the caller left.
    """
    parts, size = [], 0
    while True:
        message = cast("HTTPRequestEvent | HTTPDisconnectEvent", await receive())
        if message["type"] == "http.disconnect":
            raise RefusedError("body-cut")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body"):
            return b"".join(parts)


def _too_large(limit: int) -> RefusedError:
    return RefusedError("body-too-large", limit=limit)


def _arrival(services: Services, device: DeviceRow, assessment_id: str, headers: Mapping[str, str]) -> Arrival:
    now, device_time = services.clock(), headers.get("device-time", "")[:MAX_HEADER]
    return Arrival(
        assessment_id,
        device.assessor_id,
        device.id,
        received_at=now,
        device_time=device_time,
        device_monotonic=headers.get("device-monotonic", "")[:MAX_HEADER],
        clock_offset_ms=_offset_ms(device_time, now),
    )


def _claim(services: Services, arrival: Arrival, raw: bytes) -> HandOverRow | None:
    came = HandOverRow(
        arrival.assessment_id,
        0,
        "",
        "",
        "",
        arrival.assessor_id,
        arrival.device_id,
        arrival.device_time,
        arrival.device_monotonic,
        arrival.clock_offset_ms,
        arrival.received_at,
        b"",
    )
    return claim_of(services.assignments, raw, came)


def _offset_ms(device_time: str, now: datetime) -> int | None:
    """Return how far the device's clock is ahead, in ms; None when it did not say or cannot be read."""
    if not device_time:
        return None
    try:
        on_device = datetime.fromisoformat(device_time)
        return round((on_device - now).total_seconds() * 1000) if on_device.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _conflict(reply: Reply) -> RefusedError:
    return RefusedError(
        "revision-conflict",
        details=[
            {
                "revision": reply.revision,
                "digest": reply.digest,
                "current_revision": reply.current_revision,
                "received_at": reply.received_at,
            }
        ],
    )
