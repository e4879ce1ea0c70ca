"""The tries at an assignment by others who held it: those of drafts that were never finished, and count nowhere else.

TRY-1  Six tries are six tries, whoever made them: a contact is judged by the log of all who held the assignment.
TRY-2  A finished or void record speaks for itself; its tries are not counted again in another's.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from checklists import wire
from checklists.assessment import Assessment, Attempt
from sync_server.queries.revisions import drafts_of_others


def earlier_tries(db: Connection, assignment_id: str, assessor_id: str, *, but_for: str = "") -> tuple[Attempt, ...]:
    """Return the tries of everybody but `assessor_id`, oldest first. `but_for`: an assessment to leave out."""
    drafts = drafts_of_others(db, assignment_id, assessor_id)
    return in_order(
        attempt for ident, body in drafts if ident != but_for for attempt in wire.decode(body, Assessment).attempts
    )


def in_order(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Return `attempts`, oldest first."""
    return tuple(sorted(attempts, key=lambda attempt: attempt.at))
