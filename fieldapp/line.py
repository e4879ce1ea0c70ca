"""The line to the server: the worker tells how it stands, the screens show it. Never written to disk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from checklists.language import Sentence


class LineState(StrEnum):
    """What the sync worker is doing."""

    IDLE = "idle"  # everything sent, looks for news now and then
    BUSY = "busy"
    WAITING = "waiting"  # for the next try after a failure
    SIGN_IN_NEEDED = "sign_in_needed"
    NOT_ENROLLED = "not_enrolled"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with the server as a whole."""

    state: LineState = LineState.IDLE
    reason: Sentence | None = None  # of the last failure, None after a success
    code: str = ""
    failures: int = 0  # in a row
    next_try_at: datetime | None = None
    last_contact_at: datetime | None = None
    sending: str | None = None  # the assessment under way
    sent_bytes: int = 0  # of the file under way
    total_bytes: int = 0
    files_wait: bool = False  # for a connection that is not paid by size
