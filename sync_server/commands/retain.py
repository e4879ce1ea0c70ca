"""`sync-server retain`: erase files and words whose time is over, with proof; a server does so daily."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import DONE
from sync_server.commands.terminal import Terminal
from sync_server.custody.file_retention import Due, periods_of
from sync_server.custody.retention import Retention
from sync_server.custody.word_retention import WordsDue
from sync_server.evidence.configured_store import open_media
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import observed_now


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Erase what is due, or with --dry-run only list it. Safe while the server runs."""
    arguments = _parser().parse_args(argv)
    with opened(arguments.data) as (config, database):
        retention = Retention(database, open_media(config)[0], FormBook(), periods_of(config), by="command")
        with database.reading() as db:
            observed = observed_now(db, clock.now())
        due = retention.due(observed)
        if arguments.dry_run:
            files, assessments = _listed(terminal, (*due.files, *due.words))
            template = N_("Files that would be erased: {files}; assessments whose words would be: {assessments}.")
        elif retention.is_confirmed(observed, clock.now()):
            files, assessments = _listed(terminal, retention.erased(due, clock.now()))
            template = N_("Files erased: {files}; assessments whose words were erased: {assessments}.")
        else:
            files, assessments = len(due.files), len(due.words)
            template = N_(
                "Nothing was erased: files due: {files}, assessments whose words are: {assessments}. The first "
                "erasure of a season is announced on the dashboard for 14 days; somebody has to confirm it there."
            )
    terminal.say(template, files=files, assessments=assessments)
    return DONE


def _listed(terminal: Terminal, all_due: Iterable[Due | WordsDue]) -> tuple[int, int]:
    """Print a line for each, and return how many files there were, and how many assessments."""
    files = assessments = 0
    for one in all_due:
        if isinstance(one, Due):
            name, files = one.sha256, files + 1
        else:
            name, assessments = one.assessment_id, assessments + 1
        terminal.line(f"{name} {one.rule} {one.since:%Y-%m-%d}")
    return files, assessments


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("retain", "Erase files and words whose retention time is over.")
    parser.add_argument("--dry-run", action="store_true", help="only list what would be erased")
    return parser
