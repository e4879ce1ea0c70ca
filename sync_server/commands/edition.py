"""`sync-server edition`: look at an edition's dates, begin the next one, list those of a root.

`check` prints the names and dates of the current edition, line by line, as its page shows; exit status 0 when every
line is green, 2 while one is red. `next DIR` writes the files with which the next edition begins into a folder.

Of a root, which `sync-server serve --root` serves: `list` prints its editions and ends with 2 while one cannot be
opened, `new NAME` begins an edition, empty or with `--from` as the one that follows another, and `take-in NAME` moves
the data folder of a server that is stopped into it.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from checklists.language import N_, sentence
from sync_server import clock
from sync_server.commands.data_folder import bring_up_to_date, opened, readable
from sync_server.commands.frame import parser_of, says_why, with_data
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_file
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.editions.beginning import UNDER_WAY, begin_empty, begin_next, year_of
from sync_server.editions.folders import EditionError, Root, without_editions
from sync_server.exchange.csv.next_edition import next_edition
from sync_server.machine.files import make_folder
from sync_server.season.edition import Session, current_edition
from sync_server.season.edition_checks import checks, reds
from sync_server.season.rules import version_in_force

BY = "command"


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Do what `argv` says. `check`, `next` and `list` change nothing of a season."""
    arguments = _parser().parse_args(argv)
    match arguments.what:
        case "list":
            return _list(terminal, Root(arguments.root))
        case "new":
            return _new(terminal, Root(arguments.root), arguments.name, arguments.source)
        case "take-in":
            return _take_in(terminal, Root(arguments.root), arguments.name, arguments.data)
    with opened(arguments.data) as (_config, database):
        return _check(terminal, database) if arguments.what == "check" else _begin(terminal, database, arguments.folder)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("edition", "Check an edition, begin the next, list those of a root.")
    what = parser.add_subparsers(dest="what", required=True)
    with_data(what.add_parser("check", help="print the check list; status 2 while a line is red"))
    begun = with_data(what.add_parser("next", help="write the files of the next edition into an empty folder"))
    begun.add_argument("folder", type=Path, metavar="DIR", help="where to write them")
    listed = what.add_parser("list", help="print the editions of a root; status 2 while one cannot be opened")
    new = what.add_parser("new", help="begin an edition in a root")
    new.add_argument("--from", dest="source", metavar="NAME", help="as the one that follows this edition of the root")
    taken = with_data(what.add_parser("take-in", help="move the data folder of a stopped server into a root"))
    for each in (new, taken):
        each.add_argument("name", metavar="NAME", help="what its addresses are called: /e/NAME/")
    for each in (listed, new, taken):
        each.add_argument("--root", type=Path, metavar="DIR", required=True, help="the folder of all editions")
    return parser


def _list(terminal: Terminal, root: Root) -> int:
    names, status = root.names(), DONE
    if not names:
        terminal.wrong(terminal.of(without_editions(root)))
        status = CANNOT
    for name in names:
        try:
            year = year_of(root.folder(name))
        except DBAPIError as error:
            terminal.wrong(terminal.text(N_("{name}: cannot be opened: {why}"), name=name, why=str(error.orig)))
            status = CANNOT
            continue
        mark = terminal.text(N_("(answers addresses without a name)")) if name == root.unnamed() else ""
        terminal.line(f"{name}  {year or '–'}  {mark}".rstrip())
    for left in sorted(root.path.glob(f"{UNDER_WAY}*")):
        terminal.say(N_("{folder} was being made when power or the server went; it may be removed."), folder=left)
    return status


def _new(terminal: Terminal, root: Root, name: str, source: str | None) -> int:
    if source is None:
        begin_empty(root, name, clock.now())
    elif not root.has(source):
        raise EditionError(sentence(N_("There is no edition {name} in {folder}."), name=source, folder=root.path))
    else:
        config = Config(data_dir=root.folder(source))
        with readable(), contextlib.closing(Database(config.database)) as database:
            bring_up_to_date(config, database)
            year = begin_next(root, database, name, clock.now(), BY)
        terminal.say(N_("The edition of {year} has begun; its check list asks for every date."), year=year)
    terminal.say(N_("It is served at /e/{name}/ by: sync-server serve --root {folder}"), name=name, folder=root.path)
    return DONE


def _take_in(terminal: Terminal, root: Root, name: str, data: Path | None) -> int:
    root.take_in(data or Config().data_dir, name)
    terminal.say(N_("Moved to {folder}. Its phones, links and tokens go on as they are."), folder=root.folder(name))
    return DONE


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
        write_file(folder / name, content)
        terminal.line(str(folder / name))
    terminal.say(
        N_("Bring them into a data folder of their own: sync-server import {folder} --data NEW"), folder=folder
    )
    return DONE


def _shown(session: Session) -> str:
    until = f" – {session.last.isoformat()}" if session.until not in (None, session.on) else ""
    return f"{session.on.isoformat()}{until}{f' {session.language}' if session.language else ''}"
