"""A phone as the protocol page describes one: it enrols, asks for changes, and fills whatever it was assigned."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from msgspec.structs import replace

from checklists import wire
from checklists.forms.evidence_kinds import KEEPERS, Keeper
from checklists.forms.form import Form, Kind, MeasurementKind, Question
from checklists.record.assessment import (
    Answer,
    Assessment,
    Contact,
    Draw,
    Evidence,
    Measurement,
    MediaKind,
    RecordStatus,
)
from checklists.record.assignment import Assignment
from checklists.record.derived import circumstances, measured_answers
from checklists.record.findings import findings
from checklists.record.sheet import Sheet, sheet_of
from tests.sync_server.blackbox.demo import Demo

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"
MEDIA = "/api/v1/media/"
WORDS = "The answer was clear, complete and kindly given at once."


def b64(raw: str | bytes) -> str:
    return base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode()


def enrol(client: httpx.Client, code: str, device: str | None = None, name: str = "A phone") -> httpx.Response:
    return client.post(
        "/api/v1/enrol", json={"code": code, "device": {"id": device or str(uuid.uuid4()), "name": name}}
    )


class Phone:
    """An enrolled device with everything it was told."""

    def __init__(self, demo: Demo, name: str = "A phone") -> None:
        self.client = demo.client()
        answer = enrol(self.client, demo.code(), name=name)
        assert answer.status_code == 201, answer.text
        self.token = answer.json()["token"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        told = self.all_changes()
        self.forms = {one["id"]: decoded(one["body"], Form) for one in told if one["kind"] == "form"}
        self.assignments = [decoded(one["body"], Assignment) for one in told if one["kind"] == "assignment"]

    def all_changes(self, cursor: str | None = None) -> list[dict[str, Any]]:
        changes: list[dict[str, Any]] = []
        while True:
            page = self.client.get("/api/v1/changes", params={"cursor": cursor} if cursor else {}).json()
            assert len(page["changes"]) <= 200
            changes += page["changes"]
            cursor = page["cursor"]
            if not page["more"]:
                return changes

    def a_call(self, **changes: Any) -> dict[str, Any]:
        """A finished record of the first plain phone-in assignment."""
        return filled(next(one for one in self.assignments if one.form == "phone_in@1"), self.forms, **changes)

    def put(self, record: Mapping[str, Any], **headers: str) -> httpx.Response:
        return self.put_raw(json.dumps(record).encode(), record["id"], **headers)

    def put_raw(self, body: bytes, assessment_id: str | None = None, **headers: str) -> httpx.Response:
        address = f"/api/v1/assessments/{assessment_id or uuid.uuid4()}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.put(address, content=body, headers={"Content-Type": "application/json"} | named)

    def receipt(self, assessment_id: str) -> httpx.Response:
        return self.client.get(f"/api/v1/assessments/{assessment_id}/receipt")

    def announce(self, data: bytes, **changes: Any) -> httpx.Response:
        """Create an upload. `changes` are metadata pairs, `length`, or `headers` (None takes one away)."""
        length = changes.pop("length", len(data))
        headers = {"Upload-Length": str(length)} | changes.pop("headers", {})
        told = {"sha256": hashlib.sha256(data).hexdigest(), "kind": "photo", "content_type": "image/jpeg"} | changes
        pairs = ",".join(f"{name} {b64(value)}" for name, value in told.items() if value is not None)
        return self._tus("POST", MEDIA, headers={"Upload-Metadata": pairs, **headers})

    def upload(self, data: bytes, **changes: Any) -> str:
        """Announce a file that must be welcome, and return its address."""
        answer = self.announce(data, **changes)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def send(self, address: str, offset: object, data: bytes, **headers: str | None) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._tus(
            "PATCH", address, headers={"Upload-Offset": str(offset), "Content-Type": OCTETS} | named, content=data
        )

    def ask(self, address: str) -> httpx.Response:
        return self._tus("HEAD", address)

    def offset(self, address: str) -> int:
        return int(self.ask(address).headers["Upload-Offset"])

    def terminate(self, address: str) -> httpx.Response:
        return self._tus("DELETE", address)

    def _tus(self, method: str, address: str, *, headers: Mapping[str, str | None] = {}, **more: Any) -> httpx.Response:
        sent = {name: value for name, value in (TUS | dict(headers)).items() if value is not None}
        return self.client.request(method, address, headers=sent, **more)


def decoded(body: object, kind: Any) -> Any:
    return wire.decode(json.dumps(body), kind)


def filled(
    assignment: Assignment, forms: Mapping[str, Form], *, files: tuple[bytes, ...] = (), **changes: Any
) -> dict[str, Any]:
    """A finished record of `assignment` with nothing left to put right; `files` are photos of the whole visit."""
    now = datetime.now(UTC)
    variants = {one.code: one for one in forms[assignment.form].variants}
    draws = assignment.variant in variants and variants[assignment.variant].recordings is not None
    record = Assessment(
        id=str(uuid.uuid4()),
        revision=1,
        assignment_id=assignment.id,
        entrant_id=assignment.entrant_id,
        channel=assignment.channel,
        form=assignment.form,
        started_at=now,
        subchannel=assignment.subchannel,
        variant=assignment.variant,
        branch_id=assignment.branch.id if assignment.branch else None,
        annex=assignment.annex,
        contact=Contact.CONNECTED,
        status=RecordStatus.FINISHED,
        finished_at=now,
        updated_at=now,
        recordings=2 if draws else 0,
    )
    sheet = sheet_of(record, forms)
    marks = _marks(sheet, now - timedelta(hours=1))
    answers = {key: Answer(value=_value(item.question), at=now) for key, item in sheet.all_items.items()}
    told = circumstances(assignment, "Asia/Hong_Kong")
    record = replace(
        record,
        measurements=marks,
        answers=measured_answers(sheet, marks, answers, at=now, circumstances=told),
        notes={key: words for key, item in sheet.all_items.items() if (words := _words(item.question))},
        evidence=(*_pictures(record.id, sheet, now), *(_picture(data, now) for data in files)),
        draws=(Draw(at=now, seed="seed", listed=9, picked=(3, 7)),) if sheet.form.variants else (),
    )
    left = [one for one in findings(record, sheet, circumstances=told) if one.blocks_finish]
    assert not left, left
    plain: dict[str, Any] = json.loads(wire.encode(record))
    return plain | changes


def _value(question: Question) -> bool | int | str:
    match question.kind:
        case Kind.YES_NO:
            return True
        case Kind.SCALE:
            return 3
        case Kind.CHOICE | Kind.FAQ:
            return question.options[0].code
        case Kind.BANDS:
            return 1
        case Kind.TEXT:
            return WORDS


def _marks(sheet: Sheet, begun_at: datetime) -> dict[str, Measurement]:
    made = {}
    for n, (key, mark) in enumerate(sheet.measurements.items()):
        at = begun_at + timedelta(seconds=10 * n)
        match mark.kind:
            case MeasurementKind.STAMP | MeasurementKind.STAMP_PLACE:
                made[key] = Measurement(at=at)
            case MeasurementKind.STAMP_CHOICE:
                made[key] = Measurement(at=at, choice=mark.options[0].code)
            case MeasurementKind.INTEGER:
                made[key] = Measurement(number=1)
            case MeasurementKind.INTEGER_PAIR:
                made[key] = Measurement(pair=(1, 2))
            case MeasurementKind.SPANS:
                made[key] = Measurement(spans=((at, at + timedelta(seconds=2)),))
            case MeasurementKind.CODED:
                made[key] = Measurement(code="agent-3")
    return made


def _words(question: Question) -> dict[str, str]:
    return {kind: WORDS for kind in question.evidence if KEEPERS[kind] is Keeper.WORDS}


def picture_of(assessment_id: str, question: str, evidence_kind: str) -> bytes:
    """The bytes of the picture that `filled` gives a question that wants one."""
    return f"{assessment_id} {question} {evidence_kind}".encode()


def _pictures(assessment_id: str, sheet: Sheet, now: datetime) -> list[Evidence]:
    return [
        replace(_picture(picture_of(assessment_id, key, kind), now), question=key, evidence_kind=kind)
        for key, item in sheet.all_items.items()
        for kind in item.question.evidence
        if KEEPERS[kind] is Keeper.FILE and item.recording is None
    ]


def _picture(data: bytes, now: datetime) -> Evidence:
    return Evidence(
        id=str(uuid.uuid4()),
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        kind=MediaKind.PHOTO,
        content_type="image/jpeg",
        taken_at=now,
    )


def is_error(answer, status, code=None):
    told = answer.json()
    return answer.status_code == status and set(told) == {"code", "message", "details"} and code in (None, told["code"])


def canonical_digest(record):
    return hashlib.sha256(
        json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()
