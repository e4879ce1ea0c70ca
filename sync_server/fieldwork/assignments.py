"""Assignments as intake needs them at every push, remembered for a moment: who may send for one, and what it says.

A change of an assignment, or of the zone in the rules, is seen everywhere after at most STALE_S seconds. Earlier
holders stay allowed, and an assessor who does not seem to hold it is looked up again, so nothing that matters is
decided by those seconds.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assignment import Assignment
from checklists.record.derived import Circumstances, circumstances
from sync_server.clock import monotonic_s
from sync_server.database.engine import Database
from sync_server.database.queries.assignments import assignment_and_holders
from sync_server.season.rules import version_in_force

STALE_S = 2.0
MOST = 5_000


class KnownAssignment(NamedTuple):
    """One assignment with everyone who holds or held it, and what its quantities are measured by.

    `assessor_id`, `entrant_id`, `channel` and `round` are the row's: what an import moved counts at once.
    """

    id: str
    assessor_id: str
    entrant_id: str
    channel: str
    round: int
    assignment: Assignment
    holders: frozenset[str]
    circumstances: Circumstances


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
        entry = self._known.get(assignment_id)
        if entry is not None and now - entry[0] < STALE_S:
            return entry[1]
        if len(self._known) >= MOST:
            self._known.clear()
        with self._database.reading() as db:
            known = self._read(db, assignment_id)
        self._known[assignment_id] = now, known
        return known

    def _read(self, db: Connection, assignment_id: str) -> KnownAssignment | None:
        row = assignment_and_holders(db, assignment_id)
        if row is None:
            return None
        assignment = wire.decode(row.body, Assignment)
        where = circumstances(assignment, version_in_force(db).zone.key)
        return KnownAssignment(
            assignment_id, row.assessor_id, row.entrant_id, row.channel, row.round, assignment, row.holders, where
        )
