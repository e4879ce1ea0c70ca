"""`sync-server results --out DIR`: letters, certificates, marks and the papers of the ceremony, in both languages.

From the results as they are out; before their release only with --draft, which says so. Exit status 2 where there are
none, or where one of the papers cannot be printed: it is named, and the others are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from checklists.language import LANGUAGES, N_
from sync_server.award.desk import SeasonDesk
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_file
from sync_server.commands.terminal import Terminal
from sync_server.machine.files import make_folder
from sync_server.print.document import CannotPrintError, Document, Emblem
from sync_server.print.typeset import pdf_of
from sync_server.reports.ceremony_papers import PAPERS, paper
from sync_server.reports.certificate import certificate, has_certificate
from sync_server.reports.kept import results_of
from sync_server.reports.marks import artwork
from sync_server.reports.result_letter import result_letter
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.results_frame import say_of
from sync_server.season.forms import FormBook


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Write what `argv` says."""
    parser = parser_of("results", "Write letters, certificates, marks and the papers of the ceremony.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write them into")
    parser.add_argument("--draft", action="store_true", help="before their release too: every page says so")
    arguments = parser.parse_args(argv)
    with opened(arguments.data) as (_config, database), database.reading() as db:
        copy = results_of(SeasonDesk.of(db, FormBook()), draft=arguments.draft, live=arguments.draft)
    make_folder(arguments.out)
    written, status = 0, DONE
    for name, document in _documents(copy):
        try:
            write_file(arguments.out / f"{name}.pdf", pdf_of(document))
            written += 1
        except CannotPrintError as error:
            terminal.wrong(terminal.of(error.message))
            status = CANNOT
        for block in document.blocks:
            if document.layout == "artwork" and isinstance(block, Emblem):
                write_file(arguments.out / f"{name}.svg", block.svg.encode())
    terminal.say(N_("Papers written: {count}, into {folder}"), count=written, folder=arguments.out)
    return status


def _documents(copy: ResultsCopy) -> Iterator[tuple[str, Document]]:
    for language in LANGUAGES:
        for name in PAPERS:
            yield f"{name}_{language}", paper(copy, name, language)
        for entry in copy.taking_part:
            base = "_".join(entry.key)
            yield f"{base}_letter_{language}", result_letter(copy, entry.key, language)
            if has_certificate(entry):
                yield f"{base}_certificate_{language}", certificate(copy, entry.key, language)
            mark = artwork(copy, entry, say_of(copy, language))
            if mark is not None:
                yield f"{base}_mark_{language}", mark
