"""A document as blocks, every word in its language already: a page draws them as HTML, `typeset` as a PDF, `word` for
Word.

DOC-1  A block of figures is a table with its caption; a bar in it repeats a number that stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from checklists.language import Language, SentenceError


class CannotPrintError(SentenceError, ValueError):
    """The document cannot be set; `message` says why and what to do."""


class Heading(msgspec.Struct, frozen=True, kw_only=True, tag="heading"):
    """Begins a part, or at level 3 a piece of one."""

    text: str
    level: Literal[2, 3] = 2


class Words(msgspec.Struct, frozen=True, kw_only=True, tag="words"):
    """A paragraph."""

    text: str


class Listed(msgspec.Struct, frozen=True, kw_only=True, tag="listed"):
    """A list under a title: numbered where its order says something (`ordered`)."""

    title: str
    items: Sequence[str]
    ordered: bool = True


class Figure(msgspec.Struct, frozen=True, kw_only=True, tag="figure"):
    """The one number that matters, what it is, and how sure it is."""

    value: str
    label: str
    notes: Sequence[str] = ()


class Rows(msgspec.Struct, frozen=True, kw_only=True, tag="rows"):
    """A table. The first column names its row, the others are figures. `bars`: 0-100 for each row, drawn at its end.

    `words`: the places of columns that hold words, where others than the first do; they share the width, set left.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[float | None] = ()
    words: Sequence[int] = ()


class Quote(msgspec.Struct, frozen=True, kw_only=True, tag="quote"):
    """Somebody's own words, in the language they are in, which need not be that of the document; and what about."""

    text: str
    language: Language
    about: str


class Photo(msgspec.Struct, frozen=True, kw_only=True, tag="photo"):
    """A photo with what it shows: below it, and in its place for whoever does not see it.

    `jpeg`: a picture of this server's own making, of any size; a page has it from `address` instead, `small` first.
    """

    jpeg: bytes
    words: str
    language: Language
    address: str = ""
    small: str = ""


class Emblem(msgspec.Struct, frozen=True, kw_only=True, tag="emblem"):
    """A drawing of this server's own (`emblem.py`), or a picture in a frame of SVG: what it shows, and its width."""

    svg: str
    words: str
    width_mm: int


Block = Heading | Words | Listed | Figure | Rows | Quote | Photo | Emblem


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document. `mark` stands across every page ("Draft"); "" for none.

    `layout`: pages of text, one framed page, or the artwork alone. No type is smaller than `least_pt`. A framed page
    begins with its `subject`: the programme, what the page is, and what leads on to the title, which is a name; at its
    foot is a line to sign on for each of `signed`.
    """

    language: Language
    title: str
    head: str
    confidential: str
    subject: Sequence[str]
    foot: str
    page_of: str  # "Page {page} of {pages}"
    mark: str
    blocks: Sequence[Block]
    least_pt: float = 0.0
    signed: Sequence[str] = ()
    layout: Literal["pages", "certificate", "artwork"] = "pages"
