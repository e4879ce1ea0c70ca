"""Who is told that an assignment is theirs, or no longer: its holder, earlier holders, and with which tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Attempt
from checklists.record.assignment import Assignment
from sync_server.database.queries.assignments import holders_of, remember_holder
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.feed.phones import body_text, to_assessor
from sync_server.fieldwork.earlier_tries import tries_to_tell


def tell_assignment(db: Connection, assignment: Assignment, now: datetime, *, is_kept: bool = True) -> None:
    """Tell its assessor of an assignment, new or changed; whoever held it before is told that it was handed on.

    Records of earlier holders stay welcome, and the next one is told of the tries in them. With `is_kept` False the
    assignment was taken out, and nobody is noted as its holder.
    """
    earlier = [holder for holder in holders_of(db, assignment.id) if holder != assignment.assessor_id]
    if is_kept:
        remember_holder(db, assignment.id, assignment.assessor_id, now)
    tries = tries_to_tell(db, assignment.id, assignment.assessor_id) if earlier else ()
    append_changes(
        db,
        [
            to_assessor(assignment.assessor_id, "assignment", assignment.id, wire.encode(assignment).decode(), now),
            *([attempts_change(assignment.assessor_id, assignment.id, tries, now)] if tries else ()),
            *(
                to_assessor(holder, "revocation", assignment.id, body_text({"reason": "handed-on"}), now)
                for holder in earlier
            ),
        ],
    )


def attempts_change(assessor_id: str, assignment_id: str, attempts: Sequence[Attempt], now: datetime) -> NewChange:
    """Return the change that tells an assessor of others' attempts on the same assignment."""
    return to_assessor(assessor_id, "attempts", assignment_id, body_text({"attempts": attempts}), now)
