"""`sync-server import DIR`: bring the tables of a folder into the season, all of them or nothing.

Every cause of problems is one line on standard error: file, row, column, what is wrong and what to do. Exit status 2
then. `--dry-run` prints what would change and writes nothing of it.
`--templates` writes an empty file of each kind, with its header and an example row, into the folder instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from checklists.language import N_
from checklists.rules.programme import load_programme
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_file
from sync_server.commands.terminal import Terminal
from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow
from sync_server.exchange.csv.archive import gathered_in
from sync_server.exchange.csv.encoding import NAMES
from sync_server.exchange.csv.importing import Importing, Result, Write
from sync_server.exchange.csv.problems import Place
from sync_server.exchange.csv.report import Report
from sync_server.exchange.csv.sheets import sheets_of, template
from sync_server.exchange.shown_changes import shown_changes
from sync_server.machine.files import make_folder
from sync_server.season.rules import PROGRAMME

MOST_SHOWN = 100


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Import the folder that `argv` names, or write templates into it."""
    arguments = _parser().parse_args(argv)
    folder: Path = arguments.folder
    if arguments.templates:
        return _write_templates(terminal, folder)
    if not folder.is_dir():
        terminal.wrong(terminal.text(N_("{folder} is not a folder; name the one with the tables."), folder=folder))
        return CANNOT
    given = gathered_in(folder)
    encodings = dict.fromkeys(given.files, arguments.encoding) if arguments.encoding else {}
    with opened(arguments.data, new=True) as (_config, database):
        importing = Importing(database, _writing(database), clock.now)
        set_id = importing.begin("command")
        importing.preview(set_id, given, encodings)
        row = importing.row(set_id)
        report = msgspec.convert(row.report if row else {}, Report)
        for remark in report.remarks:
            terminal.line(terminal.bilingual(remark))
        if row is None or row.state != "previewed":
            return _refused(terminal, report)
        if not arguments.dry_run and report.staged:
            details = {"files": list(report.files), "changes": report.staged}
            audit = AuditRow(clock.now(), "command", "import", "season-imported", "import", set_id, details)
            importing.confirm(set_id, audit)
            importing.finish(set_id)
        if arguments.dry_run:
            _preview(terminal, database, set_id, report)
        _list(terminal, report)
    return DONE


def _writing(database: Database) -> Write:
    def run(write: Callable[[Connection], Result]) -> Result:
        with database.transaction() as db:
            return write(db)

    return run


def _refused(terminal: Terminal, report: Report) -> int:
    for cause in report.causes:
        at = Place(cause.first.file, cause.first.row, cause.first.column)
        more = ""
        if cause.count > 1:
            rows = ", ".join(map(str, cause.rows[1:]))
            more = " " + terminal.text(N_("({count} of them; also rows {rows})"), count=cause.count, rows=rows)
        terminal.wrong(f"{at}: {terminal.bilingual(cause.first.message)}{more}")
        for name, cells in report.doubts.get(cause.first.file, {}).items():
            terminal.wrong(f"  --encoding {name}: {' | '.join(cells)}")
    terminal.wrong(terminal.text(N_("Nothing was imported: {count} problems."), count=report.problem_count))
    return CANNOT


def _preview(terminal: Terminal, database: Database, set_id: str, report: Report) -> None:
    with database.reading() as db:
        for each in shown_changes(db, set_id, limit=MOST_SHOWN):
            terminal.line(f"{each.subject} {each.key}: {each.verb}")
            for column in each.columns:
                terminal.line(f"    {column.name}: {column.old} → {column.new}")
    if report.staged > MOST_SHOWN:
        terminal.say(N_("… and {count} more changes."), count=report.staged - MOST_SHOWN)
    for count in report.counts:
        if count.gone:
            terminal.say(
                N_("{name}: {gone} on the server are in no file; they stay as they are"),
                name=count.name, gone=count.gone,
            )  # fmt: skip
    terminal.say(N_("Nothing was written: this was a preview. Phones to be told: {phones}."), phones=report.phones)


def _list(terminal: Terminal, report: Report) -> None:
    for count in report.counts:
        if count.added or count.changed or count.same:
            terminal.say(
                N_("{name}: {added} added, {changed} changed, {same} as before"),
                name=count.name, added=count.added, changed=count.changed, same=count.same,
            )  # fmt: skip
    terminal.say(N_("Phones are told of {count} assignments."), count=report.assignments)


def _write_templates(terminal: Terminal, folder: Path) -> int:
    make_folder(folder)
    sheets = sheets_of(load_programme(PROGRAMME))
    taken = [sheet.file for sheet in sheets if (folder / sheet.file).exists()]
    if taken:
        terminal.wrong(
            terminal.text(N_("{folder} holds {files} already; name another folder."), folder=folder, files=tuple(taken))
        )
        return CANNOT
    for sheet in sheets:
        write_file(folder / sheet.file, template(sheet))
        terminal.line(str(folder / sheet.file))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("import", "Import a season from CSV files and workbooks.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with entrants.csv, assignments.xlsx, ...")
    parser.add_argument("--dry-run", action="store_true", help="print the preview and write nothing")
    parser.add_argument(
        "--encoding", choices=sorted(NAMES), default="", help="what text is in that a first try could not tell"
    )
    parser.add_argument(
        "--templates", action="store_true", help="write empty files with an example row into DIR instead"
    )
    return parser
