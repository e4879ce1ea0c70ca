"""Is this body a record we may keep? Every problem is told, by place; the phone's own rules are asked again.

CHK-1  A body that is not JSON is one problem. A record with wrong fields has one problem a field or entry.
CHK-2  The record must be what its assignment says: entrant, channel, form (any version), annex.
CHK-3  A finished record must have no blocking finding; a draft may have any. Devices write drafts and finished ones.
CHK-4  A recording of the contact is refused unless the assignment's policy lets the assessor record (privacy E2).

Fields we do not know are no problem: the body is kept as it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_type_hints

import msgspec

from checklists import wire
from checklists.record.assessment import Answer, Assessment, Attempt, Evidence, Measurement, MediaKind, RecordStatus
from checklists.record.derived import circumstances
from checklists.record.findings import findings
from checklists.record.sheet import Sheet
from sync_server.errors import RefusedError
from sync_server.fieldwork.assignments import KnownAssignment

MAX_REVISION = 1_000_000
MAX_TEXT = 200  # of ids, codes and content types; notes are free
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_DEVICE_WRITES = frozenset({RecordStatus.DRAFT, RecordStatus.FINISHED})
_LISTS: dict[str, Any] = {"attempts": Attempt, "evidence": Evidence}
_MAPPINGS: dict[str, Any] = {"answers": Answer, "measurements": Measurement}
_REQUIRED = tuple(f.name for f in msgspec.structs.fields(Assessment) if f.required)
_TYPES = get_type_hints(Assessment)


def decoded(raw: bytes, assessment_id: str) -> Assessment:
    """Return the record in `raw`, which must call itself `assessment_id`.

    Raises:
        RefusedError: `body-not-json`, or `record-not-valid` with every problem.
    """
    try:
        record = wire.decode(raw, Assessment)
    except wire.NotReadableError as error:
        raise _unreadable(raw, str(error)) from error
    problems = list(_wrong_values(record, assessment_id))
    if problems:
        raise not_valid(problems)
    return record


def not_valid(problems: list[dict[str, str]]) -> RefusedError:
    """Return the refusal that lists `problems`."""
    return RefusedError("record-not-valid", details=problems)


def problem(place: str, code: str, message: str) -> dict[str, str]:
    """Return one entry of `details`."""
    return {"place": place, "code": code, "message": message}


def check_against_assignment(record: Assessment, known: KnownAssignment) -> None:
    """Refuse the record unless it is of this assignment (CHK-2) and keeps its recording policy (CHK-4)."""
    assignment = known.assignment
    differing = [
        problem(field, "differs-from-assignment", f'the assignment says "{expected}"')
        for field, said, expected in (
            ("entrant_id", record.entrant_id, assignment.entrant_id),
            ("channel", record.channel.value, assignment.channel.value),
            ("form", record.form.partition("@")[0], assignment.form.partition("@")[0]),
        )
        if said != expected
    ]
    if differing:
        raise not_valid(differing)
    if assignment.may_be_recorded:
        return
    recordings = [
        problem(f"evidence[{n}]", "recording-not-allowed", "take this recording out of the record and delete it")
        for n, file in enumerate(record.evidence)
        if file.kind is MediaKind.RECORDING
    ]
    if recordings:
        raise RefusedError("recording-not-allowed", details=recordings)


def check_finished(record: Assessment, sheet: Sheet, known: KnownAssignment, tz: str) -> None:
    """Refuse a finished record that has a finding that blocks finishing (CHK-3)."""
    if record.status is not RecordStatus.FINISHED:
        return
    blocking = [
        problem(
            f"answers.{found.question}" if found.question else found.section or "record",
            found.code,
            str(found.message),
        )
        for found in findings(record, sheet, circumstances=circumstances(known.assignment, tz))
        if found.blocks_finish
    ]
    if blocking:
        raise not_valid(blocking)


def _wrong_values(record: Assessment, assessment_id: str) -> Iterator[dict[str, str]]:
    if record.id.lower() != assessment_id:
        yield problem("id", "id-differs", f'the address says "{assessment_id}"')
    if not 1 <= record.revision <= MAX_REVISION:
        yield problem("revision", "revision-out-of-range", f"write a whole number from 1 to {MAX_REVISION}")
    if record.status not in _DEVICE_WRITES:
        yield problem("status", "status-not-yours", "a device writes draft or finished; the rest is decided in review")
    if record.status is RecordStatus.FINISHED and record.finished_at is None:
        yield problem("finished_at", "moment-missing", "a finished record says when it was finished")
    for place, moment in (("started_at", record.started_at), ("finished_at", record.finished_at)):
        if moment is not None and not _is_in_range(moment):
            yield problem(place, "moment-not-valid", "write a moment with its zone, between 1970 and 2200")
    for place, text in (
        ("form", record.form),
        ("entrant_id", record.entrant_id),
        ("assignment_id", record.assignment_id),
    ):
        if not _is_plain(text):
            yield problem(place, "text-not-valid", f"write 1 to {MAX_TEXT} characters without control characters")
    yield from _wrong_attempts(record)
    yield from _wrong_evidence(record)


def _wrong_attempts(record: Assessment) -> Iterator[dict[str, str]]:
    for n, attempt in enumerate(record.attempts):
        if not _is_in_range(attempt.at):
            yield problem(f"attempts[{n}].at", "moment-not-valid", "write a moment with its zone")
    for key, mark in record.measurements.items():
        if mark.at is not None and not _is_in_range(mark.at):
            yield problem(f"measurements.{key}.at", "moment-not-valid", "write a moment with its zone")


def _wrong_evidence(record: Assessment) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for n, file in enumerate(record.evidence):
        if len(file.sha256) != 64 or not set(file.sha256) <= set("0123456789abcdef"):
            yield problem(f"evidence[{n}].sha256", "sha256-not-valid", "write 64 hexadecimal digits in lower case")
        if not 0 <= file.size_bytes < 2**53:
            yield problem(f"evidence[{n}].size_bytes", "size-not-valid", "write the file's length in bytes")
        if not _is_plain(file.id) or not _is_plain(file.content_type) or not _is_plain(file.question or "-"):
            yield problem(f"evidence[{n}]", "text-not-valid", "id, content_type and question are short and plain")
        if file.id in seen:
            yield problem(f"evidence[{n}].id", "id-repeated", "each file of a record has an id of its own")
        seen.add(file.id)


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= MAX_TEXT and text.isprintable()


def _is_in_range(moment: datetime) -> bool:
    if moment.tzinfo is None:
        return False
    # Years at either end overflow when brought to UTC, so the wall figure is looked at first.
    return EARLIEST.year <= moment.year < LATEST.year and EARLIEST <= moment < LATEST


def _unreadable(raw: bytes, first: str) -> RefusedError:
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return RefusedError("body-not-json", reason=first)
    if not isinstance(body, dict):
        return not_valid([problem("", "not-an-object", "a record is a JSON object")])
    return not_valid(list(_wrong_fields(body)) or [problem("", "not-readable", first)])


def _wrong_fields(body: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name in _REQUIRED:
        if name not in body:
            yield problem(name, "field-missing", "this field is needed")
    for name, value in body.items():
        if name in _LISTS and isinstance(value, list):
            for n, entry in enumerate(value):
                yield from _misfit(entry, _LISTS[name], f"{name}[{n}]")
        elif name in _MAPPINGS and isinstance(value, dict):
            for key, entry in value.items():
                yield from _misfit(entry, _MAPPINGS[name], f"{name}.{key}")
        elif name in _TYPES:
            yield from _misfit(value, _TYPES[name], name)


def _misfit(value: Any, kind: Any, place: str) -> Iterator[dict[str, str]]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        yield problem(place + path.rstrip("`"), "field-not-valid", message)
