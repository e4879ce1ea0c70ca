"""The attachment of a proposal: a PDF of at most ten A4 pages, counted in the file itself.

ATT-1  A file that is no PDF, is encrypted, is broken, has a page of another size or one page too many is refused by
       its name with what to do. A page may lie on its side.
"""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from checklists.language import N_, Sentence, sentence
from checklists.proposal.checking import pages_problem
from checklists.proposal.template import Template

A4_MM = (210, 297)
SLACK_MM = 1.0
_MM = 25.4 / 72
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks on a stranger's file are nobody's concern here


def attachment_problem(template: Template, name: str, content: bytes) -> Sentence | None:
    """Return what is wrong with an attachment; None where it may be handed in."""
    if not content.startswith(b"%PDF"):
        return sentence(N_("“{name}” is no PDF: save it as one."), name=name)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return sentence(N_("“{name}” is encrypted: save it without a password."), name=name)
        sizes = [(float(page.mediabox.width) * _MM, float(page.mediabox.height) * _MM) for page in reader.pages]
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError):
        return sentence(N_("“{name}” cannot be read as a PDF: save it again."), name=name)
    if not sizes:
        return sentence(N_("“{name}” has no page."), name=name)
    for number, (width, height) in enumerate(sizes, 1):
        short, long = sorted((width, height))
        if abs(short - A4_MM[0]) > SLACK_MM or abs(long - A4_MM[1]) > SLACK_MM:
            words = N_("“{name}”: page {page} is {width} × {height} mm, not A4 (210 × 297 mm): save it as A4.")
            return sentence(words, name=name, page=number, width=round(width), height=round(height))
    too_many = pages_problem(template, len(sizes))
    return None if too_many is None else sentence(N_("“{name}”: {why}"), name=name, why=too_many)


def joined(first: bytes, second: bytes) -> bytes:
    """Return two PDFs as one."""
    writer = PdfWriter()
    for content in (first, second):
        writer.append(io.BytesIO(content))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
