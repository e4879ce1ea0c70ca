"""Surveys as rows, brought in as an XLSForm is, for the tests of what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from checklists.forms.form import Form, Question
from checklists.forms.xlsform.reading import taken
from checklists.forms.xlsform.report import Taken

CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "yes", "Yes"],
    ["yn", "no", "No"],
    ["col", "1", "Red"],
    ["col", "Deep Blue", "Blue"],
    ["col", "na", "None of it"],
]


Grid = Sequence[Sequence[str]]


def bring(*survey: Sequence[str], choices: Grid = CHOICES, settings: Grid = (), heading: Sequence[str] = ()) -> Taken:
    """A survey of the usual columns, or of those in `heading`."""
    columns = heading or ["type", "name", "label", "relevant", "required", "calculation"]
    grids = {"survey": [columns, *survey], "choices": choices} | ({"settings": settings} if settings else {})
    return taken(grids, name="brought in")


def form_of(found: Taken) -> Form:
    assert [str(problem) for problem in found.problems] == []
    assert found.form is not None
    return found.form


def asked(found: Taken) -> dict[str, Question]:
    return {question.id: question for section in form_of(found).sections for question in section.questions}
