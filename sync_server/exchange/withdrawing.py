"""Taking a row of the season out on a page, and a scenario's approval: each one change, kept with what was there.

APR-1  A scenario is approved by two different accounts, each once; not while it names a red line of the programme.
       What a file said of the same person gives way to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.plan.red_lines import red_lines_in
from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.queries import resting, season
from sync_server.database.queries.season_pages import row_of_key
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.season_changes import change, withdraw, write_at_once
from sync_server.exchange.typed_rows import red_lines_sentence, table_key_of
from sync_server.season.approval import NAMES_OF_APPROVAL, Approver, approvers, signed, with_signature
from sync_server.season.rules import version_in_force

# Sheet -> the column that withdraws a row of it, and what is typed there; "today" is the season's day.
BY_COLUMN: Mapping[str, tuple[str, str]] = {
    "entries": ("withdrawn", "yes"),
    "suspensions": ("withdrawn", "yes"),
    "assignments": ("withdrawn", "yes"),
    "assessors": ("left_on", "today"),
    "conflicts": ("until", "today"),
}


class StaysError(SentenceError):
    """Something names the row: it cannot be taken out."""


def take_out(db: Connection, sheet: Sheet, key: Sequence[str], *, by: str, now: datetime) -> str:
    """Take a row out and return the set it is in. Inside a write transaction.

    Raises:
        StaysError: something rests on it.
        LookupError: there is no such row.
    """
    if sheet.name == "history":
        return _forget_year(db, key, by=by, now=now)
    named = table_key_of(sheet, key)
    row = row_of_key(db, sheet.name, named) if named else None
    if row is None:
        raise LookupError(sheet.name)
    _refuse_what_rests(db, sheet, named, row)
    return write_at_once(db, [withdraw(sheet.name, row, now)], kind="page", by=by, now=now, report={"staged": 1})


def approve(db: Connection, scenario_id: str, who: Approver, *, by: str, now: datetime) -> str:
    """Add one person's approval to a scenario and return the set it is in. Inside a write transaction.

    Raises:
        StaysError: that person approved it, two have, or it names a red line.
        LookupError: there is no such scenario.
    """
    row = row_of_key(db, "scenarios", (scenario_id,))
    if row is None:
        raise LookupError(scenario_id)
    accounts = approvers(db)
    given = signed(row["approved_by"], accounts)
    if who.signature in given:
        raise StaysError(sentence(N_("You have approved this scenario. The second approval is another person's.")))
    if len(given) >= NAMES_OF_APPROVAL:
        raise StaysError(sentence(N_("Two people have approved this scenario already.")))
    texts = [*row["title"].values(), *row["briefing"].values()]
    words = red_lines_in(texts, version_in_force(db).programme.red_lines.words)
    if words:
        raise StaysError(red_lines_sentence(words))
    after = {**row, "approved_by": with_signature(row["approved_by"], who, accounts)}
    return write_at_once(db, [change("scenarios", row, after)], kind="page", by=by, now=now, report={"staged": 1})


def _forget_year(db: Connection, key: Sequence[str], *, by: str, now: datetime) -> str:
    entrant, channel, year = key
    row = row_of_key(db, "entries", (entrant, channel))
    if row is None:
        raise LookupError(entrant)
    after = {**row, "history": [past for past in row["history"] if str(past["year"]) != year]}
    return write_at_once(db, [change("entries", row, after)], kind="page", by=by, now=now, report={"staged": 1})


def _refuse_what_rests(db: Connection, sheet: Sheet, named: tuple[object, ...], row: Mapping[str, object]) -> None:
    for each in resting.references(db):
        if (each.names, each.named) == (sheet.name, named):
            raise StaysError(sentence(N_("It stays: {other} names it."), other=_shown(each.subject, each.key)))
    if (sheet.name, named) in set(resting.rests_on(db)):
        raise StaysError(sentence(N_("It stays: a phone, an account, a release or a decision rests on it.")))
    for body in _bodies(db, sheet, row):
        shown = (
            any((faq.version, faq.question) == (row["version"], row["question"]) for faq in body.filed_faqs)
            if sheet.name == "faqs"
            else any(point.value == row["value"] for point in body.contact_points)
        )
        if shown:
            raise StaysError(sentence(N_("It stays: {other} names it."), other=_shown("assignments", (body.id,))))


def _bodies(db: Connection, sheet: Sheet, row: Mapping[str, object]) -> list[Assignment]:
    """Return the assignments that may show a FAQ or a contact point."""
    if sheet.name not in ("faqs", "contact_points"):
        return []
    rows = season.rows_of(db, "assignments")
    return [decode(each["body"], Assignment) for each in rows if each["entrant_id"] == row["entrant_id"]]


def _shown(subject: str, key: tuple[object, ...]) -> str:
    return f"{subject} {' / '.join(map(str, key))}"
