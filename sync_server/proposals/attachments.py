"""The attachment of a proposal: a PDF of at most ten A4 pages, counted in the file itself.

ATT-1  A file that is no PDF, is encrypted, is broken, has a page of another size or one page too many is refused by
       its name with what to do. A page may lie on its side.
ATT-2  A stranger's PDF is read in a process of its own: what it takes of memory and time is bounded, and one that the
       process ends by, or takes too long over, is refused as one that cannot be read.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import msgspec

from checklists.language import N_, Sentence, sentence
from checklists.proposal.checking import pages_problem
from checklists.proposal.template import Template
from sync_server.machine import child_process
from sync_server.print.document import CannotPrintError
from sync_server.proposals.pdf_child import ENCRYPTED, UNREADABLE, Asked, Pages

A4_MM = (210, 297)
SLACK_MM = 1.0
LONGEST_S = 30


def attachment_problem(template: Template, name: str, content: bytes) -> Sentence | None:
    """Return what is wrong with an attachment; None where it may be handed in. Blocks."""
    if not content.startswith(b"%PDF"):
        return sentence(N_("“{name}” is no PDF: save it as one."), name=name)
    read = _read([content])
    if read.problem:
        encrypted = N_("“{name}” is encrypted: save it without a password.")
        words = encrypted if read.problem == ENCRYPTED else N_("“{name}” cannot be read as a PDF: save it again.")
        return sentence(words, name=name)
    if not read.sizes:
        return sentence(N_("“{name}” has no page."), name=name)
    for number, (width, height) in enumerate(read.sizes, 1):
        short, long = sorted((width, height))
        if abs(short - A4_MM[0]) > SLACK_MM or abs(long - A4_MM[1]) > SLACK_MM:
            words = N_("“{name}”: page {page} is {width} × {height} mm, not A4 (210 × 297 mm): save it as A4.")
            return sentence(words, name=name, page=number, width=round(width), height=round(height))
    too_many = pages_problem(template, len(read.sizes))
    return None if too_many is None else sentence(N_("“{name}”: {why}"), name=name, why=too_many)


def page_count(content: bytes) -> int:
    """Return how many pages a PDF that was made here has. Blocks.

    Raises:
        CannotPrintError: they could not be counted.
    """
    read = _read([content])
    if read.problem:
        raise CannotPrintError(sentence(N_("The pages could not be counted: try again.")))
    return len(read.sizes)


def joined(pack: bytes, attachment: bytes) -> bytes:
    """Return two PDFs as one. Blocks.

    Raises:
        CannotPrintError: the attachment cannot be read.
    """
    read = _read([pack, attachment], join=True)
    if read.problem:
        raise CannotPrintError(sentence(N_("The attachment cannot be read as a PDF: take it by itself.")))
    return read.joined


def _read(files: Sequence[bytes], *, join: bool = False) -> Pages:
    asked = msgspec.msgpack.encode(Asked(list(files), join))
    try:
        child = child_process.run("sync_server.proposals.pdf_child", asked, longest_s=LONGEST_S)
    except subprocess.TimeoutExpired:
        return Pages(problem=UNREADABLE)
    return msgspec.msgpack.decode(child.stdout, type=Pages) if child.returncode == 0 else Pages(problem=UNREADABLE)
