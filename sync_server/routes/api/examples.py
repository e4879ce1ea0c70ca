"""The examples of the API: one phone, one draft of a visit and its screenshot, one customer, door by door.

APIX-1  A server takes each example and answers as the example says, but for VARYING, which differ each time.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

VARYING = frozenset({"token", "name", "server_time", "received_at", "seq", "cursor", "location", "upload-expires"})
NAME = "example"  # what an example is called in the description

_VISIT = "0190b6f0-0000-7000-8000-000000000001"
_CUSTOMER = "0190b6f0-0000-7000-8000-000000000002"
_LOST_PHONE = "0190b6ef-2222-7000-8000-00000000000b"
_UPLOAD = "5b0c7a52f0d14f1e9a3a3c1de25b7a10"
_SHA256 = "4441146b0fe1d5c6845af126ba5ce6003ea77d6b4cb04d14114f86a925c5dbca"  # of b"screenshot"
_DIGEST = "d0581a8274e35444aa5d9c20e332b4f4fdc366f9ab7d697ca39bc10810e25efe"  # of the record below as compact JSON
_TUS = {"Tus-Resumable": "1.0.0"}
_EXPIRES = {"Upload-Expires": "Mon, 08 Mar 2021 04:05:00 GMT"}


def _word(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What is sent to one door, in its address, its headers and its body, and what is answered."""

    at: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None  # JSON, or the text of bytes sent as they are
    status: int = 200
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer: Any = None

    def describe(self, operation: Operation) -> None:
        """Put the example into the description of the operation."""
        parameters: list[Any] = list(operation.parameters or ())
        for parameter in parameters:
            parameter.example = self.at.get(parameter.name)
        text = Schema(type=OpenAPIType.STRING)
        parameters += [
            Parameter(name=name, param_in="header", schema=text, required=True, example=value)
            for name, value in self.headers.items()
        ]
        operation.parameters = parameters or None
        if isinstance(self.body, str):
            media = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
            operation.request_body = RequestBody({"application/offset+octet-stream": media}, required=True)
        if self.body is not None and isinstance(operation.request_body, RequestBody):
            for media in operation.request_body.content.values():
                media.examples = {NAME: Example(value=self.body)}
        answer = (operation.responses or {})[str(self.status)]
        if isinstance(answer, OpenAPIResponse):
            answer.headers = {
                name: OpenAPIHeader(schema=text, example=value) for name, value in self.answer_headers.items()
            } or None
            for media in (answer.content or {}).values() if self.answer is not None else ():
                media.examples = {NAME: Example(value=self.answer)}


def showing(exchange: Exchange, base: type[Operation] = Operation) -> type[Operation]:
    """Return the class of operations that are described with this example."""

    class Showing(base):  # type: ignore[misc, valid-type]
        def __init__(self, **fields: Any) -> None:
            super().__init__(**fields)
            exchange.describe(self)

    return Showing


ENROL = Exchange(
    body={"code": "7KQM-2XPD-9RTW", "device": {"id": "0190b6ef-1111-7000-8000-00000000000a", "name": "Chan's phone"}},
    status=201,
    answer={
        "token": "qk3n0fWJ0Y5cTz1s7o2b9eXvLr8uHd4aMp6iGt_Zw-E",
        "assessor": {"id": "assessor-1", "name": "Chan Tai Man"},
        "server_time": "2021-03-01T03:55:00Z",
    },
)
CHANGES = Exchange(
    at={"cursor": "40"},
    answer={
        "changes": [{"seq": 41, "kind": "revocation", "id": _LOST_PHONE, "body": {"reason": "device-revoked"}}],
        "cursor": "41",
        "more": False,
        "server_time": "2021-03-01T03:55:01Z",
    },
)
PUSH = Exchange(
    at={"assessment_id": _VISIT},
    body={
        "id": _VISIT,
        "revision": 1,
        "assignment_id": "assignment-1",
        "entrant_id": "harbour-ferry",
        "channel": "phone_in",
        "form": "phone_in@1",
        "started_at": "2021-03-01T04:00:00Z",
        "contact": "connected",
        "status": "draft",
        "answers": {
            "PA1": {"value": True, "at": "2021-03-01T04:00:30Z"},
            "PA6": {"value": 3, "at": "2021-03-01T04:01:00Z"},
        },
        "evidence": [
            {
                "id": "PA1-screenshot",
                "sha256": _SHA256,
                "size_bytes": 10,
                "kind": "photo",
                "content_type": "image/jpeg",
                "taken_at": "2021-03-01T04:00:20Z",
                "question": "PA1",
                "evidence_kind": "screenshot",
            }
        ],
    },
    answer={"revision": 1, "received_at": "2021-03-01T04:02:00Z", "digest": _DIGEST, "missing": [_SHA256]},
)
COUNTER = Exchange(
    at={"answer_id": _CUSTOMER},
    body={
        "company": "supermarkets-a",
        "answers": {
            "contact": "phone",
            "origin": "local",
            "sat_overall": "8",
            "sat_expect": "7",
            "sat_ideal": "7",
            "loy_stay": "9",
            "loy_first": "8",
            "loy_more": "",
            "nps": "9",
            "ces": "6",
            "solved": "not_yet",
        },
        "answered_at": "2021-03-01T04:05:00Z",
    },
    answer={"id": _CUSTOMER, "known": False},
)
RECEIPT = Exchange(
    at={"assessment_id": _VISIT},
    answer={
        "assessment_id": _VISIT,
        "revision": 1,
        "digest": _DIGEST,
        "files": [{"sha256": _SHA256, "size_bytes": 10, "held": False}],
        "complete": False,
    },
)
ANNOUNCE = Exchange(
    headers={
        **_TUS,
        "Upload-Length": "10",
        "Upload-Metadata": ",".join(
            f"{name} {_word(value)}"
            for name, value in {
                "sha256": _SHA256,
                "kind": "photo",
                "content_type": "image/jpeg",
                "assessment": _VISIT,
            }.items()
        ),
    },
    status=201,
    answer_headers={**_TUS, **_EXPIRES, "Location": f"/api/v1/media/{_UPLOAD}"},
)
OFFSET = Exchange(
    at={"upload_id": _UPLOAD},
    headers=_TUS,
    answer_headers={**_TUS, **_EXPIRES, "Upload-Offset": "0", "Upload-Length": "10"},
)
APPEND = Exchange(
    at={"upload_id": _UPLOAD},
    headers={**_TUS, "Upload-Offset": "0"},
    body="screenshot",
    status=204,
    answer_headers={**_TUS, **_EXPIRES, "Upload-Offset": "10"},
)
FORGET = Exchange(at={"upload_id": _UPLOAD}, headers=_TUS, status=204, answer_headers=_TUS)
