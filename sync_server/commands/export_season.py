"""`sync-server export-season [FILE|-]`: write the season kept here as one season file.

`sync-server score` of that file gives exactly what the dashboard shows; the one exception is EXP-2 in
exchange/season_file.py.
Exit status: 0 written; 2 it cannot be.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from checklists.season.write import season_json
from sync_server.award.desk import SeasonDesk
from sync_server.config import Config, ConfigError
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.exchange.season_file import season_to_export
from sync_server.season.forms import FormBook

CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Write the season where `argv` says; return the exit status."""
    asked = _parser().parse_args(argv)
    try:
        config = Config.from_environment(os.environ, data_dir=asked.data)
        body = exported(config)
        if asked.file == "-":
            sys.stdout.buffer.write(body)
        else:
            Path(asked.file).write_bytes(body)
    except ConfigError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{asked.file}: cannot be written ({error.strerror}); name another file, or - for standard output")
    return 0


def exported(config: Config) -> bytes:
    """Return the season file of the season that `config` points to."""
    database = Database(config.database)
    try:
        upgrade(database)
        with database.reading() as db:
            return season_json(season_to_export(SeasonDesk.of(db, FormBook())))
    finally:
        database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync-server export-season", description="Write the season as one file.")
    parser.add_argument("file", metavar="FILE|-", nargs="?", default="-", help="where to write (default: -)")
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="the data folder of the season")
    return parser


def _fail(line: str) -> int:
    sys.stderr.write(line + "\n")
    return CANNOT
