"""`sync-server access-request ASSESSOR DIR`: everything kept about one assessor, in one folder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.custody.access_request import AccessRequestError, answer
from sync_server.evidence.opening import open_media

CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Write the folder that `argv` names. Safe while the server runs."""
    arguments = _parser().parse_args(argv)
    terminal = Terminal()
    try:
        with opened(arguments.data) as (config, database):
            made = answer(database, open_media(config)[0], arguments.assessor, arguments.folder, clock.now())
    except CannotOpenError as error:
        terminal.wrong(error.told(terminal))
        return CANNOT
    except AccessRequestError as error:
        terminal.wrong(terminal.of(error.message))
        return CANNOT
    except OSError as error:
        terminal.wrong(terminal.text(N_("The folder cannot be written: {why}"), why=error))
        return CANNOT
    terminal.say(
        N_("{rows} rows and {files} files are in {folder}."), rows=made.rows, files=made.files, folder=arguments.folder
    )
    terminal.say(N_("Its README says what each file is. Read all of it before it is handed over."))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sync-server access-request", description="Write everything kept about one assessor into a folder."
    )
    parser.add_argument("assessor", metavar="ASSESSOR", help="code or name of the assessor")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder; only its owner may read it")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
