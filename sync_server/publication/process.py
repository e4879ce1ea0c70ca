"""Copies are taken and compared in a process of its own: it reads every visit of a round, for seconds.

TKP-1  The process is given no setting of the server (CHP-1). The database's address, which may hold a password, is told
       on its standard input: a command line can be read by everybody on the machine.
TKP-2  A copy and its check list are of one view of the database.
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence
from datetime import datetime

import msgspec

from checklists.language import N_, SentenceError, sentence
from sync_server.machine import child_process
from sync_server.publication.closing import Taken
from sync_server.publication.readiness import OpenLines

logger = logging.getLogger(__name__)

LONGEST_S = 300
Changes = Sequence[Sequence[str]]


class ToTake(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Take the copy of a round, or (None) of the results, with what stops its closing at `now`."""

    url: str
    round: int | None
    places: Sequence[str] = ()
    now: datetime


class ToCompare(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Compare a copy with another, or ("") with what would be taken now."""

    url: str
    round: int | None
    before: str
    after: str = ""


class NotTakenError(SentenceError, RuntimeError):
    """The process did not come to an end."""


def taken(order: ToTake) -> tuple[Taken, OpenLines]:
    """Return the copy as it would be taken now, and what of its check list decides. Blocks for seconds.

    Raises:
        NotTakenError
    """
    head, _, body = _answered(order).partition(b"\n")
    digest, open_lines = msgspec.json.decode(head, type=tuple[str, OpenLines])
    return Taken(body, digest), open_lines


def compared(order: ToCompare) -> Changes:
    """Return what differs (`since.changes_since`). Blocks for seconds.

    Raises:
        NotTakenError
    """
    return msgspec.json.decode(_answered(order), type=list[list[str]])


def _answered(order: ToTake | ToCompare) -> bytes:
    try:
        child = child_process.run("sync_server.publication.child", msgspec.json.encode(order), longest_s=LONGEST_S)
        child.check_returncode()
    except (subprocess.SubprocessError, OSError) as error:
        logger.error("the process that takes copies: %s %s", error, getattr(error, "stderr", b"") or "")
        words = N_("The process that reads the whole round ended early; the log says why. Nothing was changed.")
        raise NotTakenError(sentence(words)) from error
    return child.stdout
