"""Forms out to, and submissions in from, other apps that speak for one assessor.

ORC-1  A submission is kept before it is judged: what cannot be a record waits in the tray with the reason, and nothing
       of it is lost.
ORC-2  The same submission of the same assessor is one record, however often it comes; files that come later join it by
       another revision, and so does a submission that says it corrects another.
ORC-3  It becomes a finished record whatever is missing from it. What another app cannot do is told to the reviewer,
       and each such visit waits for review (FLG-13).
ORC-4  For an assignment that already has a finished record a submission is no second one by itself: it waits in the
       tray.
ORC-5  What is in the tray becomes a record where the desk names its assignment, or is set aside with a reason.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.language import N_, Sentence, SentenceError, sentence
from checklists.problems import Problem
from checklists.record.assignment import Assignment
from checklists.record.sheet import Sheet, SheetError
from checklists.record.verbs import begin
from sync_server.database.engine import Database
from sync_server.database.queries import submissions as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.devices import enrol_device, holder_of_device
from sync_server.database.queries.media import MediaRow, is_erased
from sync_server.database.queries.revisions import current_of
from sync_server.database.queries.submissions import SubmissionRow
from sync_server.database.writer import Writer
from sync_server.errors import RefusedError
from sync_server.evidence.arrivals import note_arrival
from sync_server.evidence.sniff import HEAD_BYTES, sniffed_type
from sync_server.evidence.store import MediaStore
from sync_server.exchange.openrosa.records import SentFile, built, files_named
from sync_server.exchange.openrosa.submission import Submission, read_submission
from sync_server.exchange.openrosa.xforms import XForms, asked_form, rows_of
from sync_server.fieldwork.intake import Intake
from sync_server.fieldwork.push import Arrival, Push, push_of
from sync_server.fieldwork.record_check import OTHER_APP, RecordCheck
from sync_server.people.api_tokens import Caller
from sync_server.people.secret import secret_hash
from sync_server.season.forms import FormBook

# Of assessor and instance id, so that no assessor's phone can name another's record.
_NAMES = uuid.UUID("5b0f2a52-6f6c-4f7e-9f57-0d6f1c9d3a10")
NOT_YOURS = N_("It answers no assignment of this assessor.")
ENCRYPTED = N_("It is encrypted, and nobody here has its key.")
MOST_NAME = 200
SECOND = N_("There is a finished visit for this assignment already.")


class CannotTakeError(SentenceError):
    """A submission cannot be decided about like this."""


class _Judged(NamedTuple):
    """A submission as a push, or why it is none yet."""

    push: Push | None
    why: tuple[Sentence, ...]
    is_whole: bool = True


class Collecting:
    """Forms and submissions of one server."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        store: MediaStore,
        *,
        forms: FormBook,
        records: RecordCheck,
        intake: Intake,
    ) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._forms = forms
        self._records = records
        self._intake = intake
        self._xforms = XForms()

    def open_forms(self, assessor_id: str) -> Sequence[tuple[Assignment, bytes]]:
        """Return the assessor's open assignments with their XForms. One whose form cannot be laid out is left out."""
        with self._database.reading() as db:
            listed = [wire.decode(body, Assignment) for body in queries.open_assignments(db, assessor_id)]
            sheets = [self._sheet(db, assignment) for assignment in listed]
        return [(one, self._xforms.of(one, sheet)) for one, sheet in zip(listed, sheets, strict=True) if sheet]

    def device_of(self, caller: Caller) -> str:
        """Return the device that stands for the caller's token.

        Raises:
            RefusedError: `api-token-not-valid` where the desk has withdrawn that device's access.
        """
        device_id = str(uuid.UUID(caller.token_id))
        with self._database.reading() as db:
            held = holder_of_device(db, device_id)
        if held is not None and not held[1]:
            raise RefusedError("api-token-not-valid")
        return device_id

    async def keep(
        self, caller: Caller, document: bytes, files: Sequence[tuple[str, bytes]], now: datetime
    ) -> tuple[SubmissionRow, bool]:
        """Keep a submission with the files that came along; return it, and whether any of it is new.

        Durable when it returns.

        Raises:
            NotASubmissionError: the document is none; nothing is kept.
        """
        read, assessor_id = read_submission(document), caller.assessor_id or ""
        sent = [await asyncio.to_thread(self._stored, name, data) for name, data in files]
        row = SubmissionRow(
            id=_id_of(assessor_id, read.instance_id),
            digest=hashlib.sha256(document).hexdigest(),
            instance_id=read.instance_id[:MOST_NAME],
            assessor_id=assessor_id,
            token_id=caller.token_id,
            form_id=read.form_id[:MOST_NAME],
            assessment_id=None,
            state="waiting",
            why=[],
            document=document,
            files=[],
            received_at=now,
            reason="",
            decided_at=None,
        )
        return await self._writer.run(partial(_kept, row=row, sent=sent, now=now))

    async def take(self, row: SubmissionRow, now: datetime, *, waits: bool = False) -> SubmissionRow:
        """Make a kept submission a record, or put it into the tray with the reason; return its row.

        `waits`: more of its files are on their way. One that was set aside, or is wholly in a record, stays.
        """
        if row.state == "set_aside" or not row.document:
            return row
        judged = await asyncio.to_thread(self._judged, row, row.form_id, by_desk=False)
        if waits and not judged.is_whole:
            return row
        return await self._writer.run(partial(self._taken, row=row, judged=judged, now=now))

    def decided(self, row: SubmissionRow, assignment_id: str) -> Callable[[Connection, str, datetime], SubmissionRow]:
        """Return what makes a submission a record of the assignment the desk names, inside a write transaction.

        There may be another record of it. What is returned takes who decides, and when.

        Raises:
            CannotTakeError: it cannot be one.
        """
        judged = self._judged(row, assignment_id, by_desk=True)
        if judged.push is None:
            raise CannotTakeError(judged.why[0])

        def write(db: Connection, by: str, now: datetime) -> SubmissionRow:
            taken = self._taken(db, row=row, judged=judged, now=now)
            queries.note_decision(db, taken, by=by, reason="", now=now)
            return taken

        return write

    def _stored(self, name: str, data: bytes) -> SentFile:
        sha256 = hashlib.sha256(data).hexdigest()
        with self._database.reading() as db:
            was_erased = is_erased(db, sha256)
        if not was_erased:  # whoever sends it again does not bring it back
            self._store.put(sha256, data)
        return SentFile(name[:MOST_NAME], sha256, len(data), sniffed_type(data[:HEAD_BYTES]))

    def _sheet(self, db: Connection, assignment: Assignment, form_id: str = "") -> Sheet | None:
        record = begin(assignment, "", at=assignment.due_from, app_version=OTHER_APP)
        try:
            return self._forms.sheet_of(msgspec.structs.replace(record, form=form_id or assignment.form), db)
        except SheetError:
            return None

    def _judged(self, row: SubmissionRow, assignment_id: str, *, by_desk: bool) -> _Judged:
        """Read a submission as a record of the assignment. Reads the database."""
        read = read_submission(row.document)
        if read.is_encrypted:
            return _Judged(None, (sentence(ENCRYPTED),))
        known = self._records.assignment_of(assignment_id, row.assessor_id)
        if known is None:
            return _Judged(None, (sentence(NOT_YOURS),))
        with self._database.reading() as db:
            replaced = _id_of(row.assessor_id, read.replaces) if read.replaces else row.id
            assessment_id = queries.assessment_of(db, row.id) or queries.assessment_of(db, replaced) or row.id
            current = current_of(db, [assessment_id]).get(assessment_id)
            form_id, sheet = self._answered(db, known.assignment, read)
            others = queries.other_records(db, assignment_id, assessment_id)
        if sheet is None:
            return _Judged(None, (sentence(N_("Its form cannot be laid out.")),))
        if others and not by_desk:
            return _Judged(None, (sentence(SECOND),))
        rows, files = rows_of(asked_form(sheet)), {name: SentFile(name, *rest) for name, *rest in row.files}
        made = built(
            known.assignment,
            rows,
            read,
            files,
            assessment_id=assessment_id,
            revision=current.revision + 1 if current else 1,
            form_id=form_id,
            received_at=row.received_at,
        )
        try:
            checked = self._records.checked(
                wire.encode(made.record), assessment_id, row.assessor_id, may_have_findings=True
            )
        except RefusedError as error:
            return _Judged(None, _reasons(error))
        device_id = str(uuid.UUID(row.token_id))
        push = push_of(checked, Arrival(assessment_id, row.assessor_id, device_id, row.received_at))
        return _Judged(push, made.left_out, is_whole=files.keys() >= files_named(rows, read).keys())

    def _answered(self, db: Connection, assignment: Assignment, read: Submission) -> tuple[str, Sheet | None]:
        """Return the form version that was answered, and its sheet: the assignment's, but for one it says itself."""
        if read.version.partition("@")[0] == assignment.form.partition("@")[0]:
            sheet = self._sheet(db, assignment, read.version)
            if sheet is not None:
                return read.version, sheet
        return assignment.form, self._sheet(db, assignment)

    def _taken(self, db: Connection, *, row: SubmissionRow, judged: _Judged, now: datetime) -> SubmissionRow:
        why = [msgspec.to_builtins(one) for one in judged.why]
        if judged.push is None:
            row = row._replace(state="tray", why=why)
        else:
            self._intake.keep(db, [judged.push])
            assessment_id = judged.push.row.assessment_id
            document = b"" if judged.is_whole else row.document
            row = row._replace(state="taken", why=why, assessment_id=assessment_id, document=document)
        queries.note_state(db, row)
        details = {"state": row.state, "assessment": row.assessment_id or ""}
        by = str(uuid.UUID(row.token_id))
        append_audit(db, [AuditRow(now, "device", by, "submission-judged", "submission", row.id, details)])
        return row


def set_aside(db: Connection, row: SubmissionRow, *, by: str, reason: str, now: datetime) -> None:
    """Say that a submission is not to become a record; it stays. Inside a write transaction.

    Raises:
        CannotTakeError: without a reason.
    """
    if not reason.strip():
        raise CannotTakeError(sentence(N_("Give a reason: it is kept with the decision.")))
    queries.note_state(db, row._replace(state="set_aside"))
    queries.note_decision(db, row, by=by, reason=reason.strip(), now=now)


def shown_values(row: SubmissionRow, most: int = 100) -> Sequence[tuple[str, str]]:
    """Return what a submission says, for the desk to see whose it is: names and values, as they came."""
    if not row.document:
        return ()
    read = read_submission(row.document)
    pairs = [(name, value) for name, values in read.values.items() for value in values if value]
    return [(name[:80], value[:300]) for name, value in pairs[:most]]


def _kept(db: Connection, *, row: SubmissionRow, sent: Sequence[SentFile], now: datetime) -> tuple[SubmissionRow, bool]:
    device_id = str(uuid.UUID(row.token_id))
    if holder_of_device(db, device_id) is None:
        nobody_has_it = secret_hash(secrets.token_hex(32))
        enrol_device(
            db, device_id=device_id, assessor_id=row.assessor_id, name="ODK", token_hash=nobody_has_it, now=now
        )
    held = queries.submission(db, row.id, row.digest)
    if held is None:
        queries.add_submission(db, row)
        details = {"digest": row.digest}
        append_audit(db, [AuditRow(now, "device", device_id, "submission-received", "submission", row.id, details)])
    before = held or row
    files = {name: SentFile(name, *rest) for name, *rest in before.files}
    # The first of a name stays: what came under it is what was named.
    files = {file.name: file for file in sent} | files
    for file in sent:
        note_arrival(db, MediaRow(file.sha256, file.size_bytes, file.content_type, now, device_id))
    kept = before._replace(files=[list(file) for _, file in sorted(files.items())])
    is_new = held is None or kept.files != before.files
    if is_new:
        queries.keep_files(db, kept.id, kept.digest, kept.files)
    return kept, is_new


def _id_of(assessor_id: str, instance_id: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{assessor_id}\n{instance_id}"))


def _reasons(error: RefusedError) -> tuple[Sentence, ...]:
    told = [one for one in error.details if isinstance(one, Problem)]
    return tuple(sentence(N_("{place}: {message}"), place=one.place, message=one.message) for one in told) or (
        sentence(N_("It is no record that can be kept ({code})."), code=error.code),
    )
