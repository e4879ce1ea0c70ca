"""A document as a Word file: the same blocks as on a page and in a PDF, for whoever has to send it on or write in it.

WRD-1  Same document, same bytes. Nothing in it runs, and nothing of it is fetched from elsewhere.
WRD-2  A picture that the document holds stands in it as it came, by the size that its own head names, and is decoded by
       nobody here; a drawing of this server's own is told in words.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from base64 import b64decode
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from sync_server.print.document import Block, Document, Emblem, Figure, Heading, Listed, Rows, Words

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDEST_MM, HIGHEST_MM = 160, 110
_EMU_A_MM = 36_000
_DATE = (1980, 1, 1, 0, 0, 0)
_PICTURE = re.compile(r'href="data:image/(png|jpeg);base64,([^"]+)"')
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNKNOWN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML does not know
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default'
    ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png"'
    ' ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_KIND}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
    f' Target="word/document.xml"/><Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1247" w:right="1134" w:bottom="1247" w:left="1134" w:header="624" w:footer="624" w:gutter="0"/>'
    "</w:sectPr>"
)
_HEADS = (
    ("Title", "Title", 36, ""),
    ("Heading1", "heading 1", 26, '<w:outlineLvl w:val="0"/>'),
    ("Heading2", "heading 2", 21, '<w:outlineLvl w:val="1"/>'),
)


def word_file(document: Document) -> bytes:
    """Return the document as DOCX, on A4 (WRD-1)."""
    pictures: list[tuple[str, bytes]] = []
    body = "".join(_whole(document, pictures))
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}{_SECTION}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(pictures),
        "word/styles.xml": _styles(),
        "word/footer1.xml": f"<w:ftr {_NAMES}>{_footer(document)}</w:ftr>",
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{_text(document.title)}</dc:title>'
            f"<dc:language>{document.language}</dc:language></cp:coreProperties>"
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), _HEAD + part, zipfile.ZIP_DEFLATED)
        for number, (kind, content) in enumerate(pictures, 1):
            archive.writestr(zipfile.ZipInfo(f"word/media/{number}.{kind}", _DATE), content)
    return out.getvalue()


def _whole(document: Document, pictures: list[tuple[str, bytes]]) -> Iterator[str]:
    yield _paragraph(document.title, "Title")
    for line in filter(None, [document.mark, *document.subject, document.confidential]):
        yield _paragraph(line)
    for block in document.blocks:
        yield from _drawn(block, pictures)


def _drawn(block: Block, pictures: list[tuple[str, bytes]]) -> Iterator[str]:
    match block:
        case Heading():
            yield _paragraph(block.text, f"Heading{block.level - 1}")
        case Words():
            yield _paragraph(block.text)
        case Figure():
            yield _paragraph(f"{block.label}: {block.value}")
            yield from map(_paragraph, block.notes)
        case Listed():
            yield _paragraph(block.title, "Heading2")
            yield from (_paragraph(f"{number}. {item}") for number, item in enumerate(block.items, 1))
        case Rows():
            yield _paragraph(block.caption)
            yield _table([block.heads, *block.rows])
        case Emblem():
            yield _picture(block, pictures)


def _paragraph(text: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    lines = (f'<w:r><w:t xml:space="preserve">{_text(line)}</w:t></w:r>' for line in _LINE_END.split(text))
    return f"<w:p>{look}{'<w:r><w:br/></w:r>'.join(lines)}</w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = []
    for number, row in enumerate(rows):
        head = "<w:trPr><w:tblHeader/></w:trPr>" if number == 0 else ""
        lines.append(f"<w:tr>{head}{''.join(f'<w:tc>{_paragraph(cell)}</w:tc>' for cell in row)}</w:tr>")
    grid = "<w:gridCol/>" * len(rows[0])
    look = '<w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"


def _picture(block: Emblem, pictures: list[tuple[str, bytes]]) -> str:
    """Return a picture of the document in its frame, or its words where it holds none that can be measured (WRD-2)."""
    found = _PICTURE.search(block.svg)
    content = b64decode(found[2]) if found else b""
    size = pixels_of(content)
    if found is None or size is None:
        return _paragraph(block.words)
    pictures.append((found[1], content))
    number, (wide, high) = len(pictures), size
    mm = min(WIDEST_MM / wide, HIGHEST_MM / high)
    extent = f'cx="{round(wide * mm * _EMU_A_MM)}" cy="{round(high * mm * _EMU_A_MM)}"'
    name = f'id="{number}" name={quoteattr(_UNKNOWN.sub("", block.words))}'
    about = f"{name} descr={quoteattr(_UNKNOWN.sub('', block.words))}"
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent {extent}/>'
        f'<wp:docPr {about}/><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rIdP{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def pixels_of(content: bytes) -> tuple[int, int] | None:
    """Return width and height that the head of a PNG or JPEG names; None where there is no such head."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        size = struct.unpack(">II", content[16:24])
        return size if all(size) else None
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">HH", content[at + 5 : at + 9])
            return (wide, high) if wide and high else None
        at += 2 + length
    return None


def _relations(pictures: Sequence[tuple[str, bytes]]) -> str:
    links = [("rId1", "styles", "styles.xml"), ("rId2", "footer", "footer1.xml")]
    links += [(f"rIdP{number}", "image", f"media/{number}.{kind}") for number, (kind, _) in enumerate(pictures, 1)]
    rows = (f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in links)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def _styles() -> str:
    heads = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="{half_points * 8}" w:after="80"/>{outline}</w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{half_points}"/></w:rPr></w:style>'
        for key, name, half_points, outline in _HEADS
    )
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="B5BDB9"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"'
        f' w:eastAsia="Microsoft JhengHei"/><w:sz w:val="21"/><w:lang w:val="en-GB" w:eastAsia="zh-HK"/></w:rPr>'
        f'</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="276" w:lineRule="auto"/></w:pPr>'
        f'</w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name'
        f' w:val="Normal"/></w:style>{heads}<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style></w:styles>"
    )


def _footer(document: Document) -> str:
    """Return the foot, with the page and how many there are as fields that Word fills in."""
    before, _, rest = document.page_of.partition("{page}")
    between, _, after = rest.partition("{pages}")
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{_text(one)}</w:t></w:r>'
        if kind == "words"
        else f'<w:fldSimple w:instr="{one}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        for kind, one in (
            ("words", f"{document.foot} · {before}"),
            ("field", "PAGE"),
            ("words", between),
            ("field", "NUMPAGES"),
            ("words", after),
        )
    )
    return f"<w:p>{runs}</w:p>"


def _text(text: str) -> str:
    return escape(_UNKNOWN.sub("", text))
