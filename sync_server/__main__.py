"""The command line: `sync-server COMMAND ...`. Each command is imported when it is called, and nothing else is.

`score` must answer within a second on a whole season, and so never loads the web server or the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

# What each command does, and the function that does it: it takes the words after the command, and returns the status.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("sync_server.commands.demo:main", "start with a believable season, on a fresh data folder"),
    "serve": ("sync_server.commands.serve:main", "start for a real season, empty at first"),
    "import": ("sync_server.commands.import_season:main", "read entrants, assessors and assignments from a folder"),
    "plan": ("sync_server.commands.plan:main", "plan what is missing of a round: who visits whom, when and where"),
    "edition": ("sync_server.commands.edition:main", "check the dates and names of the current edition"),
    "import-bundle": ("sync_server.commands.import_bundle:main", "bring in what a phone exported by hand"),
    "export-season": ("sync_server.commands.export_season:main", "write the season kept here as one season file"),
    "backup": ("sync_server.commands.backup:main", "write everything kept here into a folder, while the server runs"),
    "restore": ("sync_server.commands.backup:main_restore", "bring a backup into an empty data folder"),
    "verify": ("sync_server.commands.verify:main", "look at every record, file, hash and base score again"),
    "retain": ("sync_server.commands.retain:main", "erase files and words whose retention time is over, with proof"),
    "reset-password": ("sync_server.commands.reset_password:main", "make a one-time code for a forgotten password"),
    "legal-hold": ("sync_server.commands.legal_hold:main", "keep everything of an entrant while a dispute is open"),
    "access-request": ("sync_server.commands.access_request:main", "write everything kept about one assessor"),
    "publication": ("sync_server.commands.publication:main", "list, show and export what was published"),
    "report": ("sync_server.commands.report:main", "write one participant report as a PDF"),
    "reports": ("sync_server.commands.report:main_all", "write every participant report of a round, in both languages"),
    "results": ("sync_server.commands.results:main", "write letters, certificates, marks and the ceremony's papers"),
    "index": ("sync_server.commands.index:main", "look at a table of the customer index: ranks, means, what is odd"),
    "score": ("sync_server.commands.score:main", "score a season file: results as JSON, a working, or a what-if"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (the words after the program's name) names; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_usage())
        return 0 if words else 2
    known = COMMANDS.get(words[0])
    if known is None:
        sys.stderr.write(f"sync-server: there is no command {words[0]!r}.\n\n{_usage()}")
        return 2
    # What a command writes is for whoever runs it: names, hashes of passwords, voices.
    os.umask(0o077)
    module, _, function = known[0].partition(":")
    run: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    return run(words[1:])


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name.ljust(width)}  {told}" for name, (_, told) in COMMANDS.items())
    return f"usage: sync-server COMMAND ...\n\n{lines}\n\n`sync-server COMMAND --help` tells more.\n"


if __name__ == "__main__":
    sys.exit(main())
