"""One checked record as the rows it becomes, with what its device said beside it.

INT-7  The clock of a device is noted, never believed: its offset beyond CLOCK_TOLERANCE_S, or a move of it while the
       contact was made, or times that cannot be right together, is a flag, and costs nothing. Times are kept
       corrected.

The rows are made where the record was read. The writer's thread, on another processor, would wait for each part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from checklists.record.assessment import Evidence
from checklists.record.clock_moves import has_moved, is_out_of_time
from sync_server.database.queries.revisions import NewLink, NewRevision
from sync_server.fieldwork.base_scores import Bases
from sync_server.fieldwork.record_check import Checked

CLOCK_TOLERANCE_S = 120


class Arrival(NamedTuple):
    """What came with a record: its address, who sent it with what, and when. The offset is None where none was said."""

    assessment_id: str
    assessor_id: str
    device_id: str
    received_at: datetime
    device_time: str = ""
    device_monotonic: str = ""
    clock_offset_ms: int | None = None


class Place(NamedTuple):
    """Where in the season a record belongs, as the row of its assignment says."""

    entrant_id: str
    channel: str
    round: int
    holder_id: str  # the assessor who holds the assignment now


class Push(NamedTuple):
    """One checked record on its way to the database. `row` and `links` are those of the first of its number."""

    row: NewRevision
    links: Sequence[NewLink]
    place: Place
    bases: Bases
    named: frozenset[str]  # files, by their hashes
    has_tries: bool
    is_given: bool  # its assessor handed it on, for somebody else to go on with
    clock_wrong: bool
    started_at: datetime
    finished_at: datetime | None


def push_of(checked: Checked, arrival: Arrival, *, body: bytes | None = None) -> Push:
    """Return `checked` as it is kept; with another `body` where the one that came is put there later (`with_body`)."""
    record, known, received_at = checked.record, checked.known, arrival.received_at
    row = NewRevision(
        assessment_id=record.id,
        revision=record.revision,
        digest=checked.digest,
        conflict=False,
        assignment_id=record.assignment_id,
        assessor_id=arrival.assessor_id,
        device_id=arrival.device_id,
        received_at=received_at,
        device_time=arrival.device_time,
        device_monotonic=arrival.device_monotonic,
        clock_offset_ms=arrival.clock_offset_ms,
        status=record.status.value,
        contact=record.contact.value,
        form=record.form,
        body=checked.raw if body is None else body,
    )
    return Push(
        row,
        [_link(row, file) for file in record.evidence],
        Place(known.entrant_id, known.channel, known.round, known.assessor_id),
        checked.bases,
        named=frozenset([file.sha256 for file in record.evidence]),
        has_tries=bool(record.attempts),
        is_given=record.is_given,
        clock_wrong=is_clock_wrong(arrival.clock_offset_ms) or has_moved(record) or is_out_of_time(record, received_at),
        started_at=record.start.corrected,
        finished_at=record.end.corrected if record.end else None,
    )


def with_body(push: Push, body: bytes) -> Push:
    """Return `push` with the body of its row."""
    # By place: what names a field costs four times as much, and this is done on the event loop.
    return Push(NewRevision(*push.row[:-1], body), *push[1:])


def is_clock_wrong(offset_ms: int | None) -> bool:
    """Say whether a device's clock is too far off to go unmentioned (INT-7)."""
    return offset_ms is not None and abs(offset_ms) > CLOCK_TOLERANCE_S * 1000


def _link(row: NewRevision, file: Evidence) -> NewLink:
    return NewLink(
        row.assessment_id,
        row.revision,
        row.digest,
        file.id,
        file.sha256,
        file.size_bytes,
        file.kind.value,
        file.content_type,
        file.question,
        file.prepared,
    )
