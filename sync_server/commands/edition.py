"""`sync-server edition`: look at the current edition's dates, or begin the next edition.

`check` prints the names and dates of the current edition, line by line, as its page shows; exit status 0 when every
line is green, 2 while one is red. `next DIR` writes the files with which the next edition begins into a folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_, sentence
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why, with_data
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.terminal import Terminal
from sync_server.database.engine import Database
from sync_server.exchange.csv.next_edition import next_edition
from sync_server.machine.files import make_folder
from sync_server.season.edition import Session, current_edition
from sync_server.season.edition_checks import checks, reds
from sync_server.season.rules import version_in_force


@says_why(N_("The folder cannot be used: {why}"))
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Print the check list, or write the next edition's files. Changes nothing of the season."""
    parser = parser_of("edition", "Check the current edition, or begin the next.")
    what = parser.add_subparsers(dest="what", required=True)
    with_data(what.add_parser("check", help="print the check list; status 2 while a line is red"))
    begun = with_data(what.add_parser("next", help="write the files of the next edition into an empty folder"))
    begun.add_argument("folder", type=Path, metavar="DIR", help="where to write them")
    arguments = parser.parse_args(argv)
    with opened(arguments.data) as (_config, database):
        return _check(terminal, database) if arguments.what == "check" else _begin(terminal, database, arguments.folder)


def _check(terminal: Terminal, database: Database) -> int:
    with database.reading() as db:
        edition = current_edition(db)
        listed = checks(edition, version_in_force(db).zone)
    if edition is not None:
        terminal.line(terminal.bilingual(edition.title))
    for check in listed:
        mark = "ok " if check.is_green else "RED"
        said = ["; ".join(map(_shown, check.sessions)), "" if check.problem is None else terminal.of(check.problem)]
        terminal.line(f"{mark}  {terminal.of(sentence(check.name))}: {' '.join(filter(None, said))}".rstrip(": "))
    count = reds(listed)
    terminal.say(N_("Red lines: {red} of {all}."), red=count, all=len(listed))
    return CANNOT if count else DONE


def _begin(terminal: Terminal, database: Database, folder: Path) -> int:
    if folder.exists() and any(folder.iterdir()):
        terminal.wrong(terminal.text(N_("{folder} is not empty; name another folder."), folder=folder))
        return CANNOT
    with database.reading() as db:
        files = next_edition(db, clock.now())
    make_folder(folder)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        terminal.line(str(folder / name))
    terminal.say(
        N_("Bring them into a data folder of their own: sync-server import {folder} --data NEW"), folder=folder
    )
    return DONE


def _shown(session: Session) -> str:
    until = f" – {session.last.isoformat()}" if session.until not in (None, session.on) else ""
    return f"{session.on.isoformat()}{until}{f' {session.language}' if session.language else ''}"
