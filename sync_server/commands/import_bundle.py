"""`sync-server import-bundle FILE...`: bring in zips that phones exported because they could not reach the server."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.bring_in import bring_in
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.exchange.phone_bundle import Bundle, BundleError, read_bundle

REFUSED = 1
CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Bring the exports in. Exit status 2 when a file cannot be used, and then nothing is; 1 when a record was refused.

    All files are looked at first, and every problem of each is told.
    """
    arguments = _parser().parse_args(argv)
    terminal = Terminal()
    bundles = [_read(terminal, file) for file in arguments.files]
    whole = [bundle for bundle in bundles if bundle is not None]
    if len(whole) < len(bundles):
        return CANNOT
    try:
        with opened(arguments.data) as (config, database):
            return max(_bring(terminal, config, database, bundle) for bundle in whole)
    except CannotOpenError as error:
        terminal.wrong(error.told(terminal))
        return CANNOT


def _read(terminal: Terminal, file: Path) -> Bundle | None:
    try:
        return read_bundle(file.read_bytes())
    except BundleError as error:
        _tell(terminal, file.name, error)
    except OSError as error:
        terminal.wrong(terminal.text(N_("{file} cannot be read: {why}"), file=file, why=error.strerror))
    return None


def _tell(terminal: Terminal, name: str, error: BundleError) -> None:
    for problem in error.problems:
        terminal.wrong(f"{name}: {problem.place}: {terminal.of(problem.message)}")


def _bring(terminal: Terminal, config: Config, database: Database, bundle: Bundle) -> int:
    try:
        brought = bring_in(config, database, bundle, clock.now())
    except BundleError as error:
        _tell(terminal, bundle.device_id, error)
        return CANNOT
    for one in brought:
        if one.refused is not None:
            terminal.wrong(f"{one.record_id} r{one.revision}: {one.refused}")
        elif one.complete:
            terminal.say(
                N_("{record} revision {revision}: kept, with every file."), record=one.record_id, revision=one.revision
            )
        else:
            told = N_("{record} revision {revision}: kept, but files are still missing.")
            terminal.say(told, record=one.record_id, revision=one.revision)
    return REFUSED if any(one.refused is not None for one in brought) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync-server import-bundle", description="Bring in phones' exports.")
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="a zip that the app's settings page exported"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
