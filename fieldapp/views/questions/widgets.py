"""One component per kind of question. Each receives what is asked and a callback, and returns controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from checklists.forms.form import Kind
from checklists.language import N_
from fieldapp.language import _, read
from fieldapp.views import kit
from fieldapp.views.questions.choices import not_applicable, option_button, side_by_side, with_not_applicable
from fieldapp.views.questions.figure import BandsQuestion
from fieldapp.views.questions.question_item import OnAnswer, QuestionItem
from fieldapp.views.questions.words_field import TextQuestion
from fieldapp.views.tappable import one_of

# The words of the scale, 0 to 4: described, never priced.
SCALE_WORDS = (N_("Poor"), N_("Weak"), N_("Nearly"), N_("Meets"), N_("Beyond"))
# The steps of maturity, 0 to 3: none stands without those below it.
MATURITY_WORDS = (
    N_("Nothing seen"),
    N_("Intent: written and communicated"),
    N_("Implementation: in use, records of three months"),
    N_("Integration: reviewed, improved, tied to results"),
)
TWO_COLUMNS = 40  # letters: options no longer than this stand two in a row


@ft.component
def YesNoQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """Yes or no, side by side."""
    buttons = [
        option_button(item, True, _("Yes"), on_answer, expand=True),
        option_button(item, False, _("No"), on_answer, expand=True),
    ]
    buttons, beside = with_not_applicable(item, buttons, on_answer)
    return kit.stack([side_by_side(buttons), *beside])


@ft.component
def ScaleQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """Nought to four in one row for one thumb, the words of each figure below it."""
    figures = [
        option_button(item, figure, _(word), on_answer, figure=str(figure), expand=True)
        for figure, word in enumerate(SCALE_WORDS)
    ]
    figures, beside = with_not_applicable(item, figures, on_answer)
    return kit.stack([side_by_side(figures, 2 if item.is_large else 0), *beside])


@ft.component
def MaturityQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """Nought to three, each step resting on those below it: what a step takes stands on its button."""
    steps = [
        option_button(item, step, _(word), on_answer, figure=str(step), expand=True)
        for step, word in enumerate(MATURITY_WORDS)
    ]
    steps, beside = with_not_applicable(item, steps, on_answer)
    return kit.stack([side_by_side(steps, 1 if item.is_large else 2), *beside])


@ft.component
def ChoiceQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """A short fixed list, two in a row where they fit. An FAQ is asked the same way, beside the filed answer."""
    labels = {option.code: read(option.label) for option in item.options}
    fits = not item.is_large and all(len(label) <= TWO_COLUMNS for label in labels.values())
    options = [option_button(item, code, label, on_answer, expand=fits) for code, label in labels.items()]
    if fits and len(options) % 2:  # N/A fits into the row that is half empty
        return side_by_side(one_of([*options, *not_applicable(item, on_answer, expand=True)]), 2)
    options, beside = with_not_applicable(item, options, on_answer)
    return kit.stack([*([side_by_side(options, 2)] if fits else options), *beside])


# Which component asks which kind. A test fails if a Kind is missing here.
WIDGETS: Mapping[Kind, Callable[[QuestionItem, OnAnswer], ft.Control]] = {
    Kind.YES_NO: YesNoQuestion,
    Kind.SCALE: ScaleQuestion,
    Kind.CHOICE: ChoiceQuestion,
    Kind.FAQ: ChoiceQuestion,
    Kind.BANDS: BandsQuestion,
    Kind.TEXT: TextQuestion,
    Kind.MATURITY: MaturityQuestion,
}
