"""A sync server small enough to read: the protocol's rules over dictionaries, for the phone's tests.

`SyncDouble` is the rules; `FakeServer` speaks them in process, `served` over real HTTP. Both pass `server_contract`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from checklists import wire
from fieldapp.errors import SyncError
from fieldapp.ports import Progress
from fieldapp.server_replies import Acknowledgement, Change, Enrolled, HeldFile, Page, PushReply
from fieldapp.sync.door import Reply
from fieldapp.sync.replies import error_of

TIME = datetime(2021, 3, 1, 4, 0, tzinfo=UTC)


class ProblemError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class SyncDouble:
    """The server's memory. `calls` logs what was done, in order."""

    codes: dict[str, str] = field(default_factory=lambda: {"K7QF": "assessor-1", "AAAA": "assessor-1"})
    used: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)  # device id -> assessor id, of those that may speak
    tokens: set[str] = field(default_factory=set)
    told: list[tuple[str, str, object]] = field(default_factory=list)
    page: int = 200
    records: dict[str, dict[int, bytes]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, tuple[str, int, bytearray]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    counter: Any = None  # what /changes says of where the phone stands
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)  # what was answered at a counter, by id
    refused: dict[str, str] = field(default_factory=dict)  # assessment id -> code

    def sign_in(self, token: str) -> None:
        if token not in self.tokens:
            raise ProblemError(401, "token-not-valid")

    def enrol(self, code: str, device_id: str) -> dict[str, Any]:
        if code not in self.codes:
            raise ProblemError(404, "enrolment-code-unknown")
        if self.phones.get(device_id, self.codes[code]) != self.codes[code]:
            raise ProblemError(409, "device-of-another")
        if self.used.setdefault(code, device_id) != device_id:
            raise ProblemError(409, "enrolment-code-used")
        token = f"token-{len(self.tokens)}"
        self.tokens.add(token)
        return {"token": token, "assessor": {"id": self.codes[code], "name": "陳大文"}, "server_time": TIME.isoformat()}

    def changes(self, cursor: str) -> dict[str, Any]:
        start = int(cursor or 0)
        page = self.told[start : start + self.page]
        return {
            "changes": [
                {"seq": start + n, "kind": kind, "id": name, "body": json.loads(wire.encode(body))}
                for n, (kind, name, body) in enumerate(page, 1)
            ],
            "cursor": str(start + len(page)),
            "more": start + len(page) < len(self.told),
            "server_time": TIME.isoformat(),
            "counter": json.loads(msgspec.json.encode(self.counter)),
        }

    def put_counter_answer(self, name: str, body: bytes) -> dict[str, Any]:
        if name in self.refused:
            raise ProblemError(409, self.refused[name])
        self.calls.append(("counter", name))
        known = name in self.customers
        self.customers.setdefault(name, json.loads(body))
        return {"id": name, "known": known}

    def put(self, name: str, body: bytes) -> dict[str, Any]:
        if name in self.refused:
            raise ProblemError(422, self.refused[name])
        revision = int(json.loads(body)["revision"])
        held = self.records.setdefault(name, {})
        if held.setdefault(revision, body) != body:
            raise ProblemError(409, "revision-conflict")
        self.calls.append(("put", f"{name} r{revision}"))
        files = [e["sha256"] for e in json.loads(body).get("evidence", ())]
        return {
            "revision": revision,
            "digest": wire.digest(body),
            "missing": [sha256 for sha256 in dict.fromkeys(files) if sha256 not in self.media],
            "received_at": TIME.isoformat(),
        }

    def receipt(self, name: str) -> dict[str, Any]:
        self.calls.append(("receipt", name))
        if not self.records.get(name):
            raise ProblemError(404, "assessment-unknown")
        revision = max(self.records[name])
        body = self.records[name][revision]
        return {
            "revision": revision,
            "digest": wire.digest(body),
            "files": [
                {"sha256": e["sha256"], "held": e["sha256"] in self.media} for e in json.loads(body).get("evidence", ())
            ],
        }

    def begin(self, sha256: str, size: int) -> str:
        name = str(len(self.uploads) + 1)
        already = self.media.get(sha256, b"")
        self.uploads[name] = (sha256, size, bytearray(already))
        self.calls.append(("begin", sha256))
        return name

    def offset(self, upload: str) -> int:
        if upload not in self.uploads:
            raise ProblemError(404, "upload-unknown")
        return len(self.uploads[upload][2])

    def append(self, upload: str, offset: int, chunk: bytes) -> int:
        if offset != self.offset(upload):
            raise ProblemError(409, "offset-wrong")
        sha256, size, data = self.uploads[upload]
        data.extend(chunk)
        if len(data) == size and sha256 not in self.media:
            if hashlib.sha256(data).hexdigest() != sha256:
                del self.uploads[upload]
                raise ProblemError(460, "hash-wrong")
            self.media[sha256] = bytes(data)
            self.calls.append(("file", sha256))
        return len(data)


class FakeServer:
    """The Server port over a SyncDouble. `failures` are raised one a call: before it is done, or after ("lost")."""

    def __init__(self, double: SyncDouble) -> None:
        self.double = double
        self.token = ""
        self.used: list[tuple[str, str]] = []  # each address that was spoken to, and with which token
        self.failures: list[tuple[SyncError | None, bool]] = []
        self.acknowledged: list[str] = []
        self.chunk = 4

    def use(self, *, address: str, token: str) -> None:
        self.token = token
        self.used.append((address, token))

    async def enrol(self, code: str, device_id: str, device_name: str) -> Enrolled:
        await asyncio.sleep(0)  # as over any network: whatever else is to do goes on meanwhile
        body = self._do(lambda: self.double.enrol(code, device_id), signed_in=False)
        return Enrolled(
            token=body["token"],
            assessor_id=body["assessor"]["id"],
            assessor_name=body["assessor"]["name"],
            server_time=TIME,
        )

    async def changes(self, cursor: str) -> Page:
        body = self._do(lambda: self.double.changes(cursor))
        made = tuple(
            Change(seq=c["seq"], kind=c["kind"], id=c["id"], body=msgspec.Raw(json.dumps(c["body"]).encode()))
            for c in body["changes"]
        )
        return Page(
            changes=made, cursor=body["cursor"], more=body["more"], server_time=TIME, counter=self.double.counter
        )

    async def put(self, assessment_id: str, body: bytes) -> PushReply:
        told = self._do(lambda: self.double.put(assessment_id, body))
        self.acknowledged.append(f"{assessment_id} r{told['revision']}")
        return PushReply(revision=told["revision"], digest=told["digest"], missing=tuple(told["missing"]))

    async def put_counter_answer(self, answer_id: str, body: bytes) -> None:
        self._do(lambda: self.double.put_counter_answer(answer_id, body))

    async def begin_file(
        self, sha256: str, *, size_bytes: int, kind: str, content_type: str, assessment_id: str
    ) -> str:
        return str(self._do(lambda: self.double.begin(sha256, size_bytes)))

    async def send_file(self, upload: str, data: bytes, progress: Progress | None = None) -> bool:
        try:
            offset = self._do(lambda: self.double.offset(upload))
            while offset < len(data):
                chunk = data[offset : offset + self.chunk]
                offset = self._do(lambda at=offset, part=chunk: self.double.append(upload, at, part))
                if progress:
                    progress(offset, len(data))
        except SyncError as problem:
            if problem.code in ("upload-unknown", "hash-wrong"):
                return False
            raise
        return True

    async def acknowledgement(self, assessment_id: str) -> Acknowledgement:
        try:
            told = self._do(lambda: self.double.receipt(assessment_id))
        except SyncError as problem:
            if problem.code == "assessment-unknown":
                return Acknowledgement(revision=0, digest="")
            raise
        files = tuple(HeldFile(sha256=f["sha256"], held=f["held"]) for f in told["files"])
        return Acknowledgement(revision=told["revision"], digest=told["digest"], files=files)

    def _do(self, call: Any, *, signed_in: bool = True) -> Any:
        failure, after = self.failures.pop(0) if self.failures else (None, False)
        if failure and not after:
            raise failure
        try:
            if signed_in:
                self.double.sign_in(self.token)
            done = call()
        except ProblemError as problem:
            body = json.dumps({"code": problem.code, "message": problem.code}).encode()
            raise error_of(Reply(status=problem.status, headers={}, body=body)) from problem
        if failure:
            raise failure
        return done


@dataclass
class Served:
    """A SyncDouble on a port. `raw` answers are given instead of real ones, one each; None breaks the connection."""

    double: SyncDouble
    address: str
    raw: list[tuple[int, dict[str, str], bytes] | None] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def served(double: SyncDouble) -> Iterator[Served]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    held = Served(double, f"http://127.0.0.1:{server.server_port}")
    server.held = held  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    CORS: ClassVar[dict[str, str]] = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "*",
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Allow-Methods": "*",
    }

    def _answer(self) -> None:
        held: Served = self.server.held  # type: ignore[attr-defined]
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        held.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        if held.raw:
            given = held.raw.pop(0)
            if given is None:
                self.close_connection = True
                self.connection.close()
                return
            self._send(*given)
            return
        try:
            self._send(*self._route(held.double, body))
        except ProblemError as problem:
            told = json.dumps({"code": problem.code, "message": "no", "details": []}).encode()
            self._send(problem.status, {"Content-Type": "application/json"}, told)

    do_GET = do_PUT = do_POST = do_PATCH = do_HEAD = _answer  # noqa: N815 - names the library calls

    def _route(self, double: SyncDouble, body: bytes) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(self.path)
        names = [unquote(name) for name in parts.path.removeprefix("/api/v1/").split("/")]
        if names == ["enrol"]:
            told = json.loads(body)
            return _json(201, double.enrol(told["code"], told["device"]["id"]))
        double.sign_in((self.headers.get("authorization") or "").removeprefix("Bearer "))
        match self.command, names:
            case "GET", ["changes"]:
                return _json(200, double.changes(parse_qs(parts.query).get("cursor", [""])[0]))
            case "PUT", ["assessments", name]:
                return _json(200, double.put(name, body))
            case "PUT", ["counter-answers", name]:
                return _json(200, double.put_counter_answer(name, body))
            case "GET", ["assessments", name, "receipt"]:
                return _json(200, double.receipt(name))
            case "POST", ["media", _]:
                told = dict(pair.split(" ") for pair in self.headers["upload-metadata"].split(","))
                sha256 = base64.b64decode(told["sha256"]).decode()
                name = double.begin(sha256, int(self.headers["upload-length"]))
                return 201, {"Location": f"/api/v1/media/{name}", "Upload-Offset": str(double.offset(name))}, b""
            case "HEAD", ["media", name]:
                return 200, {"Upload-Offset": str(double.offset(name))}, b""
            case "PATCH", ["media", name]:
                offset = double.append(name, int(self.headers["upload-offset"]), body)
                return 204, {"Upload-Offset": str(offset)}, b""
        raise ProblemError(404, "not-found")

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**self.CORS, **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _json(status: int, body: object) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()
