"""`sync-server legal-hold`: erase nothing of an entrant while a dispute or a claim is open."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.custody import file_retention

CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Set or lift a hold, and list the holds in force. Setting one twice is setting it once."""
    arguments = _parser().parse_args(argv)
    terminal = Terminal()
    try:
        with opened(arguments.data) as (_config, database), database.transaction() as db:
            entrant = arguments.set or arguments.lift
            if entrant and not arguments.reason:
                terminal.wrong(terminal.text(N_("Say why with --reason: it goes into the audit log.")))
                return CANNOT
            if entrant and not file_retention.hold(
                db, entrant, reason=arguments.reason, now=clock.now(), lift=arguments.set is None
            ):
                terminal.wrong(terminal.text(N_("There is no entrant {entrant}."), entrant=entrant))
                return CANNOT
            held = sorted(file_retention.held_entrants(db))
    except CannotOpenError as error:
        terminal.wrong(error.told(terminal))
        return CANNOT
    terminal.say(N_("{count} entrants are under a legal hold."), count=len(held))
    for entrant in held:
        terminal.line(f"  {entrant}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync-server legal-hold", description="Keep everything of an entrant.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--set", metavar="ENTRANT", help="erase nothing of this entrant from now on")
    which.add_argument("--lift", metavar="ENTRANT", help="let retention go on")
    parser.add_argument("--reason", metavar="WORDS", default="", help="why, for the audit log")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
