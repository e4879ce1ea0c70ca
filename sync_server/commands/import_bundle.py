"""`sync-server import-bundle FILE`: bring in the zip that a phone exported because it could not reach the server."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.phone_bundle import BundleError, bring_in, read_bundle

REFUSED = 1
CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Bring the export in. Exit status 1 when a record was refused, 2 when the file cannot be used."""
    arguments = _parser().parse_args(argv)
    terminal = Terminal()
    try:
        bundle = read_bundle(arguments.file.read_bytes())
        with opened(arguments.data) as (config, database):
            brought = bring_in(config, database, bundle, clock.now())
    except BundleError as error:
        for problem in error.problems:
            terminal.wrong(f"{problem.place}: {terminal.of(problem.message)}")
        return CANNOT
    except CannotOpenError as error:
        terminal.wrong(error.told(terminal))
        return CANNOT
    except OSError as error:
        terminal.wrong(terminal.text(N_("{file} cannot be read: {why}"), file=arguments.file, why=error.strerror))
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
    parser = argparse.ArgumentParser(prog="sync-server import-bundle", description="Bring in a phone's export.")
    parser.add_argument("file", type=Path, metavar="FILE", help="the zip that the app's settings page exported")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
