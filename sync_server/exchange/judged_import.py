"""Rows that come with a decision: checked like an import, written with the decision in one transaction, or not at all.

JIM-1  The decision, the rows and the entry in the audit log are written together, or nothing is; what an import would
       refuse, refuses the decision, and says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.exchange import season_changes
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.importing import Importing, Write
from sync_server.exchange.csv.report import Report


class RefusedRowsError(SentenceError):
    """The season refuses the rows; `report` says why, as that of an import."""

    def __init__(self, report: Report) -> None:
        super().__init__(sentence(N_("Nothing was written: the season refuses these rows.")))
        self.report = report


def import_with(
    importing: Importing,
    write: Write,
    files: Mapping[str, bytes],
    decide: Callable[[Connection, str], None],
    *,
    by: str,
    now: datetime,
) -> str:
    """Write `files` and what `decide` does, which is given the id of their set; return that id (JIM-1).

    Raises:
        RefusedRowsError: the season refuses the rows.
        SeasonMovedError: the season changed in between; try again.
    """
    set_id = importing.begin(by, "page")
    importing.preview(set_id, Gathered(files=files))
    row = importing.row(set_id)
    if row is None or row.state != "previewed":
        raise RefusedRowsError(msgspec.convert(row.report if row else {}, Report))

    def both(db: Connection) -> None:
        decide(db, set_id)
        season_changes.switch(db, set_id, now)

    write(both)
    importing.finish(set_id)
    return set_id
