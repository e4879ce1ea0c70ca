"""Who is told that an assignment is theirs, or no longer: its holder, earlier holders, and with which tries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Attempt
from checklists.record.assignment import Assignment
from sync_server.database.queries.assignments import holders_of, remember_holders
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.feed.phones import body_text, to_assessor
from sync_server.fieldwork.earlier_tries import tries_to_tell


def tell_assignment(db: Connection, assignment: Assignment, now: datetime) -> None:
    """Tell its assessor of an assignment, new or changed; whoever held it before is told that it was handed on.

    Records of earlier holders stay welcome, and the next one is told of the tries in them.
    """
    tell_assignments(db, [assignment], now)


def tell_assignments(
    db: Connection, assignments: Sequence[Assignment], now: datetime, *, taken_out: Collection[str] = ()
) -> None:
    """Do so for many. Those in `taken_out` are not kept any more, and nobody is noted as their holder."""
    held = holders_of(db, [assignment.id for assignment in assignments])
    kept = [assignment for assignment in assignments if assignment.id not in taken_out]
    remember_holders(db, [(assignment.id, assignment.assessor_id) for assignment in kept], now)
    append_changes(db, [change for each in assignments for change in _changes_of(db, each, held.get(each.id, ()), now)])


def _changes_of(db: Connection, assignment: Assignment, holders: Sequence[str], now: datetime) -> Iterator[NewChange]:
    earlier = [holder for holder in holders if holder != assignment.assessor_id]
    tries = tries_to_tell(db, assignment.id, assignment.assessor_id) if earlier else ()
    yield to_assessor(assignment.assessor_id, "assignment", assignment.id, wire.encode(assignment).decode(), now)
    if tries:
        yield attempts_change(assignment.assessor_id, assignment.id, tries, now)
    for holder in earlier:
        yield to_assessor(holder, "revocation", assignment.id, body_text({"reason": "handed-on"}), now)


def attempts_change(assessor_id: str, assignment_id: str, attempts: Sequence[Attempt], now: datetime) -> NewChange:
    """Return the change that tells an assessor of others' attempts on the same assignment."""
    return to_assessor(assessor_id, "attempts", assignment_id, body_text({"attempts": attempts}), now)
