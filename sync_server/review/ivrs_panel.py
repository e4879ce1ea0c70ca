"""The IVRS award by a panel: judges mark each voice menu, blind; a coordinator fixes what that comes to.

IVP-1  Where `award.ivrs.source` asks for a panel, each judge dials the line and marks every part of the IVRS annex from
       0 to its weight, in steps of a half: at most 100. Ties come first, and what is final stays (PAN).
IVP-2  The panel's figure is the mean of the judges who marked every part for good, its spread the highest less the
       lowest. A coordinator fixes it from two judges on, with a reason, once the effects were shown: a ruling of the
       entry with each judge's points. Marks that come later change nothing until somebody fixes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.forms.form import Section
from checklists.language import N_, Text, sentence
from checklists.number import NotANumberError, exact, exact_text
from checklists.season.what_if import what_if
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.award.rule_effects import Effects, effects_of
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.reviewing import NewRuling, append_ruling
from sync_server.database.queries.standings import ruling_rows
from sync_server.jobs.wishes import standing_job
from sync_server.panel.marking import CannotMarkError, Mark, final_marks, keep_marks
from sync_server.review.outcome import By, CannotDecideError

CHANNEL = "phone_in"
LEAST = 2  # judges
MAX_WORDS = 2000
VERSION = 1  # of what is marked: a voice menu has none
_HALVES = N_("A mark lies from 0 to {weight}, in steps of a half.")


class Menu(NamedTuple):
    """The voice menu of an entry, its judges' points, and what is fixed."""

    entrant_id: str
    name: Text
    totals: Mapping[str, Fraction]  # of the judges who marked every part for good
    fixed: Fraction | None
    why: str  # the reason it was fixed for
    by: str

    @property
    def figure(self) -> Fraction | None:
        """What the panel comes to; None until enough judges are done."""
        return sum(self.totals.values(), Fraction(0)) / len(self.totals) if len(self.totals) >= LEAST else None

    @property
    def spread(self) -> Fraction | None:
        """The highest less the lowest."""
        return max(self.totals.values()) - min(self.totals.values()) if self.totals else None


def subject_of(entrant_id: str) -> str:
    """Return what a panel calls the voice menu of an entrant."""
    return f"ivrs/{entrant_id}"


def is_by_panel(desk: SeasonDesk) -> bool:
    """Whether the rules in force ask for a panel."""
    return desk.rules.text("award.ivrs.source") != "annex_mean_weighted"


def parts_of(desk: SeasonDesk) -> Sequence[Section]:
    """Return what is marked: the sections of the annex that judges an IVRS."""
    form = desk.book.forms(desk.db).get(desk.in_force.programme.ivrs_annex)
    return form.sections if form is not None else ()


def menus(desk: SeasonDesk) -> Sequence[Menu]:
    """Return the voice menus there are to mark: of the phone entries that take part."""
    keys = {part.id for part in parts_of(desk)}
    found = []
    for row in desk.entry_rows():
        if row.channel != CHANNEL or row.withdrawn:
            continue
        marks = final_marks(desk.db, subject_of(row.entrant_id))
        totals = {judge: sum(each.values(), Fraction(0)) for judge, each in marks.items() if keys <= each.keys()}
        ruling = next(
            (one for one in reversed(ruling_rows(desk.db, row.entrant_id, CHANNEL)) if one.kind == "ivrs_panel"), None
        )
        fixed = None if ruling is None else exact(ruling.value)
        why, by = ("", "") if ruling is None else (ruling.reason, ruling.decided_by)
        found.append(Menu(row.entrant_id, row.name, totals, fixed, why, by))
    return found


def read_marks(parts: Sequence[Section], typed: Mapping[str, str], *, is_final: bool) -> Mapping[str, Mark]:
    """Return what was typed as marks; for good every part needs one.

    Raises:
        CannotMarkError: a mark is none (IVP-1).
    """
    marks = {}
    for part in parts:
        text = typed.get(part.id, "").strip()
        if not text and not is_final:
            continue
        try:
            points = exact(text)
        except NotANumberError as error:
            raise CannotMarkError(sentence(_HALVES, weight=part.weight)) from error
        if not 0 <= points <= part.weight or (2 * points).denominator != 1:
            raise CannotMarkError(sentence(_HALVES, weight=part.weight))
        marks[part.id] = Mark(points, typed.get(f"{part.id}-note", ""))
    return marks


def mark(db: Connection, entrant_id: str, marks: Mapping[str, Mark], *, is_final: bool, by: By) -> None:
    """Keep a judge's marks of a voice menu. Raises CannotMarkError: tied, not said whether, or final already."""
    keep_marks(db, (subject_of(entrant_id), VERSION), by.user_id, marks, is_final=is_final, now=by.now)


def effects(desk: SeasonDesk, menu: Menu) -> Effects:
    """Return every figure and award that changes once what the panel came to is fixed."""
    now = season_of(desk)
    fixed = tuple(
        msgspec.structs.replace(
            each,
            entries=tuple(
                msgspec.structs.replace(one, ivrs_panel=menu.figure) if one.channel == CHANNEL else one
                for one in each.entries
            ),
        )
        if each.id == menu.entrant_id
        else each
        for each in now.entrants
    )
    return effects_of(what_if(now, msgspec.structs.replace(now, entrants=fixed)))


def fix(db: Connection, menu: Menu, reason: str, by: By) -> None:
    """Fix what the panel came to (IVP-2).

    Raises:
        CannotDecideError: too few judges are done, it is fixed at that already, or no reason is given.
    """
    figure = menu.figure
    if figure is None:
        words = N_("{count} judges have marked every part for good; {least} are needed.")
        raise CannotDecideError(sentence(words, count=len(menu.totals), least=LEAST))
    if figure == menu.fixed:
        raise CannotDecideError(sentence(N_("It is fixed at that figure already.")))
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    append_ruling(
        db,
        NewRuling(
            assessment_id=None,
            entrant_id=menu.entrant_id,
            channel=CHANNEL,
            round=None,
            kind="ivrs_panel",
            value=exact_text(figure),
            reason=reason.strip()[:MAX_WORDS],
            decided_by=by.user_id,
            decided_at=by.now,
        ),
    )
    ask_for(db, [standing_job(menu.entrant_id, CHANNEL)], by.now)
