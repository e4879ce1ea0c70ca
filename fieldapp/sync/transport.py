"""The sync server, call by call (protocol v1). The one network door of the app; see `door` for how it gets out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

from fieldapp.errors import Refused
from fieldapp.ports import Clock, Progress
from fieldapp.server_replies import Acknowledgement, Change, CounterOrder, Enrolled, HeldFile, Page, PushReply
from fieldapp.sync import upload
from fieldapp.sync.door import Door, Reply, Request
from fieldapp.sync.outbox import half_a_reply
from fieldapp.sync.replies import body_of
from fieldapp.sync.tus import Tus

JSON = "application/json"
UNKNOWN = "assessment-unknown"  # the server holds none of it, perhaps since it was restored from a backup
PAGE_S, RECORD_S, CHUNK_S = 30, 30, 120


class _Assessor(msgspec.Struct, frozen=True):
    id: str
    name: str = ""


class _EnrolBody(msgspec.Struct, frozen=True):
    token: str
    assessor: _Assessor
    server_time: datetime | None = None


class _ChangesBody(msgspec.Struct, frozen=True):
    changes: tuple[Change, ...]
    cursor: str | int
    more: bool
    server_time: datetime | None = None
    counter: CounterOrder | None = None


class _AcknowledgementBody(msgspec.Struct, frozen=True):
    revision: int
    digest: str
    files: tuple[HeldFile, ...] = ()


class _CounterBody(msgspec.Struct, frozen=True):
    id: str


class HttpServer:
    """See `fieldapp.ports.Server` for the contract."""

    def __init__(self, door: Door, clock: Clock) -> None:
        self._door = door
        self._clock = clock
        self._address = ""
        self._token = ""

    def use(self, *, address: str, token: str) -> None:
        """Speak to `address` as the device with `token` from now on."""
        self._address = address.rstrip("/")
        self._token = token

    async def enrol(self, code: str, device_id: str, device_name: str) -> Enrolled:
        """Exchange a one-time code for a token."""
        body_out = msgspec.json.encode({"code": code, "device": {"id": device_id, "name": device_name}})
        body = body_of(await self._json("POST", "/enrol", body_out, signed=False), _EnrolBody)
        return Enrolled(
            token=body.token,
            assessor_id=body.assessor.id,
            assessor_name=body.assessor.name,
            server_time=body.server_time,
        )

    async def changes(self, cursor: str) -> Page:
        """Return the next page after `cursor`."""
        body = body_of(
            await self._json("GET", f"/changes?cursor={quote(cursor)}", None, timeout_s=PAGE_S), _ChangesBody
        )
        return Page(
            changes=body.changes,
            cursor=str(body.cursor),
            more=body.more,
            server_time=body.server_time,
            counter=body.counter,
        )

    async def put(self, assessment_id: str, body: bytes) -> PushReply:
        """Send one revision."""
        return body_of(await self._json("PUT", f"/assessments/{quote(assessment_id, safe='')}", body), PushReply)

    async def put_counter_answer(self, answer_id: str, body: bytes) -> None:
        """Send what one customer answered at a counter."""
        reply = await self._json("PUT", f"/counter-answers/{quote(answer_id, safe='')}", body)
        if body_of(reply, _CounterBody).id != answer_id:
            raise half_a_reply()

    async def begin_file(
        self, sha256: str, *, size_bytes: int, kind: str, content_type: str, assessment_id: str
    ) -> str:
        """Announce one file and return the address its bytes go to."""
        metadata = {"sha256": sha256, "kind": kind, "content_type": content_type, "assessment": assessment_id}
        return await self._tus().begin(size_bytes, metadata)

    async def send_file(self, upload_address: str, data: bytes, progress: Progress | None = None) -> bool:
        """Send what the server still lacks of `data`."""
        return await upload.send(self._tus(), upload_address, data, progress)

    async def acknowledgement(self, assessment_id: str) -> Acknowledgement:
        """Return what the server durably holds of it."""
        path = f"/assessments/{quote(assessment_id, safe='')}/receipt"
        try:
            body = body_of(await self._json("GET", path, None), _AcknowledgementBody)
        except Refused as problem:
            if problem.code == UNKNOWN:
                return Acknowledgement(revision=0, digest="")
            raise
        return Acknowledgement(revision=body.revision, digest=body.digest, files=body.files)

    def _tus(self) -> Tus:
        return Tus(self._ask_raw, f"{self._address}/api/v1/media/")

    async def _ask_raw(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        # The token goes to our own server alone, whatever a reply named as the next address.
        own = url.startswith(f"{self._address}/")
        all_headers = {**(self._headers() if own else {}), **headers}
        return await self._door.ask(Request(method=method, url=url, headers=all_headers, body=body, timeout_s=CHUNK_S))

    async def _json(
        self, method: str, path: str, body: bytes | None, *, timeout_s: int = RECORD_S, signed: bool = True
    ) -> Reply:
        headers = {**self._headers(signed=signed), "Accept": JSON}
        if body is not None:
            headers["Content-Type"] = JSON
        url = f"{self._address}/api/v1{path}"
        return await self._door.ask(Request(method=method, url=url, headers=headers, body=body, timeout_s=timeout_s))

    def _headers(self, *, signed: bool = True) -> dict[str, str]:
        # In headers, never in the body: the same revision sent twice must be the same content.
        headers: dict[str, str] = {
            "Device-Time": self._clock.now().isoformat(),
            "Device-Monotonic": str(self._clock.monotonic_s()),
        }
        if signed and self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers
