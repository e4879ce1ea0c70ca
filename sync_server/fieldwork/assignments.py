"""Assignments as intake needs them at every push, remembered for a moment: who may send for one, and what it says.

A change of an assignment is seen everywhere after at most STALE_S seconds. Earlier holders stay allowed, and whoever
does not seem to hold it is looked up again, so nothing that matters is decided by those seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assignment import Assignment
from sync_server.clock import monotonic_s
from sync_server.database.engine import Database
from sync_server.database.queries.assignments import AssignmentRow, assignment_by_id, holders_of

STALE_S = 2.0
MOST = 5_000


@dataclass(frozen=True, slots=True)
class KnownAssignment:
    """One assignment with everyone who holds or held it."""

    row: AssignmentRow
    assignment: Assignment
    holders: frozenset[str]


class AssignmentBook:
    """Assignments by id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[float, KnownAssignment | None]] = {}

    def held_by(self, assignment_id: str, assessor_id: str) -> KnownAssignment | None:
        """Return one assignment if the assessor holds or held it, else None."""
        known = self.get(assignment_id)
        if known is None or assessor_id not in known.holders:
            self._known.pop(assignment_id, None)
            known = self.get(assignment_id)
        return known if known is not None and assessor_id in known.holders else None

    def get(self, assignment_id: str) -> KnownAssignment | None:
        """Return one assignment, or None when there is no such one."""
        now = monotonic_s()
        held = self._known.get(assignment_id)
        if held is not None and now - held[0] < STALE_S:
            return held[1]
        if len(self._known) >= MOST:
            self._known.clear()
        with self._database.reading() as db:
            found = _read(db, assignment_id)
        self._known[assignment_id] = now, found
        return found


def _read(db: Connection, assignment_id: str) -> KnownAssignment | None:
    row = assignment_by_id(db, assignment_id)
    if row is None:
        return None
    holders = frozenset(holders_of(db, assignment_id)) | {row.assessor_id}
    return KnownAssignment(row, wire.decode(row.body, Assignment), holders)
