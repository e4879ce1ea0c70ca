"""A replacement for a visit that is void: a new assignment like the old one, through the checks of an import (E18).

RPL-1  It is the old row with a code of its own, from now until the old one's end or the round's, whichever comes later.
RPL-2  What an import refuses or remarks on is shown there; the void stands either way.
"""

from __future__ import annotations

from datetime import datetime

from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow
from sync_server.exchange import typed_rows
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.sheets import BY_FILE
from sync_server.exchange.typed_rows import Outcome, kept_row
from sync_server.season.rules import version_in_force

SHEET = BY_FILE["assignments.csv"]
CODE = "assignment"


def replace(database: Database, importing: Importing, assignment_id: str, now: datetime, audit: AuditRow) -> Outcome:
    """Write a replacement of an assignment that is there. Blocks.

    Raises:
        LookupError: there is no such assignment.
    """
    with database.reading() as db:
        old = kept_row(db, SHEET, [assignment_id])
        if old is None:
            raise LookupError(assignment_id)
        number = 1
        while kept_row(db, SHEET, [f"{assignment_id}-r{number}"]) is not None:
            number += 1
        today = now.astimezone(version_in_force(db).zone).date().isoformat()
    cells = {**old.cells, CODE: f"{assignment_id}-r{number}", "due_from": today, "withdrawn": "no"}
    if cells.get("due_until", "") < today:
        del cells["due_until"]  # the round's end
    return typed_rows.save(importing, SHEET, cells, by=audit.actor_id, before=None, audit=audit)
