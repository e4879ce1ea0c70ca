"""Takes one revision of an assessment, many at a time, so that sending again is always harmless.

INT-1  Same id, revision and content: the first reply again; nothing changes.
INT-2  Same id and revision, other content: both are kept, the second marked as a conflict for the coordinator; 409.
INT-3  A revision below the current one is kept if it is new, and answered as known; what is current stays.
INT-4  One author: an id that belongs to another assignment, or to an assessor who is not of this one, is a conflict.
INT-5  Every kept body makes exactly one change of the office feed. What became current gets its base in that commit.
INT-6  A record may name files that are not here yet; the reply lists them.
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
from sync_server.database.queries import jobs
from sync_server.database.queries.assignments import assessors_of
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.devices import SeenDevice, note_pushes
from sync_server.database.queries.grades import BaseRow, append_bases
from sync_server.database.queries.hand_overs import add_hand_overs
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
from sync_server.fieldwork.earlier_tries import tries_to_tell
from sync_server.fieldwork.hand_overs import given_row
from sync_server.fieldwork.handing_out import attempts_change
from sync_server.fieldwork.push import Push
from sync_server.jobs.wishes import standing_job
from sync_server.season.rules import VersionsInForce, versions_in_force


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

    def __init__(self) -> None:
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
        now = pushes[-1].row.received_at
        append_revisions(db, batch.revisions)
        append_links(db, batch.links)
        project(db, list(batch.projections.values()))
        count_conflict(db, batch.conflicts)
        append_bases(db, batch.bases)
        append_changes(db, [*batch.changes, *_attempts_changes(db, batch.tried, now)])
        append_audit(db, batch.audit)
        add_hand_overs(db, [given_row(push.row) for push in pushes if push.is_given])
        jobs.ask_for(db, batch.standings, now)
        rows = [push.row for push in pushes]
        note_pushes(db, [SeenDevice(row.device_id, row.received_at, row.clock_offset_ms) for row in rows])
        return replies

    def _before(self, db: Connection, pushes: Sequence[Push]) -> _Batch:
        current = current_of(db, {push.row.assessment_id for push in pushes})
        held: dict[tuple[str, int], list[HeldRevision]] = {}
        for row in held_revisions_of(db, current.keys()):
            held.setdefault((row.assessment_id, row.revision), []).append(row)
        named = frozenset[str]().union(*(push.named for push in pushes))
        return _Batch(db, current, held, media=held_among(db, named), rules=versions_in_force(db))

    def _take(self, batch: _Batch, push: Push) -> Reply:
        row = push.row
        current = batch.current.get(row.assessment_id)
        is_older = current is not None and row.revision < current.revision
        same_number = batch.held.get((row.assessment_id, row.revision), ())
        for held in same_number:
            if held.digest == row.digest:
                outcome = Outcome.CONFLICT if held.conflict else Outcome.KNOWN if is_older else Outcome.REPEATED
                return _reply(batch, push, outcome, held.received_at)
        if same_number or (current and not _may_go_on(current, push)):
            _append(batch, push, row._replace(conflict=True))
            batch.conflicts.append(row.assessment_id)
            return _reply(batch, push, Outcome.CONFLICT, row.received_at)
        _append(batch, push, row)
        if is_older:
            return _reply(batch, push, Outcome.KNOWN, row.received_at)
        _make_current(batch, push, current)
        return _reply(batch, push, Outcome.KEPT, row.received_at)


def _make_current(batch: _Batch, push: Push, before: CurrentRow | None) -> None:
    """Note the record as current, and what that sets going: its base, the entry's standing, others' attempts."""
    row, place = push.row, push.place
    rules = batch.rules.of_round(place.round)
    base = push.bases.under(rules)
    is_void = before is not None and before.status == RecordStatus.VOID.value
    status = RecordStatus.VOID.value if is_void else row.status
    first_received_at = before.first_received_at if before else row.received_at
    batch.projections[row.assessment_id] = Projection(
        id=row.assessment_id,
        assignment_id=row.assignment_id,
        entrant_id=place.entrant_id,
        channel=place.channel,
        round=place.round,
        assessor_id=row.assessor_id,
        device_id=row.device_id,
        revision=row.revision,
        digest=row.digest,
        form=row.form,
        status=status,
        contact=row.contact,
        base=base.exact,
        base_shown=base.shown,
        base_millionths=base.millionths,
        files_named=len(push.named),
        files_held=len(push.named & batch.media),
        clock_wrong=push.clock_wrong,
        started_at=push.started_at,
        finished_at=push.finished_at,
        first_received_at=first_received_at,
        received_at=row.received_at,
    )
    batch.current[row.assessment_id] = CurrentRow(
        row.assessment_id, row.assignment_id, row.assessor_id, row.revision, row.digest, status, first_received_at
    )
    if row.status == RecordStatus.FINISHED.value:
        batch.bases.append(
            BaseRow(
                assessment_id=row.assessment_id,
                revision=row.revision,
                digest=row.digest,
                form=row.form,
                ruleset_digest=rules.digest if rules.is_set_up else "",
                base=base.exact,
                why_no_base=base.why_not,
                graded_at=row.received_at,
            )
        )
    batch.standings.add(standing_job(place.entrant_id, place.channel))
    if push.has_tries:
        batch.tried.setdefault(row.assignment_id, set()).add(row.assessor_id)


def _append(batch: _Batch, push: Push, row: NewRevision) -> None:
    """Note the body as kept: a revision with its files, one line of the audit log, one change of the office feed."""
    batch.revisions.append(row)
    batch.links.extend(push.links)
    batch.held.setdefault((row.assessment_id, row.revision), []).append(
        HeldRevision(row.assessment_id, row.revision, row.digest, row.conflict, row.status, row.received_at)
    )
    details = {"revision": row.revision, "digest": row.digest, "conflict": row.conflict}
    at, device_id = row.received_at, row.device_id
    batch.audit.append(
        AuditRow(at, "device", device_id, "assessment-received", "assessment", row.assessment_id, details)
    )
    batch.changes.append(NewChange("office", "assessment", row.assessment_id, at))


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
    row = push.row
    return current.assignment_id == row.assignment_id and row.assessor_id in (
        current.assessor_id,
        push.place.holder_id,
    )


def _reply(batch: _Batch, push: Push, outcome: Outcome, received_at: datetime) -> Reply:
    row = push.row
    current = batch.current.get(row.assessment_id)
    return Reply(
        outcome,
        row.revision,
        received_at,
        row.digest,
        tuple(sorted(push.named - batch.media)),
        current.revision if current else row.revision,
    )
