"""A PDF or a Word file is made in a process of its own: what makes it is large, and must not slow phones and pages.

PPD-1  The process is given no setting and no secret of the server (CHP-1).
"""

from __future__ import annotations

import logging
import subprocess
from typing import Literal

import msgspec

from checklists.language import N_, Sentence, sentence
from sync_server.machine import child_process
from sync_server.print.document import CannotPrintError, Document

logger = logging.getLogger(__name__)

Kind = Literal["pdf", "docx"]
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_S = 60
NOT_SET = 3  # the exit code that says so: the reason is on standard error


def printed(document: Document, kind: Kind = "pdf") -> bytes:
    """Return the document as a PDF or a Word file. Blocks for about a second.

    Raises:
        CannotPrintError: it cannot be set, or the process did not come to an end.
    """
    asked = msgspec.json.encode((kind, document))
    try:
        child = child_process.run("sync_server.print.child", asked, longest_s=LONGEST_S)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise CannotPrintError(sentence(_ENDED, title=document.title)) from error
    if child.returncode == NOT_SET:
        raise CannotPrintError(msgspec.json.decode(child.stderr, type=Sentence))
    if child.returncode:
        logger.error("the process that sets documents: %s", child.stderr[-2000:])
        raise CannotPrintError(sentence(_ENDED, title=document.title))
    return child.stdout


_ENDED = N_("{title} was not printed: the process that sets it ended early; the log says why.")
