"""What commands have in common: the option --data, and one sentence and a status where they cannot go on."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from checklists.language import SentenceError
from sync_server.commands.status import CANNOT, DONE, NOT_WHOLE
from sync_server.commands.system_errors import said_of
from sync_server.commands.terminal import Terminal
from sync_server.config import ConfigError
from sync_server.custody.folder import LACKING

Main = Callable[[Sequence[str]], int]
_DATA: Mapping[str, Any] = MappingProxyType(
    {"type": Path, "metavar": "DIR", "help": "data folder; default: the setting, or sync-server-data"}
)


def parser_of(name: str, about: str) -> argparse.ArgumentParser:
    """Return a parser for `sync-server <name>` that knows --data, which comes last among its options."""
    parser = argparse.ArgumentParser(prog=f"sync-server {name}", description=about)
    parser.add_argument("--data", **_DATA)
    return parser


def with_data(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Let --data come after the word that `parser` is for too, and return `parser`."""
    parser.add_argument("--data", default=argparse.SUPPRESS, **_DATA)
    return parser


def says_why(*, status: int = CANNOT) -> Callable[[Callable[[Sequence[str], Terminal], int]], Main]:
    """Let a command that cannot go on say why in one line, and end with `status`; CANNOT for a wrong setting."""

    def framed(run: Callable[[Sequence[str], Terminal], int]) -> Main:
        @functools.wraps(run)
        def main(argv: Sequence[str]) -> int:
            terminal = Terminal()
            try:
                return run(argv, terminal)
            except ConfigError as error:
                terminal.wrong(str(error))
                return CANNOT
            except SentenceError as error:
                terminal.wrong(terminal.of(error.message))
            except OSError as error:
                terminal.wrong(terminal.of(said_of(error)))
            return status

        return main

    return framed


def lacking_told(terminal: Terminal, lacking: Sequence[str]) -> int:
    """Name the files that a folder lacks, and return the exit status."""
    for sha256 in lacking:
        terminal.wrong(terminal.text(LACKING, sha256=sha256))
    return NOT_WHOLE if lacking else DONE
