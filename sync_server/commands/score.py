"""`sync-server score FILE|-`: the results of a season file as JSON, one entry's working, or a comparison of rules.

Exit status: 0 scored; 2 the file, a parameter or an entry named cannot be used, each problem on one line of standard
error. Of this package only what is light is imported, so that a whole season answers within a second.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from checklists.forms.file import shipped_forms
from checklists.language import LANGUAGES, Language
from checklists.problems import Problem
from checklists.rules.ruleset import RulesetError
from checklists.season.file import read_season
from checklists.season.problems import SeasonError
from checklists.season.result import result_json
from checklists.season.score import score_season
from checklists.season.what_if import compare, comparison_text, parse_changes
from checklists.season.working import entry_named, working_text
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import said_of, write_out


def main(argv: Sequence[str]) -> int:
    """Score the season file that `argv` names, and print what it asks for."""
    arguments = _parser().parse_args(argv)
    language: Language = arguments.language
    # A season is many small records that all live to the end: looking for cycles among them only costs time.
    gc.disable()
    try:
        raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
    except OSError as error:
        return _fail([said_of(error).in_language(language)])
    try:
        season = read_season(raw, shipped_forms())
        del raw
        scored = score_season(season)
        if arguments.what_if:
            changes = parse_changes(arguments.what_if)
            changed = score_season(season.with_overrides(changes, "what-if"))
            comparison = compare(
                scored.entries,
                changed.entries,
                awards=(scored.awards, changed.awards),
                rules=(scored.rules, changed.rules),
            )
            _print(comparison_text(comparison, language))
            scored = changed
        if arguments.explain:
            entry = entry_named(scored, arguments.explain)
            if entry is None:
                names = ", ".join("/".join(other.key) for other in scored.entries[:20])
                return _fail([f"--explain {arguments.explain}: is no entry of this season; use one of {names}"])
            _print(working_text(scored, entry, language))
        if not arguments.what_if and not arguments.explain:
            write_out(result_json(scored, language))
    except SeasonError as error:
        return _fail(_lines(error.problems, error.more, language))
    except RulesetError as error:
        return _fail(_lines(error.problems, 0, language))
    except OSError as error:
        return _fail([said_of(error).in_language(language)])
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync-server score", description="Score a season file.")
    parser.add_argument("file", metavar="FILE|-", help="a season file, or - for standard input")
    parser.add_argument("--explain", metavar="ENTRANT/CHANNEL", help="print how one entry's score was reached")
    parser.add_argument(
        "--what-if",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="print who changes score, grade, badge or award under another parameter; may be repeated",
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of sentences (default: en)")
    return parser


def _lines(problems: Iterable[Problem], more: int, language: Language) -> list[str]:
    lines = [f"{problem.place}: {problem.message.in_language(language)}" for problem in problems]
    return [*lines, f"... and {more} more problems"] if more else lines


def _fail(lines: Iterable[str]) -> int:
    for line in lines:
        sys.stderr.buffer.write(_bytes(" ".join(line.split()) + "\n"))
    sys.stderr.buffer.flush()
    return CANNOT


def _print(text: str) -> None:
    write_out(_bytes(text))


def _bytes(text: str) -> bytes:
    """Return `text` as UTF-8 whatever the terminal says; a character that has no bytes is escaped."""
    return text.encode("utf-8", "backslashreplace")
