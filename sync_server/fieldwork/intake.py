"""Takes one revision of an assessment, many at a time, so that sending again is always harmless.

INT-1  Same id, revision and content: the first reply again; nothing changes.
INT-2  Same id and revision, other content: both are kept, the second marked as a conflict for the coordinator; 409.
INT-3  A revision below the current one is kept if it is new, and answered as known; what is current stays.
INT-4  One author: an id that belongs to another assignment, or to an assessor who is not of this one, is a conflict.
INT-5  Every kept body makes exactly one change of the office feed. What became current gets its base in that commit.
INT-6  A record may name files that are not here yet; the reply lists them.
INT-7  The clock of a device is noted, never believed: its offset beyond CLOCK_TOLERANCE_S, or a move of it while the
       contact was made, or times that cannot be right together, is a flag, and costs nothing. Times are kept corrected.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.record.assessment import RecordStatus
from checklists.record.clock_moves import has_moved, is_out_of_time
from sync_server.database.queries import jobs
from sync_server.database.queries.assignments import assessors_of
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.devices import SeenDevice, note_pushes
from sync_server.database.queries.grades import BaseRow, append_bases
from sync_server.database.queries.jobs import Job
from sync_server.database.queries.media import held_among
from sync_server.database.queries.revisions import (
    CurrentRow,
    HeldRevision,
    NewLink,
    NewRevision,
    Projection,
    append_links,
    append_revisions,
    count_conflict,
    current_of,
    held_revisions_of,
    project,
)
from sync_server.fieldwork.base_scores import BaseScorer, base_columns
from sync_server.fieldwork.earlier_tries import tries_to_tell
from sync_server.fieldwork.handing_out import attempts_change
from sync_server.fieldwork.record_check import Checked
from sync_server.jobs.wishes import standing_job
from sync_server.season.rules import VersionsInForce, versions_in_force

CLOCK_TOLERANCE_S = 120


class Push(NamedTuple):
    """One checked record on its way to the database, and what its device said beside it."""

    checked: Checked
    device_id: str
    received_at: datetime
    device_time: str
    device_monotonic: str
    clock_offset_ms: int | None


def is_clock_wrong(offset_ms: int | None) -> bool:
    """Say whether a device's clock is too far off to go unmentioned (INT-7)."""
    return offset_ms is not None and abs(offset_ms) > CLOCK_TOLERANCE_S * 1000


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

    db: Connection
    current: dict[str, CurrentRow]
    held: dict[tuple[str, int], list[HeldRevision]]
    media: set[str]
    rules: VersionsInForce
    revisions: list[NewRevision] = field(default_factory=list)
    links: list[NewLink] = field(default_factory=list)
    projections: dict[str, Projection] = field(default_factory=dict)
    bases: list[BaseRow] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    changes: list[NewChange] = field(default_factory=list)
    audit: list[AuditRow] = field(default_factory=list)
    standings: set[Job] = field(default_factory=set)
    tried: dict[str, set[str]] = field(default_factory=dict)  # by assignment: the assessors whose tries came


class Intake:
    """Keeps pushes. `keep` is a batch of the writer: it reads and writes the database and nothing else."""

    def __init__(self, scorer: BaseScorer) -> None:
        self._scorer = scorer
        # Held while a record is checked, and while a batch goes to SQLite. Both need the interpreter, and SQLite lets
        # go of it at each step of a statement: without turns the two threads keep taking it from each other.
        self.turn = threading.Lock()

    def keep(self, db: Connection, pushes: Sequence[Push]) -> Sequence[Reply]:
        """Keep each of `pushes`, in order, and return the reply to each."""
        # PostgreSQL answers over a socket, and whoever checks records need not wait for that.
        with self.turn if db.dialect.name == "sqlite" else nullcontext():
            return self._keep(db, pushes)

    def _keep(self, db: Connection, pushes: Sequence[Push]) -> Sequence[Reply]:
        batch = self._before(db, pushes)
        replies = [self._take(batch, push) for push in pushes]
        now = pushes[-1].received_at
        append_revisions(db, batch.revisions)
        append_links(db, batch.links)
        project(db, list(batch.projections.values()))
        count_conflict(db, batch.conflicts)
        append_bases(db, batch.bases)
        append_changes(db, [*batch.changes, *_attempts_changes(db, batch.tried, now)])
        append_audit(db, batch.audit)
        jobs.ask_for(db, batch.standings, now)
        note_pushes(db, [SeenDevice(push.device_id, push.received_at, push.clock_offset_ms) for push in pushes])
        return replies

    def _before(self, db: Connection, pushes: Sequence[Push]) -> _Batch:
        current = current_of(db, {push.checked.record.id for push in pushes})
        held: dict[tuple[str, int], list[HeldRevision]] = {}
        for row in held_revisions_of(db, current.keys()):
            held.setdefault((row.assessment_id, row.revision), []).append(row)
        named = {file.sha256 for push in pushes for file in push.checked.record.evidence}
        return _Batch(db, current, held, media=held_among(db, named), rules=versions_in_force(db))

    def _take(self, batch: _Batch, push: Push) -> Reply:
        record, digest = push.checked.record, push.checked.digest
        current = batch.current.get(record.id)
        is_older = current is not None and record.revision < current.revision
        same_number = batch.held.get((record.id, record.revision), ())
        for row in same_number:
            if row.digest == digest:
                outcome = Outcome.CONFLICT if row.conflict else Outcome.KNOWN if is_older else Outcome.REPEATED
                return _reply(batch, push, outcome, row.received_at)
        if same_number or (current and not _may_go_on(current, push)):
            _append(batch, push, conflict=True)
            batch.conflicts.append(record.id)
            return _reply(batch, push, Outcome.CONFLICT, push.received_at)
        _append(batch, push, conflict=False)
        if is_older:
            return _reply(batch, push, Outcome.KNOWN, push.received_at)
        self._make_current(batch, push, current)
        return _reply(batch, push, Outcome.KEPT, push.received_at)

    def _make_current(self, batch: _Batch, push: Push, before: CurrentRow | None) -> None:
        """Note the record as current, and what that sets going: its base, the entry's standing, others' attempts."""
        record, _, digest, known, assessor_id = push.checked
        rules = batch.rules.of_round(known.round)
        base, why_not = self._scorer.base_of(batch.db, record, rules)
        columns = base_columns(base)
        named = {file.sha256 for file in record.evidence}
        is_void = before is not None and before.status == RecordStatus.VOID.value
        status = RecordStatus.VOID.value if is_void else record.status.value
        first_received_at = before.first_received_at if before else push.received_at
        batch.projections[record.id] = Projection(
            id=record.id,
            assignment_id=record.assignment_id,
            entrant_id=known.entrant_id,
            channel=known.channel,
            round=known.round,
            assessor_id=assessor_id,
            device_id=push.device_id,
            revision=record.revision,
            digest=digest,
            form=record.form,
            status=status,
            contact=record.contact.value,
            base=columns.exact,
            base_shown=columns.shown,
            base_millionths=columns.millionths,
            files_named=len(named),
            files_held=len(named & batch.media),
            clock_wrong=is_clock_wrong(push.clock_offset_ms)
            or has_moved(record)
            or is_out_of_time(record, push.received_at),
            started_at=record.start.corrected,
            finished_at=record.end.corrected if record.end else None,
            first_received_at=first_received_at,
            received_at=push.received_at,
        )
        batch.current[record.id] = CurrentRow(
            record.id, record.assignment_id, assessor_id, record.revision, digest, status, first_received_at
        )
        if record.status is RecordStatus.FINISHED:
            batch.bases.append(
                BaseRow(
                    assessment_id=record.id,
                    revision=record.revision,
                    digest=digest,
                    form=record.form,
                    ruleset_digest=rules.digest if rules.is_set_up else "",
                    base=columns.exact,
                    why_no_base=why_not,
                    graded_at=push.received_at,
                )
            )
        batch.standings.add(standing_job(known.entrant_id, known.channel))
        if record.attempts:
            batch.tried.setdefault(known.id, set()).add(assessor_id)


def _append(batch: _Batch, push: Push, *, conflict: bool) -> None:
    """Note the body as kept: a revision with its files, one line of the audit log, one change of the office feed."""
    record, raw, digest, _, assessor_id = push.checked
    received_at = push.received_at
    batch.revisions.append(
        NewRevision(
            assessment_id=record.id,
            revision=record.revision,
            digest=digest,
            conflict=conflict,
            assignment_id=record.assignment_id,
            assessor_id=assessor_id,
            device_id=push.device_id,
            received_at=received_at,
            device_time=push.device_time,
            device_monotonic=push.device_monotonic,
            clock_offset_ms=push.clock_offset_ms,
            status=record.status.value,
            contact=record.contact.value,
            form=record.form,
            body=raw,
        )
    )
    for file in record.evidence:
        batch.links.append(
            NewLink(
                record.id,
                record.revision,
                digest,
                file.id,
                file.sha256,
                file.size_bytes,
                file.kind.value,
                file.content_type,
                file.question,
                file.prepared,
            )
        )
    batch.held.setdefault((record.id, record.revision), []).append(
        HeldRevision(record.id, record.revision, digest, conflict, record.status.value, received_at)
    )
    details = {"revision": record.revision, "digest": digest, "conflict": conflict}
    batch.audit.append(
        AuditRow(received_at, "device", push.device_id, "assessment-received", "assessment", record.id, details)
    )
    batch.changes.append(NewChange("office", "assessment", record.id, received_at))


def _attempts_changes(db: Connection, tried: Mapping[str, set[str]], now: datetime) -> Sequence[NewChange]:
    """Return what tells assessors of the tries of those who held their assignments before.

    Who holds one is looked up here: what a push was checked with may be some seconds older than a hand-over.
    """
    holders = assessors_of(db, tried)
    return [
        attempts_change(holders[ident], ident, tries_to_tell(db, ident, holders[ident]), now)
        for ident, authors in tried.items()
        if authors - {holders[ident]}
    ]


def _may_go_on(current: CurrentRow, push: Push) -> bool:
    record, _, _, known, assessor_id = push.checked
    return current.assignment_id == record.assignment_id and assessor_id in (current.assessor_id, known.assessor_id)


def _reply(batch: _Batch, push: Push, outcome: Outcome, received_at: datetime) -> Reply:
    record = push.checked.record
    missing = {file.sha256 for file in record.evidence} - batch.media
    current = batch.current.get(record.id)
    return Reply(
        outcome,
        record.revision,
        received_at,
        push.checked.digest,
        tuple(sorted(missing)),
        current.revision if current else record.revision,
    )
