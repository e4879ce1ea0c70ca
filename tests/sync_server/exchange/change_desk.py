"""Imports of a server, previewed, written and taken back, with a clock that moves on by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.engine import Database
from sync_server.database.queries import change_sets as queries
from sync_server.database.queries.audit_log import AuditRow
from sync_server.database.queries.change_sets import SetRow
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.database.queries.season import KEYS, rows_of
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.importing import Importing
from tests.sync_server.season_files import changed, example_season

NOW = datetime(2021, 3, 10, 2, 0, tzinfo=UTC)
Files = Mapping[str, bytes]
# The examples with another contact point.
CONTACT = {
    "contact_points.csv": changed(example_season(), "contact_points.csv", value="2000 0002")["contact_points.csv"]
}


class Desk(NamedTuple):
    """A server's imports and its clock."""

    database: Database
    importing: Importing
    now: list[datetime]

    def preview(self, files: Files) -> SetRow:
        set_id = self.importing.begin("may")
        self.importing.preview(set_id, Gathered(files=files))
        row = self.importing.row(set_id)
        assert row is not None
        return row

    def write(self, files: Files) -> SetRow:
        row = self.preview(files)
        self.importing.confirm(row.id, audit(row.id))
        self.importing.finish(row.id)
        self.now[0] += timedelta(minutes=1)
        return row

    def undo(self, row: SetRow) -> str:
        self.now[0] += timedelta(minutes=1)
        undo_id = self.importing.undo(row.id, "may", audit(row.id))
        self.importing.finish(undo_id)
        return undo_id

    def rows(self, name: str) -> list[dict[str, Any]]:
        with self.database.reading() as db:
            return list(rows_of(db, name))

    def season(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self.rows(name) for name in KEYS}

    def told(self, assessor: str = "A-07") -> list[Assignment]:
        with self.database.reading() as db:
            changes = changes_for_assessor(db, assessor, 0, 1000)
        return [decode(each.body, Assignment) for each in changes if each.kind == "assignment"]

    def changes(self, set_id: str) -> list[tuple[str, str, str]]:
        with self.database.reading() as db:
            return [(each.subject, each.key, each.verb) for each in queries.changes_of(db, set_id)]


def audit(set_id: str) -> AuditRow:
    return AuditRow(NOW, "user", "may", "season-imported", "import", set_id)


def desk_of(database: Database) -> Desk:
    now = [NOW]

    def write(work: Callable[[Any], Any]) -> Any:
        with database.transaction() as db:
            return work(db)

    return Desk(database, Importing(database, write, lambda: now[0]), now)
