"""What every page of the desk says at its top until somebody of the office has done something about it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class ErasureNotice(NamedTuple):
    """So many files, and the words of so many assessments, go once somebody confirms it, and `not_before` a moment."""

    id: int
    not_before: datetime
    files: int
    assessments: int


class ClockNotice(NamedTuple):
    """The server's clock `shows` a moment that is far from `seen_until`, how far time was seen to come."""

    shows: datetime
    seen_until: datetime


class EditionNotice(NamedTuple):
    """So many lines of the edition's check list are red, and the moment of round 1's opening is near or, late, over."""

    red: int
    opens_at: datetime
    is_late: bool = False


class DeskNotices(NamedTuple):
    """Each, where there is one."""

    erasure: ErasureNotice | None = None
    clock: ClockNotice | None = None
    edition: EditionNotice | None = None


NO_NOTICES = DeskNotices()
