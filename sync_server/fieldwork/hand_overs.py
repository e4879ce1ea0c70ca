"""What comes of a visit that went from phone to phone by itself, before the desk has decided about it.

HND-4  A record that names whom its visit was taken over from is kept as it came, though its assignment is another's:
       its phone is told that the desk has to confirm, and sends it again by itself. Repeating it changes nothing.
HND-5  Whoever never held the assignment cannot be named as the one it came from: such a record is refused, as ever.
HND-6  A refused one stays kept, and its phone is told; the desk may still confirm it.
HND-7  A draft that was handed on is noted, so that the desk knows of it from whichever phone syncs first.
"""

from __future__ import annotations

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Assessment
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.hand_overs import HandOverRow, add_hand_overs, state_of
from sync_server.database.queries.revisions import NewRevision
from sync_server.errors import RefusedError
from sync_server.fieldwork.assignments import AssignmentBook

ASK_AGAIN_S = 300


def claim_of(book: AssignmentBook, raw: bytes, came: HandOverRow) -> HandOverRow | None:
    """Return `came`, which knows the device's side, as a claim on another's assignment; None where it is none (HND-5).

    `raw` was read before: it is a record.
    """
    record, digest = wire.decode_with_digest(raw, Assessment)
    known = book.get(record.assignment_id) if record.taken_over else None
    if known is None or record.taken_over is None or record.taken_over.assessor not in known.holders:
        return None
    return came._replace(
        revision=record.revision,
        digest=digest,
        assignment_id=record.assignment_id,
        giver_id=record.taken_over.assessor,
        body=raw,
    )


def keep_claim(db: Connection, claim: HandOverRow) -> RefusedError:
    """Keep a claim and return what its phone is told (HND-4, HND-6)."""
    if state_of(db, claim.record_id) is None:
        details = {"assignment": claim.assignment_id, "revision": claim.revision, "digest": claim.digest}
        at, device, about = claim.received_at, claim.device_id, claim.record_id
        append_audit(db, [AuditRow(at, "device", device, "hand-over-received", "assessment", about, details)])
    add_hand_overs(db, [claim])
    if state_of(db, claim.record_id) == "refused":
        return RefusedError("transfer-refused")
    return RefusedError("transfer-pending", wait_s=ASK_AGAIN_S)


def given_row(row: NewRevision) -> HandOverRow:
    """Return the note of a draft that its assessor handed on (HND-7)."""
    return HandOverRow(
        row.assessment_id,
        row.revision,
        row.digest,
        row.assignment_id,
        row.assessor_id,
        None,
        row.device_id,
        row.device_time,
        row.device_monotonic,
        row.clock_offset_ms,
        row.received_at,
        b"",
    )
