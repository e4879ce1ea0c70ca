"""The process that sets one document: `python -m sync_server.print.child`, a document in, a PDF out.

Where it cannot be set, the sentence that says why goes to standard error as JSON, and it ends with NOT_SET.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from sync_server.print.document import Document
from sync_server.print.typeset import CannotPrintError, pdf_of

NOT_SET = 3


def main() -> int:
    """Set one document."""
    # Where the machine runs out, this process goes first, not the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    try:
        sys.stdout.buffer.write(pdf_of(msgspec.json.decode(sys.stdin.buffer.read(), type=Document)))
    except CannotPrintError as error:
        sys.stderr.buffer.write(msgspec.json.encode(error.message))
        return NOT_SET
    return 0


if __name__ == "__main__":
    sys.exit(main())
