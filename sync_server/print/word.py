"""A document as a Word file: the same blocks as on a page and in a PDF, for whoever has to send it on or write in it.

Only the process of `child.py` loads it: the library that writes it is large.

WRD-1  Same document, same bytes, by one release of the library. Nothing in it runs, and nothing of it is fetched from
       elsewhere.
WRD-2  A picture that the document holds stands in it as it came, by the size that its own head names, and is decoded by
       nobody here; a drawing of this server's own, and a picture whose head tells no size, is told in words.
"""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64decode
from datetime import datetime

import docx
from docx.document import Document as WordDocument
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from sync_server.print.document import Block, Document, Emblem, Figure, Heading, Listed, Photo, Quote, Rows, Words

WIDEST_MM, HIGHEST_MM = 160, 110
_PICTURE = re.compile(r'href="data:image/(?:png|jpeg);base64,([^"]+)"')
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNKNOWN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML does not know
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - the first that a ZIP knows; it has no zone
_FONTS = {"ascii": "Arial", "hAnsi": "Arial", "cs": "Arial", "eastAsia": "Microsoft JhengHei"}
_LANGUAGES = {"en": "en-GB", "zh-Hant": "zh-HK"}
_SIZES = {"Normal": 10.5, "Title": 18, "Heading 1": 13, "Heading 2": 10.5}
_NO_SIZE = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, LookupError, ValueError)


def word_file(document: Document) -> bytes:
    """Return the document as DOCX, on A4 (WRD-1)."""
    word = docx.Document()
    _set_up(word, document)
    word.add_heading(_text(document.title), 0)
    _lines(word, *filter(None, [document.mark, *document.subject, document.confidential]))
    for block in document.blocks:
        _draw(word, block)
    _foot(word.sections[0].footer.paragraphs[0], document)
    written, out = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as dated, zipfile.ZipFile(out, "w") as archive:
        for name in dated.namelist():
            part = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            archive.writestr(part, dated.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_up(word: WordDocument, document: Document) -> None:
    """Set page, fonts, languages and what the file says of itself; the library's template has others."""
    section, about = word.sections[0], word.core_properties
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(22)
    about.title, about.language = _text(document.title)[:255], _LANGUAGES[document.language]
    about.author = about.comments = about.last_modified_by = ""
    about.created = about.modified = _EPOCH
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()  # of the template's theme
        fonts.attrib.update({qn(f"w:{script}"): font for script, font in _FONTS.items()})
    for spoken in word.styles.element.iter(qn("w:lang")):
        spoken.attrib.update({qn("w:val"): "en-GB", qn("w:eastAsia"): "zh-HK"})  # each script by its own
    for name, points in _SIZES.items():
        style = word.styles[name]
        if isinstance(style, ParagraphStyle):
            style.font.size, style.font.color.rgb = Pt(points), RGBColor(0, 0, 0)


def _draw(word: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            word.add_heading(_text(block.text), block.level - 1)
        case Words():
            _lines(word, block.text)
        case Figure():
            _lines(word, f"{block.label}: {block.value}", *block.notes)
        case Listed():
            word.add_heading(_text(block.title), 2)
            _lines(
                word,
                *(f"{number}. {one}" if block.ordered else f"• {one}" for number, one in enumerate(block.items, 1)),
            )
        case Rows():
            _table(word, block)
        case Quote():
            _lines(word, block.text, block.about)
        case Photo():
            _picture(word.add_paragraph(), block.jpeg, block.words)
            _lines(word, block.words)
        case Emblem():
            found = _PICTURE.search(block.svg)
            _picture(word.add_paragraph(), b64decode(found[1]) if found else b"", block.words)


def _lines(word: WordDocument, *lines: str) -> None:
    for line in lines:
        word.add_paragraph(_text(line))


def _table(word: WordDocument, block: Rows) -> None:
    word.add_paragraph(_text(block.caption)).paragraph_format.keep_with_next = True
    table = word.add_table(1 + len(block.rows), len(block.heads), "Table Grid")
    for line, values in zip(table.rows, [block.heads, *block.rows], strict=True):
        for cell, value in zip(line.cells, values, strict=True):
            cell.text = _text(value)
    head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - no other door
    head.append(OxmlElement("w:tblHeader"))  # on each page that the table goes on to


def _picture(line: Paragraph, content: bytes, words: str) -> None:
    """Put a picture in its frame, or its words where there is none whose head tells its size (WRD-2)."""
    try:
        head = Image.from_blob(content)
        mm = min(WIDEST_MM / head.px_width, HIGHEST_MM / head.px_height)
        wide, high = Mm(head.px_width * mm), Mm(head.px_height * mm)
    except (*_NO_SIZE, ZeroDivisionError):
        line.add_run(_text(words))
        return
    shown = line.add_run().add_picture(io.BytesIO(content), wide, high)
    shown._inline.docPr.set("descr", _text(words))  # noqa: SLF001 - no other door


def _foot(line: Paragraph, document: Document) -> None:
    """Write the foot, with the page and how many there are as fields that Word fills in."""
    for piece in re.split(r"(\{pages?\})", f"{document.foot} · {document.page_of}"):
        if piece not in ("{page}", "{pages}"):
            line.add_run(_text(piece))
            continue
        field = OxmlElement("w:fldSimple", {qn("w:instr"): "PAGE" if piece == "{page}" else "NUMPAGES"})
        line._p.append(field)  # noqa: SLF001 - the library has no fields
        field.append(line.add_run("1")._r)  # noqa: SLF001


def _text(text: str) -> str:
    return _UNKNOWN.sub("", _LINE_END.sub("\n", text))
