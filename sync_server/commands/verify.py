"""`sync-server verify`: every record, file, hash and grade looked at again. Exit status 1 when one does not hold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.custody.verification import Verification
from sync_server.evidence.opening import open_media

FOUND = 1
CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Verify the data folder. Safe while the server runs."""
    arguments = _parser().parse_args(argv)
    terminal = Terminal()
    try:
        with opened(arguments.data) as (config, database):
            verification = Verification(database, open_media(config)[0])
            count = 0
            for fault in verification.faults():
                count += 1
                terminal.wrong(f"{fault.place}: {fault.code}: {terminal.of(fault.message)}")
    except CannotOpenError as error:
        terminal.wrong(error.told(terminal))
        return CANNOT
    seen = verification.counts
    terminal.say(
        N_("{revisions} revisions of {assessments} assessments, {grades} grades and {files} files were looked at."),
        **seen._asdict(),
    )
    terminal.say(N_("Everything holds.") if not count else N_("{count} faults were found."), count=count)
    return FOUND if count else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sync-server verify", description="Look at every record, file and grade again."
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
