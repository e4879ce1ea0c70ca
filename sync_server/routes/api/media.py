"""tus 1.0 at /media: core, creation, termination, checksum, expiration. Headers here; logic in `evidence.uploads`."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from litestar import HttpMethod, MediaType, Request, Response, Router, delete, head, patch, post, route
from litestar.exceptions import MethodNotAllowedException
from litestar.params import FromPath

from checklists.language import N_, sentence
from checklists.record.assessment import MediaKind
from sync_server.config import Config
from sync_server.database.queries.devices import DeviceRow
from sync_server.database.queries.revisions import current_of
from sync_server.errors import RefusedError
from sync_server.evidence.upload_bytes import BodyCutError, Checksum
from sync_server.evidence.upload_rows import Announced
from sync_server.evidence.uploads import Progress
from sync_server.routes.api import failures
from sync_server.routes.api.caller import device_of
from sync_server.routes.api.content_types import stated_type
from sync_server.routes.api.described import may_fail
from sync_server.routes.api.examples import ANNOUNCE, APPEND, FORGET, OFFSET, showing
from sync_server.routes.ids import canonical_uuid, is_sha256
from sync_server.services import Services

VERSION = "1.0.0"
CONTENT_TYPE = "application/offset+octet-stream"
ALGORITHMS = ("sha1", "sha256")
MAX_METADATA = 4_000
MAX_WORD = 100
MAX_DIGITS = 15  # a longer number is more than any limit here; reading it could take for ever
# A phone that vanished must not hold its upload for ever; what it sent is kept.
IDLE_S = 60.0

AnyRequest = Request[Any, Any, Any]


def router(config: Config) -> Router:
    """Return the routes, one request's body limited. A refusal names the protocol's version as an answer does."""
    return Router(
        "/media",
        route_handlers=[describe, create, ask, append, terminate, act_otherwise],
        exception_handlers={kind: _naming_tus(handler) for kind, handler in failures.HANDLERS.items()},
        request_max_body_size=config.max_chunk_bytes,
        tags=["media"],
    )


@route(["/", "/{upload_id:str}"], http_method=HttpMethod.OPTIONS, status_code=204)
async def describe(request: AnyRequest) -> Response[None]:
    """Say which parts of tus are spoken here."""
    services: Services = request.app.state.services
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,termination,checksum,expiration",
        "Tus-Max-Size": str(services.config.max_upload_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(None, status_code=204, headers=headers)


@post("/", status_code=201, operation_class=showing(ANNOUNCE), responses=may_fail("POST /api/v1/media"))
async def create(request: AnyRequest) -> Response[None]:
    """Announce a file. `Upload-Offset` in the answer: the server holds it already."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    _check_version(request)
    announced = _announced(request, services.config)
    if announced.assessment_id:
        await asyncio.to_thread(_check_assessment, services, device, announced.assessment_id, announced.kind)
    progress = await services.uploads.create(device.id, announced)
    headers = _headers(progress)
    headers["Location"] = f"/api/v1/media/{progress.upload.id}"
    if not progress.offset:
        del headers["Upload-Offset"]
    return Response(None, status_code=201, headers=headers, media_type=MediaType.TEXT)


@head("/{upload_id:str}", operation_class=showing(OFFSET), responses=may_fail("HEAD /api/v1/media/{upload_id}"))
async def ask(request: AnyRequest, upload_id: FromPath[str]) -> Response[None]:
    """Say how far an upload is: `Upload-Offset` bytes are durably kept."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    _check_version(request)
    progress = await services.uploads.progress(device.id, upload_id)
    headers = _headers(progress) | {
        "Upload-Length": str(progress.upload.length_bytes),
        "Upload-Metadata": progress.upload.metadata,
        "Cache-Control": "no-store",
    }
    return Response(None, headers=headers, media_type=MediaType.TEXT)


@patch(
    "/{upload_id:str}",
    status_code=204,
    operation_class=showing(APPEND),
    responses=may_fail("PATCH /api/v1/media/{upload_id}"),
)
async def append(request: AnyRequest, upload_id: FromPath[str]) -> Response[None]:
    """Keep the body at `Upload-Offset`; answered only when it is durable, the last one only when the hash is right."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    _check_version(request)
    if stated_type(request.headers) != CONTENT_TYPE:
        raise RefusedError(
            "content-type-not-accepted", sentence(N_("Send the bytes as {content_type}."), content_type=CONTENT_TYPE)
        )
    size = _whole(request, "content-length") if "content-length" in request.headers else None
    if size is not None and size > services.config.max_chunk_bytes:
        raise RefusedError("chunk-too-large", limit=services.config.max_chunk_bytes)
    try:
        progress = await services.uploads.append(
            device.id,
            upload_id,
            _whole(request, "upload-offset"),
            _body(request, services),
            size_bytes=size,
            checksum=_checksum(request),
        )
    except BodyCutError as error:
        raise RefusedError(
            "body-cut", sentence(N_("The body ended early; ask for the offset and go on from there."))
        ) from error
    services.metrics.media_bytes.inc(size or 0)
    return Response(None, status_code=204, headers=_headers(progress))


@delete(
    "/{upload_id:str}",
    status_code=204,
    operation_class=showing(FORGET),
    responses=may_fail("DELETE /api/v1/media/{upload_id}"),
)
async def terminate(request: AnyRequest, upload_id: FromPath[str]) -> Response[None]:
    """Forget an upload; a finished file stays."""
    services: Services = request.app.state.services
    device = device_of(request, services)
    _check_version(request)
    await services.uploads.terminate(device.id, upload_id)
    return Response(None, status_code=204, headers={"Tus-Resumable": VERSION})


@post("/{upload_id:str}", status_code=204)
async def act_otherwise(request: AnyRequest, upload_id: FromPath[str]) -> Response[None]:
    """Do what `X-HTTP-Method-Override` says, for a client that can send neither PATCH nor DELETE."""
    match request.headers.get("x-http-method-override", "").upper():
        case "PATCH":
            return await append.fn(request, upload_id)  # type: ignore[no-any-return]
        case "DELETE":
            return await terminate.fn(request, upload_id)  # type: ignore[no-any-return]
        case _:
            services: Services = request.app.state.services
            device_of(request, services)
            raise MethodNotAllowedException(headers={"Allow": "HEAD, PATCH, DELETE, OPTIONS"})


def _naming_tus(handler: Callable[..., Response[Any]]) -> Callable[..., Response[Any]]:
    def naming(request: AnyRequest, error: Any) -> Response[Any]:
        answer = handler(request, error)
        answer.headers.setdefault("Tus-Resumable", VERSION)
        return answer

    return naming


def _headers(progress: Progress) -> dict[str, str]:
    return {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(progress.offset),
        "Upload-Expires": format_datetime(progress.upload.expires_at.astimezone(UTC), usegmt=True),
    }


def _check_version(request: AnyRequest) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise RefusedError("tus-version-not-spoken", version=VERSION)


def _whole(request: AnyRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit()):
        raise RefusedError("header-not-valid", name=name)
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= MAX_DIGITS else 10**MAX_DIGITS


def _announced(request: AnyRequest, config: Config) -> Announced:
    if "upload-defer-length" in request.headers:
        raise RefusedError("length-needed")
    length = _whole(request, "upload-length")
    if length > config.max_upload_bytes:
        limit = config.max_upload_bytes
        raise RefusedError("upload-too-large", sentence(N_("A file may have at most {limit} bytes."), limit=limit))
    raw = request.headers.get("upload-metadata", "")
    metadata = _metadata(raw)
    sha256 = metadata.get("sha256", "").lower()
    if not is_sha256(sha256):
        raise RefusedError("sha256-needed")
    assessment = metadata.get("assessment")
    return Announced(
        sha256=sha256,
        length_bytes=length,
        kind=_word(metadata, "kind", "file"),
        content_type=_word(metadata, "content_type", "application/octet-stream"),
        assessment_id=canonical_uuid(assessment, "assessment in Upload-Metadata") if assessment else None,
        metadata=raw,
    )


def _check_assessment(services: Services, device: DeviceRow, assessment_id: str, kind: str) -> None:
    """Refuse a file of another's assessment, and a recording of a contact that may not be recorded.

    Nobody can tell before its record has come.
    """
    with services.database.reading() as db:
        current = current_of(db, [assessment_id]).get(assessment_id)
    if current is None:
        return
    assigned = services.assignments.get(current.assignment_id)
    if device.assessor_id not in {current.assessor_id, *(assigned.holders if assigned else ())}:
        raise RefusedError(
            "assignment-not-yours", sentence(N_("This assessment is another assessor's; its files are too."))
        )
    if kind == MediaKind.RECORDING and assigned is not None and not assigned.assignment.may_be_recorded:
        raise RefusedError(
            "recording-not-allowed", sentence(N_("This contact may not be recorded; delete this recording."))
        )


def _metadata(raw: str) -> Mapping[str, str]:
    if len(raw) > MAX_METADATA:
        message = sentence(N_("Upload-Metadata is longer than {limit} characters."), limit=MAX_METADATA)
        raise RefusedError("metadata-not-valid", message)
    metadata: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in raw.split(","))):
        name, _, value = pair.partition(" ")
        try:
            metadata[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise RefusedError("metadata-not-valid") from error
    return metadata


def _word(metadata: Mapping[str, str], name: str, otherwise: str) -> str:
    word = metadata.get(name) or otherwise
    if len(word) > MAX_WORD or not word.isprintable():
        message = sentence(N_("{name} in Upload-Metadata is short and plain."), name=name)
        raise RefusedError("metadata-not-valid", message)
    return word


def _checksum(request: AnyRequest) -> Checksum | None:
    raw = request.headers.get("upload-checksum")
    if raw is None:
        return None
    algorithm, _, value = raw.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise RefusedError("checksum-algorithm-unknown", algorithms=" or ".join(ALGORITHMS))
    try:
        return Checksum(algorithm, base64.b64decode(value.strip(), validate=True))
    except binascii.Error as error:
        raise RefusedError(
            "header-not-valid", sentence(N_("Upload-Checksum is an algorithm and a base64 digest."))
        ) from error


async def _body(request: AnyRequest, services: Services) -> AsyncIterator[bytes]:
    """Give the body as it comes, while its device may speak.

    Raises:
        BodyCutError: the sender is gone or silent.
        RefusedError: `token-not-valid`: revoked meanwhile; `chunk-too-large`.
    """
    total, most = 0, services.config.max_chunk_bytes
    while True:
        try:
            async with asyncio.timeout(IDLE_S):
                event: Any = await request.receive()
        except TimeoutError as error:
            raise BodyCutError from error
        if event["type"] == "http.disconnect":
            raise BodyCutError
        device_of(request, services)
        body = event.get("body", b"")
        total += len(body)
        if total > most:
            raise RefusedError("chunk-too-large", limit=most)
        if body:
            yield body
        if not event.get("more_body", False):
            return
