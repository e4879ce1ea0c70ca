"""One planned visit given another assessor or another day by hand, through the checks of an import.

MOV-1  What a plan may not do, a hand may not do either: each hard rule that forbids it is named, and nothing is
       written. What a soft rule remarks on is previewed, and written once somebody confirms it.
MOV-2  Its days move together, and the times in them stay. A visit that was sent, or is withdrawn, is not moved.
MOV-3  A visit that somebody changed since the page was read is not moved (TYP-3).
MOV-4  Nor is one that can still be made moved to days that are over: nobody could make it then.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from checklists.days import day_words
from checklists.language import N_, SentenceError, sentence
from sync_server.database.engine import Database
from sync_server.database.queries.assignment_week import sent_of
from sync_server.database.queries.audit_log import AuditRow
from sync_server.exchange import typed_rows
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.sheets import BY_FILE
from sync_server.exchange.typed_rows import Cells, MovedError, Outcome, kept_row
from sync_server.season.rules import version_in_force

SHEET = BY_FILE["assignments.csv"]
FROM, UNTIL = "due_from", "due_until"


class Move(NamedTuple):
    """What somebody wishes: the visit, who makes it and on which day; `was` is who had it on the page, and when."""

    visit: str
    assessor: str
    day: date
    was: tuple[str, str]


class NotMovableError(SentenceError):
    """The visit is not there to be moved."""


def move(database: Database, importing: Importing, wished: Move, audit: AuditRow) -> Outcome:
    """Write the move, have it previewed, or say what forbids it. Blocks.

    Raises:
        NotMovableError: there is no such visit, it was sent, it is withdrawn, or its new days are over.
        MovedError: it is no longer where the page showed it.
    """
    with database.reading() as db:
        old = kept_row(db, SHEET, [wished.visit])
        is_sent = sent_of(db, wished.visit)
        today = audit.at.astimezone(version_in_force(db).zone).date().isoformat()
    if old is None or is_sent or old.cells.get("withdrawn") == "yes":
        raise NotMovableError(sentence(N_("Only a visit that is still to do can be moved.")))
    if (old.cells["assessor"], old.cells[FROM][:10]) != wished.was:
        raise MovedError
    cells = {**old.cells, "assessor": wished.assessor, **_on(old.cells, wished.day)}
    if _until(cells) < today <= _until(old.cells):
        raise NotMovableError(
            sentence(N_("Its days would be over: choose {day} or a later day."), day=day_words(today))
        )
    return typed_rows.save(importing, SHEET, cells, by=audit.actor_id, before=old, audit=audit)


def _on(cells: Cells, day: date) -> Cells:
    by = day - date.fromisoformat(cells[FROM][:10])
    return {name: _later(cells[name], by) for name in (FROM, UNTIL) if name in cells}


def _until(cells: Cells) -> str:
    return cells.get(UNTIL, cells[FROM])[:10]


def _later(written: str, by: timedelta) -> str:
    """Return a day, or a day with its time, `by` so many days later."""
    moved = datetime.fromisoformat(written[:10]) + by
    return f"{moved:%Y-%m-%d}{written[10:]}"
