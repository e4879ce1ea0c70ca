"""Published results become history of the next edition by themselves.

CAR-1  Once the results of an edition are released, and whenever they are corrected, the next edition of the root has
       them in its history: through an import of its own, which its history of imports names. Entries that it does not
       have are left out.
CAR-2  A repeat writes nothing. An edition that opens later finds what was released before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sync_server.database.engine import Database
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import AuditRow
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing, Write
from sync_server.exchange.csv.next_edition import released_history
from sync_server.exchange.csv.row_cells import Cells, cells_of
from sync_server.exchange.csv.sheets import BY_FILE, as_csv
from sync_server.season.rules import version_in_force

FILE = "history.csv"
BY = "editions"


def lacking(source: Database, target: Database) -> Sequence[Cells]:
    """Return the rows of the results of `source` that the history of `target` has not, or has otherwise."""
    with source.reading() as db:
        results = released_history(db)
    return _not_in(target, results) if results else ()


def carry(target: Database, write: Write, rows: Sequence[Cells], now: datetime) -> bool:
    """Bring `rows` into the history of `target`, whose writer `write` is; False: its import was refused, and says why.

    Call it off the event loop: it takes a while.
    """
    importing = Importing(target, write, lambda: now, rest=WHILE_SERVING)
    set_id = importing.begin(BY)
    checked = importing.preview(set_id, Gathered(files={FILE: as_csv(BY_FILE[FILE], list(rows))}))
    if checked.plan is None:
        return False
    details = {"files": [FILE], "changes": len(rows)}
    importing.confirm(set_id, AuditRow(now, "system", BY, "season-imported", "import", set_id, details))
    importing.finish(set_id)
    return True


def _not_in(target: Database, results: Sequence[Cells]) -> Sequence[Cells]:
    with target.reading() as db:
        zone = version_in_force(db).zone
        entries = {(row["entrant_id"], row["channel"]): row for row in season.rows_of(db, "entries")}
    kept = {
        key: [cells_of("history", {**one, "entrant": key[0], "channel": key[1]}, zone) for one in row["history"]]
        for key, row in entries.items()
    }
    return [
        cells for cells in results if (key := (cells["entrant"], cells["channel"])) in kept and cells not in kept[key]
    ]
