"""The process that sets one document: `python -m sync_server.print.child`, a document in, a PDF out.

Where it cannot be set, the sentence that says why goes to standard error as JSON, and it ends with NOT_SET.
"""

from __future__ import annotations

import sys

import msgspec

from sync_server.machine.child_bounds import goes_first
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import NOT_SET
from sync_server.print.typeset import pdf_of


def main() -> int:
    """Set one document."""
    goes_first()
    try:
        sys.stdout.buffer.write(pdf_of(msgspec.json.decode(sys.stdin.buffer.read(), type=Document)))
    except CannotPrintError as error:
        sys.stderr.buffer.write(msgspec.json.encode(error.message))
        return NOT_SET
    return 0


if __name__ == "__main__":
    sys.exit(main())
