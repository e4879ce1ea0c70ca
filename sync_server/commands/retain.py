"""`sync-server retain`: erase files and words whose time is over, with proof; a server does so daily."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import DONE
from sync_server.commands.terminal import Terminal
from sync_server.custody.file_retention import due_files, erase, periods_of
from sync_server.custody.word_retention import WordErasure, due_words
from sync_server.evidence.configured_store import open_media
from sync_server.season.forms import FormBook


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Erase what is due, or with --dry-run only list it. Safe while the server runs."""
    arguments = _parser().parse_args(argv)
    with opened(arguments.data) as (config, database):
        periods, store, words = periods_of(config), open_media(config)[0], WordErasure(database, FormBook())
        files, assessments = 0, 0
        for file in due_files(database, clock.now(), periods):
            if arguments.dry_run or erase(database, store, file, clock.now()):
                files += 1
                terminal.line(f"{file.sha256} {file.rule} {file.since:%Y-%m-%d}")
        for due in due_words(database, clock.now(), periods):
            if arguments.dry_run or words.erase(due, clock.now()):
                assessments += 1
                terminal.line(f"{due.assessment_id} {due.rule} {due.since:%Y-%m-%d}")
    listed = N_("Files that would be erased: {files}; assessments whose words would be: {assessments}.")
    erased = N_("Files erased: {files}; assessments whose words were erased: {assessments}.")
    terminal.say(listed if arguments.dry_run else erased, files=files, assessments=assessments)
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("retain", "Erase files and words whose retention time is over.")
    parser.add_argument("--dry-run", action="store_true", help="only list what would be erased")
    return parser
