"""The process that sets one document: `python -m sync_server.print.child`, a kind and a document in, a file out.

Where it cannot be set, the sentence that says why goes to standard error as JSON, and it ends with NOT_SET.
"""

from __future__ import annotations

import sys

import msgspec

from sync_server.machine.child_bounds import goes_first
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import NOT_SET, Kind


def main() -> int:
    """Set one document."""
    goes_first()
    kind, document = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[Kind, Document])
    # Only what this kind takes: each of the two libraries costs a tenth of a second.
    if kind == "pdf":
        from sync_server.print.typeset import pdf_of as made  # noqa: PLC0415
    else:
        from sync_server.print.word import word_file as made  # noqa: PLC0415
    try:
        sys.stdout.buffer.write(made(document))
    except CannotPrintError as error:
        sys.stderr.buffer.write(msgspec.json.encode(error.message))
        return NOT_SET
    return 0


if __name__ == "__main__":
    sys.exit(main())
