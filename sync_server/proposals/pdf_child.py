"""The process that reads PDFs: `python -m sync_server.proposals.pdf_child`, PDFs in, their pages and all in one out.

What it reads and says are `Asked` and `Pages`, as MessagePack. Its memory is bounded before anything is read.
"""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING

import msgspec

from sync_server.machine.child_bounds import bound

if TYPE_CHECKING:
    from pypdf import PageObject

MEMORY_BYTES = 1 << 30
FILE_BYTES = 1 << 24  # it writes none but what Python keeps of modules
ENCRYPTED, UNREADABLE = "encrypted", "unreadable"
_MM = 25.4 / 72
_NO_ROOM = (RecursionError, MemoryError)


class Asked(msgspec.Struct, frozen=True):
    """PDFs, one after the other; `join` asks for all of them as one."""

    files: list[bytes]
    join: bool = False


class Pages(msgspec.Struct, frozen=True):
    """Width and height of every page in millimetres, or the word that says why there are none; and all as one."""

    sizes: list[tuple[float, float]] = []
    problem: str = ""
    joined: bytes = b""


def main() -> None:
    """Answer once."""
    bound(MEMORY_BYTES, FILE_BYTES)
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Asked)
    sys.stdout.buffer.write(msgspec.msgpack.encode(_read(asked)))


def _read(asked: Asked) -> Pages:
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - inside the bounds
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks on a stranger's file are nobody's concern here
    try:
        readers = [PdfReader(io.BytesIO(content)) for content in asked.files]
        if any(reader.is_encrypted for reader in readers):
            return Pages(problem=ENCRYPTED)
        sizes = [_size(page) for reader in readers for page in reader.pages]
        if not asked.join:
            return Pages(sizes)
        writer, out = PdfWriter(), io.BytesIO()
        for reader in readers:
            writer.append(reader)
        writer.write(out)
        return Pages(sizes, joined=out.getvalue())
    except (PyPdfError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, *_NO_ROOM):
        return Pages(problem=UNREADABLE)


def _size(page: PageObject) -> tuple[float, float]:
    # What is seen and printed of a page: it may be cropped, and a unit of it may be more than a point.
    box, unit_mm = page.cropbox, float(page.user_unit) * _MM
    return abs(float(box.width)) * unit_mm, abs(float(box.height)) * unit_mm


if __name__ == "__main__":
    main()
