"""`sync-server import DIR`: bring the tables of a folder into the season, all of them or nothing.

Every problem is one line on standard error: file, row, column, what is wrong and what to do. Exit status 2 then.
`--templates` writes an empty file of each kind, with its header and an example row, into the folder instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from checklists.language import N_
from checklists.rules.programme import load_programme
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.terminal import Terminal
from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.season import KEYS
from sync_server.exchange.csv.archive import gathered_in
from sync_server.exchange.csv.encoding import NAMES
from sync_server.exchange.csv.plan import Checked, Plan
from sync_server.exchange.csv.season_import import import_files
from sync_server.exchange.csv.sheets import sheets_of, template
from sync_server.machine.files import make_folder
from sync_server.season.rules import PROGRAMME
from sync_server.season.set_up import set_up


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
    for remark in given.remarks:
        terminal.line(terminal.of(remark))
    if given.problems:
        return _refused(terminal, Checked(plan=None, problems=given.problems))
    encodings = dict.fromkeys(given.files, arguments.encoding) if arguments.encoding else {}
    with opened(arguments.data, new=True) as (_config, database):
        checked = _import(database, given.files, encodings)
    for remark in checked.remarks:
        terminal.line(terminal.of(remark))
    if checked.plan is None:
        return _refused(terminal, checked)
    _list(terminal, checked.plan)
    return DONE


def _refused(terminal: Terminal, checked: Checked) -> int:
    for problem in checked.problems:
        terminal.wrong(f"{problem.place}: {terminal.of(problem.message)}")
        doubt = checked.doubts.get(problem.at.file)
        for name, cells in doubt.samples().items() if doubt else ():
            terminal.wrong(f"  --encoding {name}: {' | '.join(cells)}")
    terminal.wrong(terminal.text(N_("Nothing was imported: {count} problems."), count=len(checked.problems)))
    return CANNOT


def _import(database: Database, files: Mapping[str, bytes], encodings: Mapping[str, str]) -> Checked:
    now = clock.now()
    with database.transaction() as db:
        set_up(db, now)
        checked = import_files(db, files, now=now, encodings=encodings)
        if checked.plan is not None:
            details = {"files": sorted(files)}
            append_audit(db, [AuditRow(now, "command", "import", "season-imported", "season", "season", details)])
        return checked


def _list(terminal: Terminal, plan: Plan) -> None:
    for name in KEYS:
        added, changed = len(plan.added.get(name, ())), len(plan.changed.get(name, ()))
        same = plan.unchanged.get(name, 0)
        if added or changed or same:
            terminal.say(
                N_("{name}: {added} added, {changed} changed, {same} as before"),
                name=name, added=added, changed=changed, same=same,
            )  # fmt: skip
    terminal.say(N_("Phones are told of {count} assignments."), count=len(plan.assignments))


def _write_templates(terminal: Terminal, folder: Path) -> int:
    make_folder(folder)
    sheets = sheets_of(load_programme(PROGRAMME))
    taken = [sheet.file for sheet in sheets if (folder / sheet.file).exists()]
    if taken:
        terminal.wrong(
            terminal.text(
                N_("{folder} holds {files} already; name another folder."), folder=folder, files=", ".join(taken)
            )
        )
        return CANNOT
    for sheet in sheets:
        (folder / sheet.file).write_bytes(template(sheet))
        terminal.line(str(folder / sheet.file))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("import", "Import a season from CSV files and workbooks.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with entrants.csv, assignments.xlsx, ...")
    parser.add_argument(
        "--encoding", choices=sorted(NAMES), default="", help="what text is in that a first try could not tell"
    )
    parser.add_argument(
        "--templates", action="store_true", help="write empty files with an example row into DIR instead"
    )
    return parser
