"""`sync-server retain`: erase files and words whose time is over, with proof; a server does so daily."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.opening import CannotOpenError, opened
from sync_server.commands.terminal import Terminal
from sync_server.custody.file_retention import due_files, erase, periods_of
from sync_server.custody.word_retention import due_words, erase_words
from sync_server.evidence.opening import open_media
from sync_server.season.forms import FormBook

CANNOT = 2


def main(argv: Sequence[str]) -> int:
    """Erase what is due, or with --dry-run only list it. Safe while the server runs."""
    arguments = _parser().parse_args(argv)
    terminal = Terminal()
    try:
        with opened(arguments.data) as (config, database):
            store, book, files, assessments = open_media(config)[0], FormBook(), 0, 0
            for one in due_files(database, clock.now(), periods_of(config)):
                if arguments.dry_run or erase(database, store, one, clock.now()):
                    files += 1
                    terminal.line(f"{one.sha256} {one.rule} {one.since:%Y-%m-%d}")
            for due in due_words(database, clock.now(), periods_of(config)):
                if arguments.dry_run or erase_words(database, book, due, clock.now()):
                    assessments += 1
                    terminal.line(f"{due.assessment_id} {due.rule} {due.since:%Y-%m-%d}")
    except CannotOpenError as error:
        terminal.wrong(error.told(terminal))
        return CANNOT
    would = N_("Files that would be erased: {files}; assessments whose words would be: {assessments}.")
    told = N_("Files erased: {files}; assessments whose words were erased: {assessments}.")
    terminal.say(would if arguments.dry_run else told, files=files, assessments=assessments)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sync-server retain", description="Erase files and words whose retention time is over."
    )
    parser.add_argument("--dry-run", action="store_true", help="only list what would be erased")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder; default: the setting, or sync-server-data"
    )
    return parser
