"""`sync-server export-season [FILE|-]`: write the season kept here as one season file.

`sync-server score` of that file gives exactly what the dashboard shows; SEF-2 in award/season_file.py is the one
exception.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.season.write import season_json
from sync_server.award.desk import SeasonDesk
from sync_server.award.season_file import season_to_export
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import DONE
from sync_server.commands.system_errors import write_file, write_out
from sync_server.commands.terminal import Terminal
from sync_server.database.engine import Database
from sync_server.season.forms import FormBook


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:  # noqa: ARG001 - a season file is no sentence
    """Write the season where `argv` says."""
    arguments = _parser().parse_args(argv)
    with opened(arguments.data) as (_config, database):
        body = exported(database)
    if arguments.file == "-":
        write_out(body)
    else:
        write_file(Path(arguments.file), body)
    return DONE


def exported(database: Database) -> bytes:
    """Return the season that `database` keeps as a season file."""
    with database.reading() as db:
        return season_json(season_to_export(SeasonDesk.of(db, FormBook())))


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("export-season", "Write the season as one file.")
    parser.add_argument("file", metavar="FILE|-", nargs="?", default="-", help="where to write (default: -)")
    return parser
