"""`sync-server import-bundle FILE...`: bring in zips that phones exported because they could not reach the server."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.bring_in import bring_in
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE, NOT_WHOLE
from sync_server.commands.system_errors import said_of
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.exchange.phone_bundle import Bundle, BundleError, read_bundle


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Bring the exports in. Exit status 2 when a file cannot be used, and then nothing is; 1 when a record was refused.

    All files are read first, and every problem of each is listed.
    """
    arguments = _parser().parse_args(argv)
    read = [_read(terminal, file) for file in arguments.files]
    bundles = [bundle for bundle in read if bundle is not None]
    if len(bundles) < len(read):
        return CANNOT
    with opened(arguments.data) as (config, database):
        return max(_bring(terminal, config, database, bundle) for bundle in bundles)


def _read(terminal: Terminal, file: Path) -> Bundle | None:
    try:
        return read_bundle(file.read_bytes())
    except BundleError as error:
        _list(terminal, file.name, error)
    except OSError as error:
        terminal.wrong(terminal.of(said_of(error)))
    return None


def _list(terminal: Terminal, name: str, error: BundleError) -> None:
    for problem in error.problems:
        terminal.wrong(f"{name}: {problem.place}: {terminal.of(problem.message)}")


def _bring(terminal: Terminal, config: Config, database: Database, bundle: Bundle) -> int:
    try:
        brought = bring_in(config, database, bundle, clock.now())
    except BundleError as error:
        _list(terminal, bundle.device_id, error)
        return CANNOT
    for one in brought:
        if one.refused is not None:
            terminal.wrong(f"{one.record_id} r{one.revision}: {one.refused}")
        elif one.complete:
            terminal.say(
                N_("{record} revision {revision}: kept, with every file."), record=one.record_id, revision=one.revision
            )
        else:
            incomplete = N_("{record} revision {revision}: kept, but files are still missing.")
            terminal.say(incomplete, record=one.record_id, revision=one.revision)
    return NOT_WHOLE if any(one.refused is not None for one in brought) else DONE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("import-bundle", "Bring in phones' exports.")
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="a zip that the app's settings page exported"
    )
    return parser
