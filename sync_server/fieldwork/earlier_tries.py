"""The tries at an assignment by others who held it.

TRY-1  Six tries are six tries, whoever made them: a contact is judged by the log of all who held the assignment.
TRY-2  A finished or void record speaks for itself; its tries are not counted again in another's. A draft that nobody
       finishes counts nowhere else, so its tries go on in the record that was finished.
TRY-3  A phone is told of the tries in every record of others, finished or not.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Assessment, Attempt
from checklists.record.attempts import in_order
from sync_server.database.queries.revisions import bodies_of_others


def tries_to_count(db: Connection, assignment_id: str, assessor_id: str) -> tuple[Attempt, ...]:
    """Return the tries that count in a record of `assessor_id` beside its own, oldest first (TRY-2)."""
    bodies = bodies_of_others(db, assignment_id, assessor_id)
    return _tries(body for status, body in bodies if status == "draft")


def tries_to_tell(db: Connection, assignment_id: str, assessor_id: str) -> tuple[Attempt, ...]:
    """Return the tries a phone of `assessor_id` is told of (TRY-3), oldest first."""
    return _tries(body for _, body in bodies_of_others(db, assignment_id, assessor_id))


def _tries(bodies: Iterable[bytes]) -> tuple[Attempt, ...]:
    tries = (attempt for body in bodies for attempt in wire.decode(body, Assessment).attempts)
    return in_order(attempt for attempt in tries if attempt.taken_back_at is None)
