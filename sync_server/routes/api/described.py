"""The parts of the API's description that types alone do not give: the error body, and a record's raw body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, Reference, RequestBody, Schema

from checklists.record.assessment import Assessment


class ErrorBody(msgspec.Struct, frozen=True):
    """Every failure. `code` is permanent; `details` names each problem by place where there may be several."""

    code: str
    message: str
    details: list[dict[str, Any]]


MEANINGS: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "The device is not enrolled, or its access was withdrawn",
    403: "Not this device's to do",
    404: "There is no such thing of this device's",
    408: "The body ended early",
    409: "The server holds something else; the coordinator decides, or ask for the offset",
    410: "It has ended",
    412: "Another version of tus",
    413: "Larger than the server takes",
    415: "Another content type",
    422: "The record has problems, each named in details",
    423: "Another request is writing to it",
    429: "Too many tries from this address, or too much under way; repeat it after Retry-After",
    460: "The bytes do not have the hash or checksum they were sent with",
    503: "Busy or away just now; repeat it after Retry-After",
    507: "The disk is full; nothing was kept",
}


def may_fail(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the description of these failures, and of those every route may have."""
    return {
        status: ResponseSpec(ErrorBody, generate_examples=False, description=MEANINGS[status])
        for status in sorted({*statuses, 400, 401, 503, 507})
    }


@dataclass
class RecordOperation(Operation):
    """An operation whose body is one revision of an assessment, as the device wrote it."""

    def __post_init__(self) -> None:
        """Describe the body: the fields it must have; others are kept as they come."""
        needed = [field.name for field in msgspec.structs.fields(Assessment) if field.required]
        kinds = {"revision": Schema(type=OpenAPIType.INTEGER, minimum=1)}
        properties: dict[str, Reference | Schema] = {
            name: kinds.get(name, Schema(type=OpenAPIType.STRING)) for name in needed
        }
        schema = Schema(type=OpenAPIType.OBJECT, required=needed, properties=properties, title="Assessment")
        self.request_body = RequestBody(
            {"application/json": OpenAPIMediaType(schema=schema)}, description=Assessment.__doc__, required=True
        )
