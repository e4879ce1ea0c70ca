"""What a workbook of assessments is to have, and what the process that makes it is told."""

from __future__ import annotations

import msgspec

from checklists.language import Language
from sync_server.database.queries.assessment_lists import Filter


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be in the workbook. `words`: notes and verbatims too."""

    narrowed: Filter
    language: Language
    words: bool = False


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to make, from which database, and where to put it."""

    url: str  # may hold a password: a command line can be read by everybody on the machine
    path: str
    wanted: Wanted
