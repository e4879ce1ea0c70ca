"""`sync-server verify`: look at every record, file, hash and base score again. Exit status 1 when one does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from checklists.language import N_
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import DONE, NOT_WHOLE
from sync_server.commands.terminal import Terminal
from sync_server.custody.verification import Verification
from sync_server.evidence.configured_store import open_media


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Verify the data folder. Safe while the server runs."""
    arguments = parser_of("verify", "Look at every record, file and base score again.").parse_args(argv)
    count = 0
    with opened(arguments.data) as (config, database):
        verification = Verification(database, open_media(config)[0])
        for problem in verification.problems():
            count += 1
            terminal.wrong(f"{problem.place}: {problem.code}: {terminal.of(problem.message)}")
    terminal.say(
        N_("{revisions} revisions of {assessments} assessments, {bases} base scores and {files} files were looked at."),
        **verification.counts._asdict(),
    )
    terminal.say(N_("Everything holds.") if not count else N_("{count} faults were found."), count=count)
    return NOT_WHOLE if count else DONE
