"""`sync-server access-request ASSESSOR DIR`: everything kept about one assessor, in one folder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import lacking_told, parser_of, says_why
from sync_server.commands.terminal import Terminal
from sync_server.custody.access_request import write_access_folder
from sync_server.evidence.configured_store import open_media


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Write the folder that `argv` names. Safe while the server runs."""
    arguments = _parser().parse_args(argv)
    folder = arguments.folder
    with opened(arguments.data) as (config, database):
        content = write_access_folder(database, open_media(config)[0], arguments.assessor, folder, clock.now())
    terminal.say(
        N_("{rows} rows and {files} files are in {folder}."), rows=content.rows, files=content.files, folder=folder
    )
    terminal.say(N_("Its README says what each file is. Read all of it before it is handed over."))
    return lacking_told(terminal, content.lacking)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("access-request", "Write everything kept about one assessor into a folder.")
    parser.add_argument("assessor", metavar="ASSESSOR", help="code or name of the assessor")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder; only its owner may read it")
    return parser
