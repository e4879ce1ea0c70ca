"""The sheets of the device's records, each laid out once for all records of one shape: a tap lays out nothing anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checklists.forms.form import Form
from checklists.record.assessment import Assessment
from checklists.record.sheet import Sheet, sheet_of

_Shape = tuple[str, str | None, str | None, int, str | None]


class Sheets:
    """Remembers what it laid out. `form_of` finds a form by its id; a form never changes under one."""

    def __init__(self, form_of: Callable[[str], Form | None]) -> None:
        self._form_of = form_of
        self._laid_out: dict[_Shape, Sheet] = {}

    def of(self, assessment: Assessment) -> Sheet:
        """Return the sheet `assessment` is filled on: the same object while its shape is the same.

        Raises:
            SheetError: a form that is not on this device yet, or one the record does not fit.
        """
        shape = (
            assessment.form,
            assessment.variant,
            assessment.subchannel,
            assessment.recordings,
            assessment.annex,
        )
        if shape not in self._laid_out:
            self._laid_out[shape] = sheet_of(assessment, self._forms(assessment))
        return self._laid_out[shape]

    def _forms(self, assessment: Assessment) -> Mapping[str, Form]:
        forms: dict[str, Form] = {}
        wanted = [assessment.form, *([assessment.annex] if assessment.annex else [])]
        while wanted:
            form = self._form_of(wanted.pop())
            if form and form.id not in forms:
                forms[form.id] = form
                wanted.extend(variant.recordings.form for variant in form.variants if variant.recordings)
        return forms
