"""The fields of the form in which a row of the season is typed: what each holds, offers, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import Text
from sync_server.database.queries import season
from sync_server.exchange.csv import cells
from sync_server.exchange.csv.columns import Column, Sheet
from sync_server.exchange.csv.sheets import sheets_of
from sync_server.exchange.typed_rows import rows_listed
from sync_server.pages.records import CHOICES, LONG, NAMES, language_of
from sync_server.routes.dashboard.record_cells import Names
from sync_server.season.rules import rules_in_force

Wrong = Sequence[tuple[str, Text]]  # column and message; column "": of the row as a whole


class Field(NamedTuple):
    """One field of the form: its column, what it holds, what may be chosen, and what is wrong with it."""

    column: Column
    value: str
    choices: Sequence[tuple[str, Text]]
    kind: str
    codes: str
    is_long: bool
    is_fixed: bool
    language: str
    problems: Sequence[Text]


def fields_of_row(
    db: Connection, sheet: Sheet, values: Mapping[str, str], wrong: Wrong, *, is_kept: bool
) -> Sequence[Field]:
    """Return the fields in the order of the sheet. The key of a row that is kept stays; approvals are not typed."""
    return [
        _field(db, column, values.get(column.name, ""), wrong, is_fixed=is_kept and column.name in sheet.key)
        for column in sheet.columns
        if column.name != "approved_by"
    ]


def kind_of(column: Column) -> str:
    """Return the kind under which what a column may hold has its labels."""
    return CHOICES.get(column.name, "yes-no" if column.read is cells.yes_no else column.name)


def names_of(db: Connection) -> Names:
    """Return what those are called whom the codes of lists name: few tables, each short."""
    named = {table: season.rows_of(db, table) for table in ("organisations", "entrants", "assessors")}
    called = {
        table: {row["id"]: row["name"] if isinstance(row["name"], Mapping) else {"en": row["name"]} for row in rows}
        for table, rows in named.items()
    }
    called["organisations"] = {**called["entrants"], **called["organisations"]}  # an entrant may be one of its own
    return called | {"industry": {each.code: each.name for each in rules_in_force(db).programme.industries}}


def codes_of(db: Connection, fields: Sequence[Field]) -> Mapping[str, Sequence[str]]:
    """Return, by table, the codes that some fields offer."""
    return {name: _codes(db, name) for name in {field.codes for field in fields} if name}


def _field(db: Connection, column: Column, value: str, wrong: Sequence[tuple[str, Text]], *, is_fixed: bool) -> Field:
    return Field(
        column=column,
        value=value,
        choices=_choices(db, column),
        kind=kind_of(column),
        codes=NAMES.get(column.name, ""),
        is_long=column.name in LONG,
        is_fixed=is_fixed,
        language=language_of(column.name),
        problems=[message for name, message in wrong if name == column.name],
    )


def _choices(db: Connection, column: Column) -> Sequence[tuple[str, Text]]:
    """Return what may be chosen, and the name of each; an empty name is looked up by the page."""
    if column.name == "industry":
        return [(industry.code, industry.name) for industry in rules_in_force(db).programme.industries]
    if isinstance(column.read, cells.OneOf):
        return [(choice, {}) for choice in column.read.choices]
    return [("no", {}), ("yes", {})] if column.read is cells.yes_no else []


def _codes(db: Connection, name: str) -> Sequence[str]:
    sheet = next(sheet for sheet in sheets_of(rules_in_force(db).programme) if sheet.name == name)
    return [row.key[0] for row in rows_listed(db, sheet, "", 0)[0]]
