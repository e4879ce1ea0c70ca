"""Forms as the server scores and checks with them, compiled once: sheets and scorers by form version and layout.

A form version never changes, so nothing here ever goes stale; an unknown id is looked up again.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Form
from checklists.record.assessment import Assessment
from checklists.record.sheet import Sheet, sheet_of
from checklists.score.scoring import CriticalEffect, Scorer
from sync_server.database.queries.form_versions import form_bodies

Layout = tuple[str, str | None, str | None, int, str | None]
MAX_LAYOUTS = 500


def layout_of(assessment: Assessment) -> Layout:
    """Name the sheet `assessment` was filled on: records with the same name share one."""
    return (assessment.form, assessment.variant, assessment.subchannel, assessment.recordings, assessment.annex)


class FormBook:
    """Sheets and scorers by layout. Safe from several threads: an entry made twice is the same."""

    def __init__(self) -> None:
        self._forms: dict[str, Form] = {}
        self._sheets: dict[Layout, Sheet] = {}
        self._scorers: dict[tuple[Layout, CriticalEffect], Scorer] = {}

    def knows(self, assessment: Assessment) -> bool:
        """Return whether `sheet_of` does without the database."""
        return layout_of(assessment) in self._sheets

    def forms(self, db: Connection) -> Mapping[str, Form]:
        """Return every form version by id, decoding those not seen before."""
        for form_id, body in form_bodies(db, except_for=self._forms):
            self._forms[form_id] = wire.decode(body, Form)
        return self._forms

    def sheet_of(self, assessment: Assessment, db: Connection | None = None) -> Sheet:
        """Return the sheet of a record; `db` is needed unless the book `knows` it.

        Raises:
            checklists.record.sheet.SheetError: no such form, or a variant or sub-channel it does not have.
        """
        layout = layout_of(assessment)
        sheet = self._sheets.get(layout)
        if sheet is not None:
            return sheet
        sheet = sheet_of(assessment, self._forms if db is None else self.forms(db))
        if len(self._sheets) >= MAX_LAYOUTS:
            self._sheets.clear()
            self._scorers.clear()
        self._sheets[layout] = sheet
        return sheet

    def scorer_of(self, assessment: Assessment, effect: CriticalEffect, db: Connection | None = None) -> Scorer:
        """Return the scorer of a record's sheet under the ruleset's effect of critical items; else as `sheet_of`."""
        name = (layout_of(assessment), effect)
        scorer = self._scorers.get(name)
        if scorer is None:
            scorer = self._scorers[name] = Scorer(self.sheet_of(assessment, db), critical_effect=effect)
        return scorer
