"""`sync-server report ENTRANT/CHANNEL --round N --language L --out FILE.pdf`; `sync-server reports` makes all of them.

From what is published; before its release only with --draft, which marks every page. Exit status 2 where there is none.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from checklists.language import LANGUAGES, N_, Language
from sync_server.award.desk import SeasonDesk
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_file
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.evidence.configured_store import open_media
from sync_server.machine.files import make_folder
from sync_server.print.document import CannotPrintError
from sync_server.print.typeset import pdf_of
from sync_server.reports.cleared import Cleared, cleared_of, with_pictures
from sync_server.reports.kept import NoReportError, check_entry, copy_of
from sync_server.reports.participant import participant_report
from sync_server.reports.round_copy import Key, RoundCopy
from sync_server.season.forms import FormBook


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Write the report that `argv` names."""
    parser = _parser("report", "Write one participant report as a PDF.")
    parser.add_argument("entry", metavar="ENTRANT/CHANNEL", help="whose report")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the report (default: en)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf", help="where to write it")
    arguments = parser.parse_args(argv)
    entrant, _, channel = arguments.entry.partition("/")
    key = (entrant, channel)
    with opened(arguments.data) as (config, database):
        copy = _copy(database, arguments, key)
        check_entry(copy, key)
        cleared = _cleared(config, database, copy, key)
    write_file(arguments.out, pdf_of(participant_report(copy, key, arguments.language, cleared)))
    terminal.say(N_("Written: {file}"), file=arguments.out)
    return DONE


@says_why()
def main_all(argv: Sequence[str], terminal: Terminal) -> int:
    """Write every report of a round in both languages; what cannot be printed is named, and the others are written."""
    parser = _parser("reports", "Write every participant report of a round, in both languages.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write them into")
    arguments = parser.parse_args(argv)
    written, status = 0, DONE
    with opened(arguments.data) as (config, database):
        copy = _copy(database, arguments)
        make_folder(arguments.out)
        for key in copy.reported:
            cleared = _cleared(config, database, copy, key)
            for language in LANGUAGES:
                try:
                    check_entry(copy, key)
                    content = pdf_of(participant_report(copy, key, language, cleared))
                    write_file(arguments.out / _file_name(copy, key, language), content)
                    written += 1
                except (CannotPrintError, NoReportError) as error:
                    terminal.wrong(terminal.of(error.message))
                    status = CANNOT
    terminal.say(N_("Reports written: {count}, into {folder}"), count=written, folder=arguments.out)
    return status


def _file_name(copy: RoundCopy, key: Key, language: Language) -> str:
    return f"{key[0]}_{key[1]}_r{copy.number}_{language}.pdf"


def _copy(database: Database, arguments: argparse.Namespace, key: Key | None = None) -> RoundCopy:
    with database.reading() as db:
        return copy_of(SeasonDesk.of(db, FormBook()), arguments.round, draft=arguments.draft, key=key)


def _cleared(config: Config, database: Database, copy: RoundCopy, key: Key) -> Cleared:
    with database.reading() as db:
        found = cleared_of(db, copy, key)
    return with_pictures(found, open_media(config)[0]) if found.photos else found


def _parser(name: str, about: str) -> argparse.ArgumentParser:
    parser = parser_of(name, about)
    parser.add_argument("--round", type=int, required=True, metavar="N", help="number of the round")
    parser.add_argument("--draft", action="store_true", help="before its release too: every page is marked")
    return parser
