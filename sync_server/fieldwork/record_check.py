"""Is this body a record we may keep? Every problem is listed, by place; the phone's own rules are asked again.

CHK-1  A body that is not JSON is one problem. A record with wrong fields has one problem a field or entry.
CHK-2  The record must be what its assignment says: entrant, channel, form (any version).
CHK-3  A finished record must have no blocking finding but of proofs, which older apps did not insist on; a draft may
       have any. Devices write drafts and finished ones.
CHK-4  A recording of the contact is refused unless the assignment's policy lets the assessor record (privacy E2).
CHK-5  A record of a schema we do not know yet is refused as that, whatever else seems wrong with it.

Fields we do not know are no problem: the body is kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_type_hints

import msgspec

from checklists import wire
from checklists.language import N_, Sentence, Template, sentence
from checklists.problems import Problem
from checklists.record.assessment import Answer, Assessment, Attempt, Evidence, Measurement, MediaKind, RecordStatus
from checklists.record.assignment import Assignment
from checklists.record.derived import Circumstances
from checklists.record.findings import PROOFS, findings
from checklists.record.sheet import Sheet, SheetError
from sync_server.database.engine import Database
from sync_server.errors import RefusedError
from sync_server.fieldwork.assignments import AssignmentBook, KnownAssignment
from sync_server.fieldwork.base_scores import Bases, BaseScorer
from sync_server.fieldwork.record_moments import wrong_moments
from sync_server.season.forms import FormBook

MAX_REVISION = 1_000_000
OTHER_APP = "openrosa"  # as `app_version` of what another app sent
MAX_TEXT = 200  # of ids, codes and content types; notes are free

_DEVICE_WRITES = frozenset({RecordStatus.DRAFT, RecordStatus.FINISHED})
_LISTS: dict[str, Any] = {"attempts": Attempt, "evidence": Evidence}
_MAPPINGS: dict[str, Any] = {"answers": Answer, "measurements": Measurement}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REQUIRED = tuple(f.name for f in msgspec.structs.fields(Assessment) if f.required)
_TYPES = get_type_hints(Assessment)


class Checked(NamedTuple):
    """A record that may be kept, and what it is worth.

    Its `id` is as the address has it; `raw` is the body as it came, `digest` its name.
    """

    record: Assessment
    raw: bytes
    digest: str
    known: KnownAssignment
    bases: Bases


class RecordCheck:
    """Checks records against their assignments, forms and rules. One for each process."""

    def __init__(self, database: Database, assignments: AssignmentBook, forms: FormBook) -> None:
        self._database = database
        self._assignments = assignments
        self._forms = forms
        self._scorer = BaseScorer(forms)

    def assignment_of(self, assignment_id: str, assessor_id: str) -> KnownAssignment | None:
        """Return an assignment that the assessor holds or held, or None."""
        return self._assignments.held_by(assignment_id, assessor_id)

    def checked(self, raw: bytes, assessment_id: str, assessor_id: str, *, may_have_findings: bool = False) -> Checked:
        """Return the record in `raw`, sent by the assessor as `assessment_id`.

        `may_have_findings`: another app made it, which has no findings (CHK-3).

        Raises:
            RefusedError: `body-not-json`, `schema-too-new`, `assignment-not-yours`, `recording-not-allowed`, or
                `record-not-valid` with every problem of the first step that found one.
        """
        record, digest = _decoded(raw, assessment_id)
        known = self._assignments.held_by(record.assignment_id, assessor_id)
        if known is None:
            raise RefusedError("assignment-not-yours")
        _check_assignment(record, known.assignment)
        _check_recordings(record, known.assignment)
        sheet = self._sheet_of(record)
        if record.status is RecordStatus.FINISHED and not may_have_findings:
            _check_finished(record, sheet, known.circumstances)
        if record.id != assessment_id:  # written in capitals
            record = msgspec.structs.replace(record, id=assessment_id)
        return Checked(record, raw, digest, known, self._scorer.bases_of(record))

    def _sheet_of(self, record: Assessment) -> Sheet:
        try:
            if self._forms.knows(record):
                return self._forms.sheet_of(record)
            with self._database.reading() as db:
                return self._forms.sheet_of(record, db)
        except SheetError as error:
            raise _not_valid([Problem(place="form", code="form-not-usable", message=error.message)]) from error


def _decoded(raw: bytes, assessment_id: str) -> tuple[Assessment, str]:
    try:
        record, digest = wire.decode_with_digest(raw, Assessment)
    except wire.NotReadableError as error:
        raise _unreadable(raw, str(error)) from error
    if record.schema > wire.SCHEMA:
        raise _too_new(record.schema)
    problems = list(_wrong_values(record, assessment_id))
    if problems:
        raise _not_valid(problems)
    return record, digest


def _check_assignment(record: Assessment, assignment: Assignment) -> None:
    """Raise RefusedError unless the record is of this assignment (CHK-2)."""
    differing = [
        problem(field, "differs-from-assignment", N_('the assignment says "{expected}"'), expected=expected)
        for field, written, expected in (
            ("entrant_id", record.entrant_id, assignment.entrant_id),
            ("channel", record.channel.value, assignment.channel.value),
            ("form", record.form.partition("@")[0], assignment.form.partition("@")[0]),
        )
        if written != expected
    ]
    if differing:
        raise _not_valid(differing)


def _check_recordings(record: Assessment, assignment: Assignment) -> None:
    """Raise RefusedError unless the record keeps the assignment's recording policy (CHK-4)."""
    if assignment.may_be_recorded:
        return
    recordings = [
        problem(f"evidence[{n}]", "recording-not-allowed", N_("take this recording out of the record and delete it"))
        for n, file in enumerate(record.evidence)
        if file.kind is MediaKind.RECORDING
    ]
    if recordings:
        raise RefusedError("recording-not-allowed", details=recordings)


def _check_finished(record: Assessment, sheet: Sheet, circumstances: Circumstances) -> None:
    """Raise RefusedError when the finished record has a finding that blocks finishing (CHK-3)."""
    blocking = [
        Problem(
            place=f"answers.{finding.question}" if finding.question else finding.section or "record",
            code=finding.code,
            message=finding.message,
        )
        for finding in findings(record, sheet, circumstances=circumstances)
        if finding.blocks_finish and finding.code not in PROOFS
    ]
    if blocking:
        raise _not_valid(blocking)


def _not_valid(problems: list[Problem]) -> RefusedError:
    return RefusedError("record-not-valid", details=problems)


def _too_new(schema: int) -> RefusedError:
    return RefusedError("schema-too-new", schema=schema, newest=wire.SCHEMA)


def problem(place: str, code: str, template: Template, **values: object) -> Problem:
    """Return one problem of a record; `template` is marked with N_ and says what to write instead."""
    return Problem(place=place, code=code, message=sentence(template, **values))


def _wrong_values(record: Assessment, assessment_id: str) -> Iterator[Problem]:
    if record.id.lower() != assessment_id:
        yield problem("id", "id-differs", N_('the address says "{id}"'), id=assessment_id)
    if not 1 <= record.revision <= MAX_REVISION:
        yield problem(
            "revision", "revision-out-of-range", N_("write a whole number from 1 to {most}"), most=MAX_REVISION
        )
    if record.status not in _DEVICE_WRITES:
        yield problem(
            "status", "status-not-yours", N_("a device writes draft or finished; the rest is decided in review")
        )
    if record.status is RecordStatus.FINISHED and record.finished_at is None:
        yield problem("finished_at", "moment-missing", N_("a finished record says when it was finished"))
    yield from wrong_moments(record)
    for place, text in (
        ("form", record.form),
        ("entrant_id", record.entrant_id),
        ("assignment_id", record.assignment_id),
    ):
        if not _is_plain(text):
            yield problem(
                place, "text-not-valid", N_("write 1 to {most} characters without control characters"), most=MAX_TEXT
            )
    yield from _wrong_evidence(record)


def _wrong_evidence(record: Assessment) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, file in enumerate(record.evidence):
        if not _SHA256.fullmatch(file.sha256):
            yield problem(f"evidence[{n}].sha256", "sha256-not-valid", N_("write 64 hexadecimal digits in lower case"))
        if not 0 <= file.size_bytes < 2**53:
            yield problem(f"evidence[{n}].size_bytes", "size-not-valid", N_("write the file's length in bytes"))
        if not _is_plain(file.id) or not _is_plain(file.content_type) or not _is_plain(file.question or "-"):
            yield problem(f"evidence[{n}]", "text-not-valid", N_("id, content_type and question are short and plain"))
        if file.id in seen:
            yield problem(f"evidence[{n}].id", "id-repeated", N_("each file of a record has an id of its own"))
        seen.add(file.id)


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= MAX_TEXT and text.isprintable()


def _unreadable(raw: bytes, first: str) -> RefusedError:
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return RefusedError("body-not-json", reason=first)
    if not isinstance(body, dict):
        return _not_valid([problem("", "not-an-object", N_("a record is a JSON object"))])
    schema = body.get("schema")
    if type(schema) is int and schema > wire.SCHEMA:
        return _too_new(schema)
    return _not_valid(list(_wrong_fields(body)) or [_unfit("", "not-readable", first)])


def _wrong_fields(body: dict[str, Any]) -> Iterator[Problem]:
    for name in _REQUIRED:
        if name not in body:
            yield problem(name, "field-missing", N_("this field is needed"))
    for name, value in body.items():
        if name in _LISTS and isinstance(value, list):
            for n, entry in enumerate(value):
                yield from _misfit(entry, _LISTS[name], f"{name}[{n}]")
        elif name in _MAPPINGS and isinstance(value, dict):
            for key, entry in value.items():
                yield from _misfit(entry, _MAPPINGS[name], f"{name}.{key}")
        elif name in _TYPES:
            yield from _misfit(value, _TYPES[name], name)


def _misfit(value: Any, kind: Any, place: str) -> Iterator[Problem]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        yield _unfit(place + path.rstrip("`"), "field-not-valid", message)


def _unfit(place: str, code: str, reason: str) -> Problem:
    """Return a problem in the words of msgspec, which are English."""
    return Problem(place=place, code=code, message=Sentence(template="{reason}", values={"reason": reason}))
