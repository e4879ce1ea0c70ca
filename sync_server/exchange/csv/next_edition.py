"""The files with which the next edition begins, in a data folder of its own: this one's records, without its days.

NXT-1  What goes along: organiser and contact, organisations (as ones that took part), entrants, entries, branches,
       contact points, scenarios, assessors who have not left, conflicts that go on. What does not: days, rounds,
       filings, FAQs, notices to staff, approvals, assignments. Each is of its year, and the check list asks for it.
NXT-2  Once its results are released, this edition is in the history that goes along; before, its past ones alone.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.database.queries import season
from sync_server.database.queries.releases import results_event
from sync_server.database.queries.standings import published_finals
from sync_server.exchange.csv.row_cells import Cells, cells_of
from sync_server.exchange.csv.sheets import BY_FILE, as_csv
from sync_server.season.edition import OWN_MILESTONES, current_edition
from sync_server.season.rules import version_in_force

_OF_ITS_YEAR: Mapping[str, tuple[str, ...]] = {
    "editions": OWN_MILESTONES,
    "entrants": ("staff_notice_on", "staff_notice_en", "staff_notice_zh"),
    "entries": ("faq_filing", "faq_filed_at", "closed_on"),
    "scenarios": ("approved_by",),
}
TABLES = (
    "editions", "organisations", "entrants", "entries", "history", "branches", "contact_points", "scenarios",
    "assessors", "conflicts",
)  # fmt: skip


class NoEditionError(SentenceError):
    """There is no edition from which another could follow."""

    def __init__(self) -> None:
        super().__init__(sentence(N_("There is no edition yet that another could follow.")))


def next_edition(db: Connection, now: datetime) -> Mapping[str, bytes]:
    """Return the files by name.

    Raises:
        NoEditionError: there is no edition.
    """
    edition = current_edition(db)
    if edition is None:
        raise NoEditionError
    files = {}
    for name in TABLES:
        sheet = BY_FILE[f"{name}.csv"]
        rows = list(_rows(db, name, edition.year, now))
        if rows:
            files[sheet.file] = as_csv(sheet, rows)
    return files


def released_history(db: Connection) -> Sequence[Cells]:
    """Return the rows of this edition's own results; none before they are released (NXT-2)."""
    edition = current_edition(db)
    if edition is None or results_event(db) is None:
        return ()
    return [cells for cells in _history(db, edition.year) if cells["year"] == str(edition.year)]


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """Return the files as one archive, which an import reads as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _rows(db: Connection, name: str, year: int, now: datetime) -> Iterable[Cells]:
    zone = version_in_force(db).zone
    if name == "history":
        yield from _history(db, year)
        return
    today = now.astimezone(zone).date().isoformat()
    for row in season.rows_of(db, name):
        cells = cells_of(name, row, zone)
        if name == "editions":
            if row["year"] != year:
                continue
            cells |= _renamed(cells, year)
        if name == "organisations":
            cells["took_part"] = "yes"
        has_ended = cells.get("withdrawn") == "yes" or "left_on" in cells or cells.get("until", today) < today
        if not has_ended:
            yield {column: text for column, text in cells.items() if column not in _OF_ITS_YEAR.get(name, ())}


def _renamed(cells: Cells, year: int) -> Cells:
    titles = {name: cells[name].replace(str(year), str(year + 1)) for name in ("title_en", "title_zh")}
    return {**titles, "year": str(year + 1)}


def _history(db: Connection, year: int) -> Iterable[Cells]:
    zone = version_in_force(db).zone
    industries = {row["id"]: row["industry"] for row in season.rows_of(db, "entrants")}
    finals = published_finals(db) if results_event(db) is not None else {}
    for entry in season.rows_of(db, "entries"):
        if entry["withdrawn"]:
            continue
        key = (entry["entrant_id"], entry["channel"])
        named = {"entrant": key[0], "channel": key[1]}
        past = [one for one in entry["history"] if one["year"] != year or key not in finals]
        for one in past:
            yield cells_of("history", {**one, **named}, zone)
        if key in finals:
            final, grade = finals[key]
            row = {**named, "year": year, "industry": industries[key[0]], "final": final, "grade": grade}
            yield cells_of("history", row, zone)
