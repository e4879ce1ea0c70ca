"""A PDF is set in a process of its own: the typesetter is large, and must not slow phones and pages.

PPD-1  The process is given no setting and no secret of the server.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from checklists.language import N_, Sentence, sentence
from sync_server.print.child import NOT_SET
from sync_server.print.document import Document
from sync_server.print.typeset import CannotPrintError

logger = logging.getLogger(__name__)

LONGEST_S = 60
_ROOT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "XDG_CACHE_HOME")


def printed(document: Document) -> bytes:
    """Return the document as a PDF. Blocks for about a second.

    Raises:
        CannotPrintError: it cannot be set, or the process did not come to an end.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "sync_server.print.child"],
            input=msgspec.json.encode(document),
            capture_output=True,
            env=environment,
            timeout=LONGEST_S,
            check=False,
            start_new_session=True,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise CannotPrintError(sentence(_ENDED, title=document.title)) from error
    if child.returncode == NOT_SET:
        raise CannotPrintError(msgspec.json.decode(child.stderr, type=Sentence))
    if child.returncode:
        logger.error("the process that sets documents: %s", child.stderr[-2000:])
        raise CannotPrintError(sentence(_ENDED, title=document.title))
    return child.stdout


_ENDED = N_("{title} was not printed: the process that sets it ended early; the log says why.")
