"""One row typed on a page: an import of one row, through the same checks, the same switch and the same history.

TYP-1  A typed row is a file of one row: what an import refuses, a page refuses, at the field it is about.
TYP-2  What concerns that row alone is written at once; what reaches others (assignments, phones) is previewed first.
TYP-3  A form carries the row it was made from. If that has moved, nothing is written, and the words stay.
TYP-4  A new row takes nobody's place: a code that is taken is refused.
TYP-5  A record that knows being withdrawn is withdrawn by its column. Any other is taken out while nothing names it.
TYP-6  A scenario's approvals are those of the words they were given for: other words need new ones (E13).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import AuditRow
from sync_server.database.queries.season_pages import Key, count_rows, page_of_rows, row_of_key
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.overlay import unfold
from sync_server.exchange.csv.report import Report
from sync_server.exchange.csv.row_cells import cells_of
from sync_server.exchange.csv.sheets import as_csv
from sync_server.season.rules import release_moments, version_in_force

PAGE = 50
Cells = Mapping[str, str]
APPROVALS = "approved_by"


class KeptRow(NamedTuple):
    """A row as its sheet writes it: its key in the sheet's words, and every filled cell."""

    key: tuple[str, ...]
    cells: Cells

    @property
    def state(self) -> str:
        """What a form carries to say which row it was made from (TYP-3)."""
        return hashlib.sha256(msgspec.json.encode(sorted(self.cells.items()))).hexdigest()[:16]


class MovedError(SentenceError):
    """The row is no longer the one the form was made from (TYP-3)."""

    def __init__(self) -> None:
        super().__init__(
            sentence(N_("Somebody changed this row after you opened it. Nothing was written; what you typed is here."))
        )


class TakenError(SentenceError):
    """A new row has the code of one that is there (TYP-4)."""

    def __init__(self) -> None:
        super().__init__(sentence(N_("There is such a row already. Use another code, or edit that row.")))


class Outcome(NamedTuple):
    """What became of a typed row: the set it is in, and whether it was written, refused (see `report`), or neither."""

    set_id: str
    state: str  # "written", "refused", "same", "previewed"
    report: Report
    key: tuple[str, ...]


def rows_listed(db: Connection, sheet: Sheet, search: str, start: int) -> tuple[Sequence[KeptRow], int]:
    """Return a page of the rows of a sheet, and how many there are in all."""
    if sheet.name == "history":
        every = [row for row in _history(db, sheet) if search.lower() in " ".join(row.cells.values()).lower()]
        return every[start : start + PAGE], len(every)
    rows = page_of_rows(db, sheet.name, search, start=start, limit=PAGE)
    return [_kept(db, sheet, row) for row in rows], count_rows(db, sheet.name, search)


def kept_row(db: Connection, sheet: Sheet, key: Sequence[str]) -> KeptRow | None:
    """Return one row by its key in the sheet's words, or None."""
    if sheet.name == "history":
        return next((row for row in _history(db, sheet) if row.key == tuple(key)), None)
    table_key = _typed_key(sheet, key)
    row = None if table_key is None else row_of_key(db, sheet.name, table_key)
    return None if row is None else _kept(db, sheet, row)


def table_key_of(sheet: Sheet, key: Sequence[str]) -> Key:
    """Return the key of a kept row as its table has it."""
    return _typed_key(sheet, key) or ()


def save(
    importing: Importing, sheet: Sheet, typed: Cells, *, by: str, before: KeptRow | None, audit: AuditRow
) -> Outcome:
    """Check a typed row, and write it or leave it to be confirmed (TYP-1, TYP-2). Blocks."""
    cells = {name: text for name, text in typed.items() if text.strip()}
    if sheet.name == "scenarios":
        cells |= _approvals(cells, before)
    set_id = importing.begin(by, "page")
    importing.preview(set_id, Gathered(files={sheet.file: as_csv(sheet, [cells])}))
    row = importing.row(set_id)
    report = msgspec.convert(row.report if row else {}, Report)
    key = tuple(cells.get(column, "1").strip() for column in sheet.key)
    if row is None or row.state != "previewed":
        return Outcome(set_id, "refused", report, key)
    if not report.staged:
        return Outcome(set_id, "same", report, key)
    if report.staged > 1 or report.remarks:
        return Outcome(set_id, "previewed", report, key)
    importing.confirm(set_id, audit._replace(subject_id=set_id))
    importing.finish(set_id)
    return Outcome(set_id, "written", report, key)


def _approvals(cells: Cells, before: KeptRow | None) -> Cells:
    """Return the approvals that stay: all of them where the words are as they were."""
    if before is None:
        return {APPROVALS: ""}
    old = {name: text.strip() for name, text in before.cells.items() if name != APPROVALS}
    new = {name: text.strip().replace("\r\n", "\n") for name, text in cells.items() if name != APPROVALS}
    return {APPROVALS: before.cells.get(APPROVALS, "") if old == new else ""}


def _kept(db: Connection, sheet: Sheet, row: dict[str, Any]) -> KeptRow:
    if sheet.name == "rounds":
        row["released_at"] = release_moments(db).get(row["number"])
    if sheet.name == "assignments":
        row = unfold(row)
    cells = cells_of(sheet.name, row, version_in_force(db).zone)
    return KeptRow(tuple(cells[column] for column in sheet.key), cells)


def _history(db: Connection, sheet: Sheet) -> list[KeptRow]:
    zone = version_in_force(db).zone
    rows = [
        cells_of("history", {**past, "entrant": entry["entrant_id"], "channel": entry["channel"]}, zone)
        for entry in season.rows_of(db, "entries")
        for past in entry["history"]
    ]
    return [KeptRow(tuple(cells[column] for column in sheet.key), cells) for cells in rows]


def _typed_key(sheet: Sheet, key: Sequence[str]) -> Key | None:
    """Return a key in the sheet's words as its table types it; None where it can be no key."""
    table, columns = season.KEYS[sheet.name]
    if len(key) != len(columns):
        return None
    typed: list[object] = []
    for column, text in zip(columns, key, strict=True):
        is_number = table.c[column].type.python_type is int
        if is_number and not (text.isascii() and text.isdigit() and len(text) < 10):
            return None
        typed.append(int(text) if is_number else text)
    return tuple(typed)


def red_lines_sentence(words: Sequence[str]) -> Sentence:
    """Say which red lines a scenario names (E13)."""
    return sentence(N_("The scenario names what no scenario may play: {words}. Change it first."), words=tuple(words))
