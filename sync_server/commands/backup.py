"""`sync-server backup DIR` while the server runs, and `sync-server restore DIR` into an empty data folder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import lacking_told, parser_of, says_why
from sync_server.commands.terminal import Terminal
from sync_server.custody.backup import back_up, restore
from sync_server.evidence.configured_store import open_media


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Back up into the folder that `argv` names."""
    arguments = _parser("backup", "Write a backup; the server may go on meanwhile.").parse_args(argv)
    folder = arguments.folder
    with opened(arguments.data) as (config, database):
        manifest = back_up(database, open_media(config)[0], folder, clock.now())
    terminal.say(
        N_("{rows} rows and {files} files are in {folder}."),
        rows=manifest.rows, files=len(manifest.media), folder=folder,
    )  # fmt: skip
    return lacking_told(terminal, manifest.lacking)


@says_why()
def main_restore(argv: Sequence[str], terminal: Terminal) -> int:
    """Restore the backup in the folder that `argv` names."""
    arguments = _parser("restore", "Bring a backup into an empty data folder.").parse_args(argv)
    with opened(arguments.data, new=True, restoring=True) as (config, database):
        manifest = restore(database, open_media(config)[0], arguments.folder)
    terminal.say(
        N_("{rows} rows and {files} files are restored. Now run verify."),
        rows=manifest.rows, files=len(manifest.media),
    )  # fmt: skip
    return lacking_told(terminal, manifest.lacking)


def _parser(name: str, about: str) -> argparse.ArgumentParser:
    parser = parser_of(name, about)
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of the backup")
    return parser
