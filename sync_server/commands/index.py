"""`sync-server index FILE|-`: a table of industries as printed, with ranks, means and what is odd in it.

Exit status: 0 read, whatever is odd in it; 2 the file cannot be used, each problem on one line of standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from checklists.index.printed import json_of, text_of
from checklists.language import LANGUAGES, N_
from sync_server.commands.frame import says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_out
from sync_server.commands.terminal import Terminal
from sync_server.exchange.csv.encoding import NAMES
from sync_server.exchange.index_table import IndexReading, index_csv, read_index

STANDARD_INPUT = "-"


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Read the table that `argv` names and print it as asked."""
    arguments = _parser().parse_args(argv)
    terminal = Terminal(arguments.language)
    from_input = arguments.file == STANDARD_INPUT
    content = sys.stdin.buffer.read() if from_input else Path(arguments.file).read_bytes()
    file = terminal.text(N_("standard input")) if from_input else Path(arguments.file).name
    reading = read_index(content, file, encoding=arguments.encoding or "")
    for remark in reading.remarks:
        terminal.wrong(terminal.of(remark))
    if reading.table is None:
        return _refused(terminal, reading)
    if arguments.json:
        out = json_of(reading.table, terminal.language, arguments.industries)
    elif arguments.csv:
        out = index_csv(reading.table.in_brackets() if arguments.brackets else reading.table)
    else:
        text = text_of(reading.table, terminal.language, arguments.industries, brackets=arguments.brackets)
        out = text.encode("utf-8", "backslashreplace")
    write_out(out)
    return DONE


def _refused(terminal: Terminal, reading: IndexReading) -> int:
    for problem in reading.problems:
        terminal.wrong(f"{problem.place}: {' '.join(terminal.of(problem.message).split())}")
    if reading.doubt is not None:
        for name, samples in reading.doubt.samples().items():
            terminal.wrong(f"  --encoding {name}: {' | '.join(samples)}")
    return CANNOT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync-server index", description="Look at a table of the customer index.")
    parser.add_argument(
        "file", metavar="FILE|-", help="CSV or a workbook: industry, satisfaction, loyalty, nps; - for standard input"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print it as JSON")
    form.add_argument("--csv", action="store_true", help="print it as CSV again, every figure as printed")
    parser.add_argument(
        "--brackets",
        action="store_true",
        help="negatives in brackets, however they were printed (JSON has numbers anyway)",
    )
    parser.add_argument(
        "--industries", type=int, metavar="N", help="how many industries the text beside the table says there are"
    )
    parser.add_argument("--encoding", choices=sorted(NAMES), help="what text is in that a first try could not tell")
    parser.add_argument("--language", choices=LANGUAGES, help="of sentences; default: that of the terminal")
    return parser
