"""`sync-server backup DIR` while the server runs, and `sync-server restore DIR` into an empty data folder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.custody.backup import BackupError, back_up, restore
from sync_server.evidence.opening import open_media

CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Back up into the folder that `argv` names. Returns the exit status."""
    arguments = _parser("backup", "Write a backup; the server may go on meanwhile.").parse_args(argv)
    terminal = Terminal()
    try:
        with opened(arguments.data) as (config, database):
            made = back_up(database, open_media(config)[0], arguments.folder, clock.now())
    except (BackupError, CannotOpenError) as error:
        return _cannot(terminal, error)
    except OSError as error:
        terminal.wrong(terminal.text(N_("The backup cannot be written: {why}"), why=error))
        return CANNOT
    rows = sum(table.rows for table in made.tables.values())
    terminal.say(
        N_("{rows} rows and {files} files are in {folder}."), rows=rows, files=len(made.media), folder=arguments.folder
    )
    return 0


def main_restore(argv: Sequence[str]) -> int:
    """Restore the backup in the folder that `argv` names. Returns the exit status."""
    arguments = _parser("restore", "Bring a backup into an empty data folder.").parse_args(argv)
    terminal = Terminal()
    try:
        with opened(arguments.data, new=True) as (config, database):
            made = restore(database, open_media(config)[0], arguments.folder)
    except (BackupError, CannotOpenError) as error:
        return _cannot(terminal, error)
    except OSError as error:
        terminal.wrong(terminal.text(N_("The backup cannot be read: {why}"), why=error))
        return CANNOT
    rows = sum(table.rows for table in made.tables.values())
    terminal.say(N_("{rows} rows and {files} files are restored. Now run verify."), rows=rows, files=len(made.media))
    return 0


def _cannot(terminal: Terminal, error: BackupError | CannotOpenError) -> int:
    terminal.wrong(error.told(terminal) if isinstance(error, CannotOpenError) else terminal.of(error.message))
    return CANNOT


def _parser(name: str, about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"sync-server {name}", description=about)
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of the backup")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
