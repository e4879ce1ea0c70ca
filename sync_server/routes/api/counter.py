"""PUT /counter-answers/{id}: what one customer answered on a phone at a counter."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, put
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from sync_server.errors import RefusedError
from sync_server.routes.api.caller import calling_device, device_of
from sync_server.routes.api.content_types import json_only
from sync_server.routes.api.described import may_fail
from sync_server.routes.bounds import COUNTER_ANSWER_BYTES
from sync_server.routes.ids import canonical_uuid
from sync_server.services import Services
from sync_server.survey.counters import take
from sync_server.survey.taking import NotWholeError, given_in

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class CounterAnswer(msgspec.Struct, frozen=True):
    """What a customer answered: `answers` by question as on the public page, `contact` and `origin` among them."""

    company: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    answers: dict[str, str]
    answered_at: Moment


class CounterReply(msgspec.Struct, frozen=True):
    """The answer is durably kept; `known`: it was before."""

    id: str
    known: bool


def _device_first(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Look the device up before the body is read."""
    calling_device(connection.headers.get("authorization", ""), connection.app.state.services)


@put(
    "/counter-answers/{answer_id:str}",
    status_code=200,
    guards=[_device_first, json_only],
    request_max_body_size=COUNTER_ANSWER_BYTES,
    tags=["devices"],
    responses=may_fail("PUT /api/v1/counter-answers/{answer_id}"),
)
async def put_counter_answer(
    request: Request[Any, Any, Any], answer_id: FromPath[str], data: JSONBody[CounterAnswer]
) -> CounterReply:
    """Keep one customer's answers, once. Safe to repeat; answered only after the commit is durable."""
    services: Services = request.app.state.services
    device, now = device_of(request, services), services.clock()
    which = canonical_uuid(answer_id, "the id in the address")
    if wait_s := services.quota.wait_s(device.id, len(await request.body()), now):
        raise RefusedError("device-quota", wait_s=wait_s)
    try:
        given = given_in(data.answers, which, data.company, "kiosk")
    except NotWholeError as error:
        details = [{"place": name, "message": said.in_language("en")} for name, said in error.problems.items()]
        raise RefusedError("counter-answer-not-valid", details=details) from error
    calling_device(request.headers.get("authorization", ""), services)  # it may have been revoked meanwhile
    is_new = await services.writer.run(lambda db: take(db, device.id, given, data.answered_at, now))
    return CounterReply(which, not is_new)
