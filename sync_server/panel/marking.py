"""Marking by a panel, whatever is marked: a subject is a word such as "proposal/<hand-in>".

PAN-1  Before anything of a subject is shown, a judge says whether there is a tie; who is tied may not open or mark it.
PAN-2  A judge reads his own marks alone; the office reads everybody's.
PAN-3  Marks are changed freely until they are final; a judge's final marks stay, and are of the version he read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.number import exact
from sync_server.database.queries import panel as queries
from sync_server.database.queries.panel import MarkRow


class CannotMarkError(SentenceError):
    """This judge may not open or mark the subject now; the message says why."""


class TieNotDeclaredError(CannotMarkError):
    """The judge has not said yet whether there is a tie."""


class Mark(NamedTuple):
    """Points of a part, with a note for the office."""

    points: Fraction
    note: str = ""


def declare(db: Connection, subject: str, judge: str, *, is_tied: bool, now: datetime) -> None:
    """Keep what a judge says of a tie (PAN-1).

    Raises:
        CannotMarkError: the judge is tied already: only the office may say otherwise.
    """
    if queries.tie_of(db, subject, judge):
        raise CannotMarkError(sentence(_TIED))
    queries.declare_tie(db, subject, judge, is_tied=is_tied, now=now)


def check_may_open(db: Connection, subject: str, judge: str) -> None:
    """Raise where a judge may not open the subject (PAN-1).

    Raises:
        TieNotDeclaredError, CannotMarkError
    """
    tied = queries.tie_of(db, subject, judge)
    if tied is None:
        raise TieNotDeclaredError(sentence(N_("Say first whether you are tied to this organisation.")))
    if tied:
        raise CannotMarkError(sentence(_TIED))


def keep_marks(
    db: Connection, of: tuple[str, int], judge: str, marks: Mapping[str, Mark], *, is_final: bool, now: datetime
) -> None:
    """Keep a judge's marks of a subject in a version (PAN-3).

    Raises:
        CannotMarkError: tied, not declared, or final already.
    """
    subject, version = of
    check_may_open(db, subject, judge)
    if any(row.is_final for row in queries.marks_of(db, subject, judge)):
        raise CannotMarkError(sentence(N_("Your marks are final: they stay as they are.")))
    for part, mark in marks.items():
        points, note = str(mark.points), mark.note.strip()[:2000]
        queries.keep_mark(db, MarkRow(subject, judge, part, points, note, version, is_final, now))


def final_marks(db: Connection, subject: str) -> Mapping[str, Mapping[str, Fraction]]:
    """Return the final marks of each judge, by part."""
    by_judge: dict[str, dict[str, Fraction]] = {}
    for row in queries.marks_of(db, subject):
        if row.is_final:
            by_judge.setdefault(row.judge, {})[row.part] = exact(row.points)
    return by_judge


_TIED = N_("You have said that you are tied to this organisation: it stays closed to you.")
