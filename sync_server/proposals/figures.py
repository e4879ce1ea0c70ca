"""Every proposal with where it stands: what was handed in, each judge's marks, the panel's figure, its place.

PRP-4  Points from outside the template are entered by lines of the organiser's own; together they are at most what
       lies outside. A proposal is ranked by the template's points alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.number import NotANumberError, exact
from checklists.proposal.marks import Marks, Panel, panel_of, ranking
from checklists.proposal.template import Template
from sync_server.database.queries import hand_ins
from sync_server.database.queries import proposals as queries
from sync_server.database.queries.hand_ins import HandInRow, VersionRow
from sync_server.database.queries.proposals import DraftRow, OutsideRow
from sync_server.panel.marking import final_marks


class OutsideError(SentenceError):
    """Points from outside the template cannot be kept; the message says why."""


class Standing(NamedTuple):
    """One proposal as the office sees it."""

    row: HandInRow
    draft: DraftRow | None
    versions: Sequence[VersionRow]
    marks: Mapping[str, Marks]  # final, by judge
    outside: Sequence[OutsideRow]
    panel: Panel | None

    @property
    def body(self) -> Mapping[str, str]:
        """What was handed in last, else the draft."""
        return self.versions[0].body if self.versions else self.draft.body if self.draft else {}

    @property
    def title(self) -> str:
        """The company's name as it gave it."""
        return self.body.get("company_zh") or self.body.get("company_en") or self.row.id


def subject_of(hand_in_id: str) -> str:
    """Return what a panel calls a proposal."""
    return f"proposal/{hand_in_id}"


def standing_of(db: Connection, template: Template, row: HandInRow) -> Standing:
    """Return one proposal."""
    marks, outside = final_marks(db, subject_of(row.id)), queries.outside_of(db, row.id)
    entered = sum((exact(one.points) for one in outside), Fraction(0)) if outside else None
    panel = panel_of(template, list(marks.values()), entered)
    return Standing(row, queries.draft_of(db, row.id), hand_ins.versions_of(db, row.id), marks, outside, panel)


def standings(db: Connection, template: Template) -> list[tuple[int | None, Standing]]:
    """Return every proposal with its place: the ranked ones first, then the others as they were begun."""
    every = {row.id: standing_of(db, template, row) for row in queries.proposal_rows(db)}
    ranked = ranking({name: one.panel for name, one in every.items()})
    placed: list[tuple[int | None, Standing]] = [(place, every[name]) for place, name in ranked]
    return placed + [(None, one) for one in every.values() if one.panel is None]


def enter_outside(
    db: Connection, template: Template, hand_in_id: str, typed: tuple[str, str], *, by: str, now: datetime
) -> None:
    """Keep points of a line (PRP-4).

    Raises:
        OutsideError: no line, no number, or more than lies outside.
    """
    line, text = typed[0].strip()[:100], typed[1].strip()
    if not line:
        raise OutsideError(sentence(N_("Say what the points are for, such as “Presentation”.")))
    others = sum((exact(one.points) for one in queries.outside_of(db, hand_in_id) if one.line != line), Fraction(0))
    try:
        points = exact(text)
    except NotANumberError as error:
        raise OutsideError(sentence(N_("Write the points as a number, such as 24 or 24.5."))) from error
    if points < 0 or others + points > template.outside:
        words = N_("Outside the template there are {most} points in all; {others} are entered already.")
        raise OutsideError(sentence(words, most=template.outside, others=str(others)))
    queries.keep_outside(db, OutsideRow(hand_in_id, line, str(points), by, now))
