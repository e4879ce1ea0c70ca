"""A proposal that may be handed in, its PDF, and judges who mark it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from pypdf import PdfWriter
from pypdf.generic import FloatObject, NameObject, RectangleObject
from sqlalchemy import Connection

from checklists.proposal.template import proposal_template
from sync_server.hand_in.versions import HandedFile, Receipt
from sync_server.proposals.handing import take_version

TEMPLATE = proposal_template()
BODY = {field.key: f"字 {field.key}" for field in TEMPLATE.fields if field.needed} | {
    "company_zh": "海港百貨", "company_en": "Harbour Stores", "basis-mission": "yes", "aims-value": "yes",
    "aims-value-words": "送貨到府",
}  # fmt: skip
IN_TIME = TEMPLATE.deadline - timedelta(days=1)
CODE = "c" * 24
A4, LETTER = (595.276, 841.89), (612.0, 792.0)


def a_pdf(
    pages: int = 1,
    size: tuple[float, float] = A4,
    password: str = "",
    *,
    unit: float = 1,
    cropped: tuple[float, float] | None = None,
) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(*size)
        page[NameObject("/UserUnit")] = FloatObject(unit)
        page.cropbox = RectangleObject((0, 0, *(cropped or size)))
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def handed_in(db: Connection, code: str = CODE, *, at: datetime = IN_TIME, **changed: str) -> Receipt:
    """A proposal, with an attachment of two pages."""
    files = [HandedFile("attachment", "a.pdf", a_pdf(2))]
    return take_version(db, TEMPLATE, code, {**BODY, **changed}, files, now=at)
