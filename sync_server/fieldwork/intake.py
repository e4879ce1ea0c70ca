"""Takes one revision of an assessment, many at a time, so that sending again is always harmless.

INT-1  Same id, revision and content: the first answer again; nothing changes.
INT-2  Same id and revision, other content: both are kept, the second marked as a conflict for the coordinator; 409.
INT-3  A revision below the current one is kept if it is new, and answered as known; what is current stays.
INT-4  One author: an id that belongs to another assignment, or to an assessor who is not of this one, is a conflict.
INT-5  Every kept body makes exactly one change of the office feed. What became current is graded in the same commit.
INT-6  A record may name files that are not here yet; the answer lists them.

The clock of a device is noted, never believed: its offset beyond CLOCK_TOLERANCE_S is a flag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Assessment, RecordStatus
from sync_server.database.queries import jobs
from sync_server.database.queries.assignments import assessors_of
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.devices import SeenDevice, note_pushes
from sync_server.database.queries.grades import append_grades
from sync_server.database.queries.media import held_among
from sync_server.database.queries.revisions import (
    CurrentRow,
    HeldRevision,
    append_links,
    append_revisions,
    count_conflict,
    current_of,
    project,
    revisions_of,
)
from sync_server.fieldwork.assignments import KnownAssignment
from sync_server.fieldwork.base_scores import Base, BaseScorer, base_columns, base_row
from sync_server.fieldwork.earlier_tries import tries_to_tell
from sync_server.fieldwork.handing_out import attempts_change
from sync_server.jobs.wishes import standing_job
from sync_server.season.rules import RulesVersion, version_in_force

CLOCK_TOLERANCE_S = 120


@dataclass(frozen=True, slots=True)
class Push:
    """One checked record on its way to the database."""

    record: Assessment
    raw: bytes
    known: KnownAssignment
    assessor_id: str
    device_id: str
    received_at: datetime
    device_time: str
    device_monotonic: str
    clock_offset_ms: int | None
    digest: str = ""  # filled in by intake


class Outcome(Enum):
    """What became of a push."""

    KEPT = "kept"
    REPEATED = "repeated"
    KNOWN = "known"  # an older revision
    CONFLICT = "conflict"


class Reply(NamedTuple):
    """What the device is told. `received_at` is that of the first time."""

    outcome: Outcome
    revision: int
    received_at: datetime
    digest: str
    missing: tuple[str, ...]
    current_revision: int


@dataclass(slots=True)
class _Batch:
    """What is known before, and what is to be written, while a batch is gone through in order."""

    current: dict[str, CurrentRow]
    held: dict[tuple[str, int], list[HeldRevision]]
    media: set[str]
    rules: RulesVersion
    revisions: list[Mapping[str, Any]] = field(default_factory=list)
    links: list[Mapping[str, Any]] = field(default_factory=list)
    projections: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    grades: list[Mapping[str, Any]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    changes: list[NewChange] = field(default_factory=list)
    audit: list[AuditRow] = field(default_factory=list)
    standings: set[str] = field(default_factory=set)
    tried: dict[str, set[str]] = field(default_factory=dict)  # by assignment: the assessors whose tries came


class Intake:
    """Keeps pushes. `keep` is a batch of the writer: it reads and writes the database and nothing else."""

    def __init__(self, grader: BaseScorer) -> None:
        self._grader = grader

    def keep(self, db: Connection, pushes: Sequence[Push]) -> Sequence[Reply]:
        """Keep each of `pushes`, in order, and answer each."""
        # In the writer's thread: hashing lets go of the interpreter, and the event loop would wait to get it back.
        pushes = [replace(push, digest=wire.digest(push.raw)) for push in pushes]
        batch = self._before(db, pushes)
        answers = [self._take(db, batch, push) for push in pushes]
        append_revisions(db, batch.revisions)
        append_links(db, batch.links)
        project(db, list(batch.projections.values()))
        count_conflict(db, batch.conflicts)
        append_grades(db, batch.grades)
        append_changes(db, [*batch.changes, *_told(db, batch.tried, pushes[-1].received_at)])
        append_audit(db, batch.audit)
        jobs.ask_for(db, batch.standings, pushes[-1].received_at)
        note_pushes(db, [SeenDevice(p.device_id, p.received_at, p.clock_offset_ms) for p in pushes])
        return answers

    def _before(self, db: Connection, pushes: Sequence[Push]) -> _Batch:
        current = current_of(db, {push.record.id for push in pushes})
        held: dict[tuple[str, int], list[HeldRevision]] = {}
        for row in revisions_of(db, current.keys()):
            held.setdefault((row.assessment_id, row.revision), []).append(row)
        named = {file.sha256 for push in pushes for file in push.record.evidence}
        return _Batch(current=current, held=held, media=held_among(db, named), rules=version_in_force(db))

    def _take(self, db: Connection, batch: _Batch, push: Push) -> Reply:
        record = push.record
        current = batch.current.get(record.id)
        same_number = batch.held.get((record.id, record.revision), [])
        for row in same_number:
            if row.digest == push.digest:
                outcome = Outcome.CONFLICT if row.conflict else Outcome.REPEATED
                if outcome is Outcome.REPEATED and current and record.revision < current.revision:
                    outcome = Outcome.KNOWN
                return _answer(batch, push, outcome, row.received_at)
        if same_number or (current and not _may_go_on(current, push)):
            self._append(batch, push, conflict=True)
            batch.conflicts.append(record.id)
            return _answer(batch, push, Outcome.CONFLICT, push.received_at)
        self._append(batch, push, conflict=False)
        if current and record.revision < current.revision:
            return _answer(batch, push, Outcome.KNOWN, push.received_at)
        self._make_current(db, batch, push, current)
        return _answer(batch, push, Outcome.KEPT, push.received_at)

    def _append(self, batch: _Batch, push: Push, *, conflict: bool) -> None:
        record = push.record
        key = {"assessment_id": record.id, "revision": record.revision, "digest": push.digest}
        batch.revisions.append(
            {
                **key,
                "conflict": conflict,
                "assignment_id": record.assignment_id,
                "assessor_id": push.assessor_id,
                "device_id": push.device_id,
                "received_at": push.received_at,
                "device_time": push.device_time,
                "device_monotonic": push.device_monotonic,
                "clock_offset_ms": push.clock_offset_ms,
                "status": record.status.value,
                "contact": record.contact.value,
                "form": record.form,
                "body": push.raw,
            }
        )
        batch.links.extend(
            {
                **key,
                "evidence_id": file.id,
                "sha256": file.sha256,
                "size_bytes": file.size_bytes,
                "kind": file.kind.value,
                "content_type": file.content_type,
                "question": file.question,
                "prepared": file.prepared,
            }
            for file in record.evidence
        )
        held = HeldRevision(record.id, record.revision, push.digest, conflict, record.status.value, push.received_at)
        batch.held.setdefault((record.id, record.revision), []).append(held)
        told = {"revision": record.revision, "digest": push.digest, "conflict": conflict}
        batch.audit.append(
            AuditRow(push.received_at, "device", push.device_id, "assessment-received", "assessment", record.id, told)
        )
        batch.changes.append(
            NewChange(audience="office", kind="assessment", subject_id=record.id, changed_at=push.received_at)
        )

    def _make_current(self, db: Connection, batch: _Batch, push: Push, before: CurrentRow | None) -> None:
        record, row = push.record, push.known.row
        grade = self._grader.grade(db, record, batch.rules)
        named = {file.sha256 for file in record.evidence}
        status = RecordStatus.VOID.value if before and before.status == RecordStatus.VOID.value else record.status.value
        offset = push.clock_offset_ms
        batch.projections[record.id] = {
            "id": record.id,
            "assignment_id": record.assignment_id,
            "entrant_id": row.entrant_id,
            "channel": row.channel,
            "round": row.round,
            "assessor_id": push.assessor_id,
            "device_id": push.device_id,
            "revision": record.revision,
            "digest": push.digest,
            "form": record.form,
            "status": status,
            "contact": record.contact.value,
            **base_columns(grade),
            "files_named": len(named),
            "files_held": len(named & batch.media),
            "clock_wrong": offset is not None and abs(offset) > CLOCK_TOLERANCE_S * 1000,
            "started_at": record.started_at,
            "finished_at": record.finished_at,
            "first_received_at": before.first_received_at if before else push.received_at,
            "received_at": push.received_at,
        }
        batch.current[record.id] = CurrentRow(
            record.id,
            record.assignment_id,
            push.assessor_id,
            record.revision,
            push.digest,
            status,
            before.first_received_at if before else push.received_at,
        )
        self._follow(batch, push, grade)

    def _follow(self, batch: _Batch, push: Push, grade: Base) -> None:
        """Note what a new current revision sets going: its grade, the entry's standing, and others' attempts."""
        record, row = push.record, push.known.row
        if record.status is RecordStatus.FINISHED:
            batch.grades.append(base_row(record, push.digest, grade, batch.rules, push.received_at))
        batch.standings.add(standing_job(row.entrant_id, row.channel))
        if record.attempts:
            batch.tried.setdefault(row.id, set()).add(push.assessor_id)


def _told(db: Connection, tried: Mapping[str, set[str]], now: datetime) -> Sequence[NewChange]:
    """Return what tells assessors of the tries of those who held their assignments before.

    Who holds one is asked here: what a push was checked with may be some seconds older than a hand-over.
    """
    holders = assessors_of(db, tried)
    return [
        attempts_change(holders[ident], ident, tries_to_tell(db, ident, holders[ident]), now)
        for ident, authors in tried.items()
        if authors - {holders[ident]}
    ]


def _may_go_on(current: CurrentRow, push: Push) -> bool:
    authors = (current.assessor_id, push.known.row.assessor_id)
    return current.assignment_id == push.record.assignment_id and push.assessor_id in authors


def _answer(batch: _Batch, push: Push, outcome: Outcome, received_at: datetime) -> Reply:
    missing = {file.sha256 for file in push.record.evidence} - batch.media
    current = batch.current.get(push.record.id)
    return Reply(
        outcome,
        push.record.revision,
        received_at,
        push.digest,
        tuple(sorted(missing)),
        current.revision if current else push.record.revision,
    )
