"""Is a set of CSV files a season that can be written? Every problem at once, or the plan.

IMP-1  A row named twice is a problem of the second row.
IMP-2  A row may name rows of these files and rows the server keeps; anything else is a problem.
IMP-3  A problem anywhere means that nothing at all is written.
IMP-8  Once the last day of enrolment is over, no row changes an entrant's industry group (GRP-2).
IMP-7  Dates are checked where they enter (`season.round_dates`): those of rounds together with the rounds kept, and
       when an assignment is due against its round and its entry's service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from checklists.language import N_, Sentence, sentence
from checklists.rules.programme import Programme
from sync_server.database.queries.season import KEYS
from sync_server.exchange.csv import approvals, assignments, reader, round_1, soft_rules, unprintable
from sync_server.exchange.csv.cells import CellError, in_zone
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.effects import Plan, plan_of, touched
from sync_server.exchange.csv.encoding import Doubt
from sync_server.exchange.csv.overlay import Key, Overlay
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.reader import Row
from sync_server.exchange.csv.records import RECORDS, Record, dates_of
from sync_server.exchange.csv.sheets import sheets_of
from sync_server.exchange.csv.soft_rules import SoftRules
from sync_server.exchange.csv.tables import Tables
from sync_server.season.round_dates import changes_of_released, round_misfits

# Sheet -> (column of the sheet, column of its record, table it points to).
REFERENCES: Mapping[str, Sequence[tuple[str, tuple[str, ...], str]]] = {
    "entries": (("entrant", ("entrant_id",), "entrants"),),
    "history": (("entrant", ("entrant_id", "channel"), "entries"),),
    "branches": (("entrant", ("entrant_id",), "entrants"),),
    "contact_points": (("entrant", ("entrant_id",), "entrants"), ("branch", ("branch_id",), "branches")),
    "suspensions": (("entrant", ("entrant_id",), "entrants"),),
    "faqs": (("entrant", ("entrant_id",), "entrants"),),
    "conflicts": (("assessor", ("assessor_id",), "assessors"),),
    "certificates": (("assessor", ("assessor_id",), "assessors"), ("round", ("round",), "rounds")),
    "assignments": (
        ("assessor", ("assessor_id",), "assessors"),
        ("entrant", ("entrant_id", "channel"), "entries"),
        ("round", ("round",), "rounds"),
        ("scenario", ("scenario_id",), "scenarios"),
        ("branch", ("branch_id",), "branches"),
    ),
}


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Either a plan, or problems; remarks stop nothing. `doubts` are files whose encoding somebody must decide."""

    plan: Plan | None
    problems: Sequence[SheetProblem] = ()
    remarks: Sequence[Sentence] = ()
    doubts: Mapping[str, Doubt] = {}


class _Read(NamedTuple):
    sheet: Sheet
    row: Row
    record: Record


def check(
    files: Mapping[str, bytes],
    season: Overlay,
    programme: Programme,
    today: date,
    *,
    encodings: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    is_plan: bool = False,
) -> Checked:
    """Return the plan of `files` (by name) over `season`, or every problem in them. Writes nothing.

    `encodings` says, by file, what somebody has decided that its text is in. `progress` hears of the tables read.
    A plan (`is_plan`) may be looked at before its round can open.
    """
    sheets = sheets_of(programme)
    tables = Tables(files, sheets)
    problems = list(tables.problems)
    remarks = list(tables.remarks)
    doubts: dict[str, Doubt] = {}
    read: list[_Read] = []
    in_order = tables.in_order(sheets)
    for number, found in enumerate(in_order):
        progress(number, len(in_order))
        reading = reader.read_table(found, encoding=(encodings or {}).get(found.file, ""))
        problems += reading.problems
        remarks += reading.remarks
        if reading.doubt is not None:
            doubts[found.file] = reading.doubt
        rows, wrong = _records(found.sheet, reading.rows, season.zone, today)
        read += rows
        problems += wrong
    if not in_order and not problems:
        message = sentence(N_("no table was found; the templates show names and columns"))
        problems.append(problem(Place("import"), "no-files", message))
    # References are judged only when every cell could be read: a broken row would make others seem wrong.
    if not problems:
        problems += _lay(read, season)
        problems += [unknown for one in read for unknown in _references(one, season)]
        problems += _check_editions(read, season)
        problems += _check_rounds(read, season, programme)
        problems += _check_groups(read, season, today)
    if not problems:
        rules = SoftRules(season, programme)
        problems += _check_assignments(read, season, rules)
        early = None if is_plan else round_1.too_early(season, programme, today)
        if early is not None:
            problems += round_1.problems(early, season, _places(read))
            remarks.append(early.why)
        remarks += [*soft_rules.remarks(rules), *approvals.remarks(season), *unprintable.remarks(season)]
    if problems:
        return Checked(plan=None, problems=problems, remarks=remarks, doubts=doubts)
    given = {found.sheet.name for found in in_order}
    return Checked(plan=plan_of(season, today, given), remarks=remarks)


def _records(sheet: Sheet, rows: Sequence[Row], zone: ZoneInfo, today: date) -> tuple[list[_Read], list[SheetProblem]]:
    read: list[_Read] = []
    problems: list[SheetProblem] = []
    first: dict[Key, Place] = {}
    for row in rows:
        key = tuple(row.cells.get(column, 1) for column in sheet.key)  # only a FAQ's version has a default, 1
        if key in first:
            message = sentence(
                N_("names the same {what} as row {row}; keep one"), what=sheet.key[-1], row=first[key].row
            )
            problems.append(problem(row.at, "row-repeated", message))
            continue
        first[key] = row.at
        if sheet.name == "history" and row.cells["year"] > today.year:
            message = sentence(N_("is still to come; history holds past editions"))
            problems.append(problem(row.at.at_column("year"), "year-to-come", message))
            continue
        try:
            read.append(_Read(sheet, row, RECORDS[sheet.name](in_zone(row.cells, zone))))
        except CellError as error:
            problems.append(problem(row.at.at_column(error.column), error.code, error.message))
    return read, problems


def _lay(read: Sequence[_Read], season: Overlay) -> list[SheetProblem]:
    """Lay the records over the season, history into its entry and assignments with their defaults."""
    problems = []
    for sheet, row, record in read:
        if sheet.name == "history":
            if record["edition"]["year"] in _this_year(season):
                message = sentence(N_("is the year of this edition itself; history holds past editions"))
                problems.append(problem(row.at.at_column("year"), "year-of-edition", message))
                continue
            entry = season.row("entries", record["entrant_id"], record["channel"])
            if entry is not None:
                season.lay("entries", (entry["entrant_id"], entry["channel"]), _with_edition(entry, record["edition"]))
            continue
        if sheet.name == "entries":
            kept = season.row("entries", record["entrant_id"], record["channel"])
            record.setdefault("history", kept["history"] if kept else [])
        if sheet.name == "scenarios":
            problems += approvals.complete(record, season, row.at)
        if sheet.name == "assignments":
            record.update(assignments.complete(record, season))
            kept = season.kept["assignments"].get((record["id"],))
            if kept is not None and (kept["entrant_id"], kept["channel"]) != (record["entrant_id"], record["channel"]):
                message = sentence(N_("is already an assignment of another entry; use a new code"))
                problems.append(problem(row.at.at_column("assignment"), "assignment-taken", message))
                continue
        season.lay(sheet.name, tuple(record[column] for column in KEYS[sheet.name][1]), record)
    return problems


def _this_year(season: Overlay) -> frozenset[int]:
    """Return the year of the current edition; empty where there is none."""
    years = {int(year) for (year,) in (*season.kept["editions"], *season.laid("editions"))}
    return frozenset({max(years)} if years else ())


def _with_edition(entry: Record, edition: Record) -> Record:
    others = [kept for kept in entry["history"] if kept["year"] != edition["year"]]
    return {**entry, "history": sorted([*others, edition], key=lambda kept: int(kept["year"]))}


def _references(one: _Read, season: Overlay) -> Iterator[SheetProblem]:
    sheet, row, record = one
    for column, fields, table in REFERENCES.get(sheet.name, ()):
        key = tuple(record[field] for field in fields)
        if key[0] is None or season.row(table, *key) is not None:
            continue
        message = sentence(
            N_("names {key}, which is not in {table}.csv nor on the server; add it or correct the code"),
            key=" / ".join(str(part) for part in key),
            table=table,
        )
        yield problem(row.at.at_column(column), "reference-unknown", message)


def _check_editions(read: Sequence[_Read], season: Overlay) -> list[SheetProblem]:
    """Return the rows of another year than the season that is kept: each edition has a data folder of its own."""
    kept = max((year for (year,) in season.kept["editions"]), default=None)
    if kept is None or not season.kept["rounds"]:
        return []
    message = sentence(
        N_("this server keeps the season of {year}; begin another edition in a data folder of its own"), year=kept
    )
    return [
        problem(one.row.at.at_column("year"), "edition-under-way", message)
        for one in read
        if one.sheet.name == "editions" and one.record["year"] > kept
    ]


def _check_groups(read: Sequence[_Read], season: Overlay, today: date) -> Iterator[SheetProblem]:
    """Yield the entrants of the files whose group is locked and would change (IMP-8)."""
    newest = max(season.kept["editions"].values(), key=lambda row: int(row["year"]), default=None)
    days = [one["until"] or one["on"] for one in newest["milestones"].get("enrolment_closes", ())] if newest else []
    if not days or today.isoformat() <= max(days):
        return
    for one in read:
        kept = season.kept["entrants"].get((one.record["id"],)) if one.sheet.name == "entrants" else None
        if kept is not None and kept["industry"] != one.record["industry"]:
            message = sentence(
                N_("enrolment has closed: the group stays {kept} unless somebody decides otherwise on its own page"),
                kept=kept["industry"],
            )
            yield problem(one.row.at.at_column("industry"), "industry-locked", message)


def _check_rounds(read: Sequence[_Read], season: Overlay, programme: Programme) -> list[SheetProblem]:
    """Return what is wrong with the rounds of the files, among themselves and with those kept."""
    places = {one.record["number"]: one.row.at for one in read if one.sheet.name == "rounds"}
    if not places:
        return []
    rows = {**season.kept["rounds"], **season.laid("rounds")}.values()
    rounds = [dates_of(row) for row in rows if row["number"] in programme.rounds]
    kept = {number: dates_of(row) for (number,), row in season.kept["rounds"].items()}
    released = {number: True for (number,), row in season.kept["rounds"].items() if row["is_released"]}
    found = [
        *round_misfits(rounds, programme.rules.months, season.zone),
        *changes_of_released(kept, rounds, released),
    ]
    before = {(one.round, one.code) for one in round_misfits(list(kept.values()), programme.rules.months, season.zone)}
    problems = []
    for one in found:
        at = places.get(one.round)
        if at is None:
            # The round after one of these files: what was wrong with it before is not theirs to put right.
            if (one.round, one.code) in before:
                continue
            at = next(iter(places.values()))
        problems.append(problem(at.at_column(one.column), one.code, one.message))
    return problems


def _places(read: Sequence[_Read]) -> Mapping[str, Place]:
    return {one.record["id"]: one.row.at for one in read if one.sheet.name == "assignments"}


def _check_assignments(read: Sequence[_Read], season: Overlay, rules: SoftRules) -> list[SheetProblem]:
    places = _places(read)
    problems: list[SheetProblem] = []
    for row in touched(season):
        at = places.get(row["id"], Place(f"assignment {row['id']}"))
        wrong = list(assignments.problems(row, season, at))
        if wrong and row["id"] not in places:
            # What was wrong before these files is not theirs to put right.
            before = {was.code for was in assignments.problems(row, season.as_kept(), at)}
            wrong = [new for new in wrong if new.code not in before]
        problems += wrong
        problems += [problem(at.at_column(column), code, message) for column, code, message in rules.misfits(row)]
    return problems
