"""The parts of the API's description that types alone do not give: how each door fails, and a record's raw body.

DSC-1  Whatever a door of the devices answers with a failure is in DOORS, and its description has an example of it: the
       code with the sentence and the remedy of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, OpenAPIType, Operation, Reference, RequestBody, Schema

from checklists.record.assessment import Assessment
from sync_server.routes.catalogue import CATALOGUE


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
    421: "Called by a name that is not this server's",
    422: "The record has problems, each named in details",
    423: "Another request is writing to it",
    429: "Too many tries from this address, or too much under way; repeat it after Retry-After",
    460: "The bytes do not have the hash or checksum they were sent with",
    500: "A fault of the server's, which was noted",
    503: "Busy or away just now; repeat it after Retry-After",
    507: "The disk is full; nothing was kept",
}


_EVERYWHERE = (
    "request-not-valid", "host-not-ours", "internal-error", "too-busy", "database-away", "storage-full",
)  # fmt: skip
_TUS = ("token-not-valid", "tus-version-not-spoken")
_UPLOAD = (*_TUS, "upload-unknown", "upload-gone", "upload-busy")
DOORS: Mapping[str, tuple[str, ...]] = {
    "POST /api/v1/enrol": (
        "id-not-valid", "enrolment-code-unknown", "enrolment-code-used", "enrolment-code-expired",
        "enrolment-code-revoked", "device-of-another", "content-type-not-accepted", "body-too-large",
        "too-many-requests",
    ),
    "GET /api/v1/changes": ("token-not-valid", "cursor-not-valid"),
    "PUT /api/v1/assessments/{assessment_id}": (
        "token-not-valid", "id-not-valid", "body-not-json", "body-cut", "body-too-large", "content-type-not-accepted",
        "record-not-valid", "schema-too-new", "assignment-not-yours", "recording-not-allowed", "transfer-pending",
        "transfer-refused", "revision-conflict", "device-quota", "rules-unreadable",
    ),
    "PUT /api/v1/counter-answers/{answer_id}": (
        "token-not-valid", "id-not-valid", "body-not-json", "body-cut", "body-too-large", "content-type-not-accepted",
        "counter-answer-not-valid", "counter-not-ordered", "survey-not-open", "device-quota",
    ),
    "GET /api/v1/assessments/{assessment_id}/receipt": ("token-not-valid", "id-not-valid", "assessment-unknown"),
    "POST /api/v1/media": (
        *_TUS, "header-not-valid", "length-needed", "metadata-not-valid", "sha256-needed", "id-not-valid",
        "length-differs", "assignment-not-yours", "recording-not-allowed", "upload-too-large", "uploads-open",
        "upload-bytes-open",
    ),
    "HEAD /api/v1/media/{upload_id}": _UPLOAD,
    "PATCH /api/v1/media/{upload_id}": (
        *_UPLOAD, "content-type-not-accepted", "header-not-valid", "checksum-algorithm-unknown", "chunk-too-large",
        "upload-too-large", "body-cut", "offset-differs", "checksum-differs", "hash-differs",
    ),
    "DELETE /api/v1/media/{upload_id}": _UPLOAD,
}  # fmt: skip
# What fills the places of the sentences of an example.
SAMPLES: Mapping[str, object] = {
    "algorithms": "sha1 or sha256",
    "content_type": "application/json",
    "length_bytes": 3_000_000,
    "limit": 2_000_000,
    "name": "upload-offset",
    "newest": 1,
    "place": "the id in the address",
    "reason": "line 1, column 9",
    "schema": 2,
    "version": "1.0.0",
}
_SAMPLES_OF: Mapping[str, Mapping[str, object]] = {"uploads-open": {"limit": 200}}


def codes_of(door: str) -> tuple[str, ...]:
    """Return every code that a door may answer with."""
    return (*_EVERYWHERE, *DOORS[door])


def may_fail(door: str) -> dict[int, ResponseSpec]:
    """Return the description of a door's failures, each with its examples."""
    by_status: dict[int, list[str]] = {}
    for code in codes_of(door):
        by_status.setdefault(CATALOGUE[code].status, []).append(code)
    return {
        status: ResponseSpec(
            ErrorBody,
            generate_examples=False,
            description=MEANINGS[status],
            examples=[Example(id=code, summary=code, value=_body(code)) for code in codes],
        )
        for status, codes in sorted(by_status.items())
    }


def _body(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "message": str(CATALOGUE[code].message(values={**SAMPLES, **_SAMPLES_OF.get(code, {})})),
        "details": [],
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
