"""Setting a document as PDF: A4, tagged, PDF/UA-1, by the bundled font alone. Same document, same pages.

SET-1  What is not accessible is refused by the typesetter itself, and so is a character without a glyph.
SET-2  No file, no font and no package of the machine is read.
SET-3  Memory stays flat however many documents one process sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import typst

from checklists.language import N_, sentence
from sync_server.print.characters import lacking, named
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.font import font_folder
from sync_server.print.photo import framed

TEMPLATE = Path(__file__).parent / "document.typ"
FORGETS_AFTER = 11  # compilations that did not ask for something
_earlier = count()


def pdf_of(document: Document) -> bytes:
    """Return the document as a PDF.

    Raises:
        CannotPrintError: a character that the font lacks, or something the typesetter refuses.
    """
    body = _checked(document)
    if next(_earlier):
        _forget()
    with _told(document):
        return typst.compile(
            TEMPLATE,
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"document": body},
            pdf_standards=["ua-1"],
        )


def pictures_of(document: Document) -> list[bytes]:
    """Return each page as a PNG: for whoever looks.

    Raises:
        CannotPrintError
    """
    body = _checked(document)
    with _told(document):
        made: Any = typst.compile(
            TEMPLATE,
            format="png",
            font_paths=_fonts(),
            sys_inputs={"document": body},
            ppi=80.0,
        )
    return made if isinstance(made, list) else [made]


def _checked(document: Document) -> str:
    plain = msgspec.to_builtins(document, builtin_types=(bytes,))
    photos = [block for block in plain["blocks"] if block["type"] == "photo"]
    pictures = [photo.pop("jpeg") for photo in photos]  # not read for characters: they are long, and have none
    missing = lacking(msgspec.json.encode(plain).decode())
    if missing:
        words = N_("{title}: the font has no {characters}. Write the name without, or with a character that it has.")
        raise CannotPrintError(sentence(words, title=document.title, characters=named(missing)))
    for photo, jpeg in zip(photos, pictures, strict=True):
        photo.update(framed(jpeg, photo["words"])._asdict())
    return msgspec.json.encode(plain).decode()


def _forget() -> None:
    """Let go of what the typesetter remembers of earlier documents: 20 MB each, and of no use to another (SET-3).

    It has no call for that, but drops what was not asked for in FORGETS_AFTER compilations: 20 ms of empty pages.
    """
    for _ in range(FORGETS_AFTER):
        typst.compile(b"", format="svg", font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    # One for all documents: what is remembered from one to the next knows a font again by its being the same.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])


@contextmanager
def _told(document: Document) -> Iterator[None]:
    try:
        yield
    except typst.TypstError as error:
        words = N_("{title} cannot be printed: {why}")
        raise CannotPrintError(sentence(words, title=document.title, why=str(error)[:500])) from error
