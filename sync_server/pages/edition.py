"""The edition's check list, line by line, each with the page on which it is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from checklists.language import Sentence, Template
from sync_server.season.edition import Session
from sync_server.season.edition_checks import Check

# Where a date that the edition does not hold itself is set.
_PLACES: Mapping[str, str] = {
    "assessment_period": "/records/rounds",
    "faq_deadline": "/what-if",
    "reports": "/records/rounds",
    "results": "/what-if",
}


class ShownSession(NamedTuple):
    """One session: its days (`until` None: one day), the language spoken there, its round."""

    on: date
    until: date | None
    language: str
    round: int | None


class Line(NamedTuple):
    """One line of the list. `place` is the page that sets it; "": the edition's own form."""

    name: Template
    sessions: Sequence[ShownSession]
    problem: Sentence | None
    place: str


def shown_edition(listed: Sequence[Check]) -> Sequence[Line]:
    """Return the lines in their order."""
    return [
        Line(check.name, tuple(map(_shown, check.sessions)), check.problem, _PLACES.get(check.code, ""))
        for check in listed
    ]


def _shown(session: Session) -> ShownSession:
    until = session.until if session.until != session.on else None
    return ShownSession(session.on, until, session.language, session.round)
