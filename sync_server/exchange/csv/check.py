"""Is a set of CSV files a season that can be written? Every problem at once, or the plan.

IMP-1  A row named twice is a problem of the second row.
IMP-2  A row may name rows of these files and rows the server holds; anything else is a problem.
IMP-3  A problem anywhere means that nothing at all is written.
IMP-4  A change to an entrant, scenario, FAQ, branch or contact point reaches every assignment that shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from checklists.language import N_, Sentence, sentence
from checklists.problems import Problem
from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.queries.season import KEYS
from sync_server.exchange.csv import assignments, reader
from sync_server.exchange.csv.cells import in_zone
from sync_server.exchange.csv.known import Key, Known, unfold
from sync_server.exchange.csv.reader import Row, place
from sync_server.exchange.csv.records import RECORDS, Record, RowError
from sync_server.exchange.csv.sheets import BY_FILE, SHEETS, Sheet

# Sheet -> (column of the sheet, column of its record, table it points to).
REFERENCES: Mapping[str, Sequence[tuple[str, tuple[str, ...], str]]] = {
    "entries": (("entrant", ("entrant_id",), "entrants"),),
    "history": (("entrant", ("entrant_id", "channel"), "entries"),),
    "branches": (("entrant", ("entrant_id",), "entrants"),),
    "contact_points": (("entrant", ("entrant_id",), "entrants"), ("branch", ("branch_id",), "branches")),
    "faqs": (("entrant", ("entrant_id",), "entrants"),),
    "assignments": (
        ("assessor", ("assessor_id",), "assessors"),
        ("entrant", ("entrant_id", "channel"), "entries"),
        ("round", ("round",), "rounds"),
        ("scenario", ("scenario_id",), "scenarios"),
        ("branch", ("branch_id",), "branches"),
    ),
}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What would be written: rows to add and to change by table, and the assignments phones are told of."""

    added: Mapping[str, Sequence[Record]]
    changed: Mapping[str, Sequence[Record]]
    unchanged: Mapping[str, int]
    assignments: Sequence[Assignment]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Either a plan, or problems; remarks stop nothing."""

    plan: Plan | None
    problems: Sequence[Problem] = ()
    remarks: Sequence[Sentence] = ()


class _Read(NamedTuple):
    sheet: Sheet
    row: Row
    record: Record


def check(files: Mapping[str, bytes], known: Known, today: date) -> Checked:
    """Return the plan of `files` (by name) over `known`, or every problem in them. Writes nothing."""
    problems = [_unknown_file(name) for name in sorted(files) if name not in BY_FILE]
    remarks: list[Sentence] = []
    read: list[_Read] = []
    for sheet in SHEETS:
        if sheet.file not in files:
            continue
        reading = reader.read(sheet, files[sheet.file])
        problems += reading.problems
        remarks += reading.remarks
        rows, wrong = _records(sheet, reading.rows, known.zone)
        read += rows
        problems += wrong
    if not files:
        message = sentence(N_("no CSV file was found; the templates show names and columns"))
        problems.append(Problem(place="import", code="no-files", message=message))
    # References are judged only when every cell could be read: a broken row would make others seem wrong.
    if not problems:
        problems += _lay(read, known)
        problems += [problem for one in read for problem in _references(one, known)]
    if not problems:
        problems += _check_assignments(read, known)
    if problems:
        return Checked(plan=None, problems=problems, remarks=remarks)
    return Checked(plan=_plan(known, today), remarks=remarks)


def _unknown_file(name: str) -> Problem:
    message = sentence(N_("is not a file of a season; use one of: {files}"), files=", ".join(BY_FILE))
    return Problem(place=name[:80], code="file-unknown", message=message)


def _records(sheet: Sheet, rows: Sequence[Row], zone: ZoneInfo) -> tuple[list[_Read], list[Problem]]:
    read: list[_Read] = []
    problems: list[Problem] = []
    first: dict[Key, int] = {}
    for row in rows:
        key = tuple(row.cells.get(column, 1) for column in sheet.key)  # only a FAQ's version has a default, 1
        if key in first:
            message = sentence(N_("names the same {what} as row {row}; keep one"), what=sheet.key[-1], row=first[key])
            problems.append(Problem(place=place(sheet, row.number), code="row-repeated", message=message))
            continue
        first[key] = row.number
        try:
            read.append(_Read(sheet, row, RECORDS[sheet.name](in_zone(row.cells, zone))))
        except RowError as error:
            at = place(sheet, row.number, error.column)
            problems.append(Problem(place=at, code=error.code, message=error.message))
    return read, problems


def _lay(read: Sequence[_Read], known: Known) -> list[Problem]:
    """Lay the records over what is known, history into its entry and assignments with their defaults."""
    problems = []
    for sheet, row, record in read:
        if sheet.name == "history":
            entry = known.row("entries", record["entrant_id"], record["channel"])
            if entry is not None:
                known.lay("entries", (entry["entrant_id"], entry["channel"]), _with_edition(entry, record["edition"]))
            continue
        if sheet.name == "entries":
            held = known.row("entries", record["entrant_id"], record["channel"])
            record.setdefault("history", held["history"] if held else [])
        if sheet.name == "assignments":
            record.update(assignments.complete(record, known))
            held = known.held["assignments"].get((record["id"],))
            if held is not None and (held["entrant_id"], held["channel"]) != (record["entrant_id"], record["channel"]):
                message = sentence(N_("is already an assignment of another entry; use a new code"))
                problems.append(
                    Problem(place=place(sheet, row.number, "assignment"), code="assignment-taken", message=message)
                )
                continue
        known.lay(sheet.name, tuple(record[column] for column in KEYS[sheet.name][1]), record)
    return problems


def _with_edition(entry: Record, edition: Record) -> Record:
    others = [held for held in entry["history"] if held["year"] != edition["year"]]
    return {**entry, "history": sorted([*others, edition], key=lambda held: int(held["year"]))}


def _references(one: _Read, known: Known) -> Iterator[Problem]:
    sheet, row, record = one
    for column, fields, table in REFERENCES.get(sheet.name, ()):
        key = tuple(record[field] for field in fields)
        if key[0] is None or known.row(table, *key) is not None:
            continue
        message = sentence(
            N_("names {key}, which is not in {table}.csv nor on the server; add it or correct the code"),
            key=" / ".join(str(part) for part in key),
            table=table,
        )
        yield Problem(place=place(sheet, row.number, column), code="reference-unknown", message=message)


def _check_assignments(read: Sequence[_Read], known: Known) -> list[Problem]:
    at = {one.record["id"]: place(one.sheet, one.row.number) for one in read if one.sheet.name == "assignments"}
    problems = []
    for row in _touched(known):
        found = list(assignments.faults(row, known))
        if found and row["id"] not in at:
            # What was wrong before these files is not theirs to put right.
            before = {fault.code for fault in assignments.faults(row, known.as_held())}
            found = [fault for fault in found if fault.code not in before]
        where = at.get(row["id"], f"assignment {row['id']}")
        problems += [
            Problem(place=f"{where}: {fault.column}", code=fault.code, message=fault.message) for fault in found
        ]
    return problems


def _touched(known: Known) -> list[Record]:
    """Return the assignments of the files, and those held that show something the files change (IMP-4)."""
    changed = {name: set(known.changed(name)) for name in KEYS}
    entrants = {key[0] for key in changed["entrants"]} | {key[0] for key in changed["faqs"]}
    entrants |= {
        row["entrant_id"] for key, row in known.laid("contact_points").items() if key in changed["contact_points"]
    }
    touched = list(known.laid("assignments").values())
    for key, row in known.held["assignments"].items():
        if key in known.laid("assignments"):
            continue
        shows = (
            row["entrant_id"] in entrants
            or (row["entrant_id"], row["channel"]) in changed["entries"]
            or (row["scenario_id"],) in changed["scenarios"]
            or (row["branch_id"],) in changed["branches"]
        )
        if shows and not row["withdrawn"]:
            touched.append(unfold(row))
    return touched


def _plan(known: Known, today: date) -> Plan:
    added: dict[str, list[Record]] = {}
    changed: dict[str, list[Record]] = {}
    unchanged: dict[str, int] = {}
    for name in KEYS:
        if name == "assignments":
            continue
        for key, row in known.laid(name).items():
            held = known.held[name].get(key)
            if held is None:
                added.setdefault(name, []).append(row)
            elif row != held:
                changed.setdefault(name, []).append(row)
            else:
                unchanged[name] = unchanged.get(name, 0) + 1
    told = []
    for row in _touched(known):
        body = assignments.build(row, known, today)
        held = known.held["assignments"].get((row["id"],))
        if held is not None and decode(held["body"], Assignment) == body:
            unchanged["assignments"] = unchanged.get("assignments", 0) + 1
            continue
        (added if held is None else changed).setdefault("assignments", []).append(row)
        told.append(body)
    return Plan(added=added, changed=changed, unchanged=unchanged, assignments=told)
