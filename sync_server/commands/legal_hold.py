"""`sync-server legal-hold`: erase nothing of an entrant while a dispute or a claim is open."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.terminal import Terminal
from sync_server.custody import file_retention


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Set or lift a hold, and list the holds in force. Setting one twice is setting it once."""
    arguments = _parser().parse_args(argv)
    entrant, lift = arguments.set or arguments.lift, arguments.set is None
    if entrant and not arguments.reason:
        terminal.wrong(terminal.text(N_("Say why with --reason: it goes into the audit log.")))
        return CANNOT
    with opened(arguments.data) as (_config, database), database.transaction() as db:
        if entrant and not file_retention.hold(db, entrant, reason=arguments.reason, now=clock.now(), lift=lift):
            terminal.wrong(terminal.text(N_("There is no entrant {entrant}."), entrant=entrant))
            return CANNOT
        held = sorted(file_retention.held_entrants(db))
    terminal.say(N_("{count} entrants are under a legal hold."), count=len(held))
    for entrant in held:
        terminal.line(f"  {entrant}")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("legal-hold", "Keep everything of an entrant.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--set", metavar="ENTRANT", help="erase nothing of this entrant from now on")
    which.add_argument("--lift", metavar="ENTRANT", help="let retention go on")
    parser.add_argument("--reason", metavar="WORDS", default="", help="why, for the audit log")
    return parser
