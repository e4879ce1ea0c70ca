"""One component per kind of question. Each receives what is asked and a callback, and returns controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from checklists.forms.form import Kind
from checklists.language import N_
from fieldapp import theme
from fieldapp.language import _, read
from fieldapp.views import kit
from fieldapp.views.questions.choices import not_applicable, option_button, side_by_side
from fieldapp.views.questions.figure import BandsQuestion
from fieldapp.views.questions.question_item import OnAnswer, QuestionItem
from fieldapp.views.questions.words_field import TextQuestion

SCALE_WORDS = (
    N_("not done"),
    N_("poor"),
    N_("below the standard"),
    N_("meets the standard"),
    N_("excellent"),
)


@ft.component
def YesNoQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """Yes or no, side by side."""
    return kit.stack(
        [
            side_by_side(
                [
                    option_button(item, True, _("Yes"), on_answer, expand=True),
                    option_button(item, False, _("No"), on_answer, expand=True),
                ]
            ),
            *not_applicable(item, on_answer),
        ]
    )


@ft.component
def ScaleQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """Nought to four in one row for one thumb; the words of the chosen figure stand below."""
    names = [_(word) for word in SCALE_WORDS]
    figures = [
        option_button(item, figure, str(figure), on_answer, name=f"{figure}, {name}", expand=True)
        for figure, name in enumerate(names)
    ]
    answer = item.value
    chosen = (
        names[answer] if isinstance(answer, int) and not isinstance(answer, bool) and 0 <= answer < len(names) else ""
    )
    ladder = kit.flow([kit.quiet(f"{figure} {names[figure]}") for figure in (0, 3, 4)], theme.M)
    below = kit.words(f"{answer} – {chosen}", ft.TextThemeStyle.LABEL_LARGE, color=theme.PRIMARY) if chosen else ladder
    return kit.stack([side_by_side(figures), below, *not_applicable(item, on_answer)])


@ft.component
def ChoiceQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """A short fixed list, one below the other. FAQ questions are asked the same way, beside the filed answer."""
    return kit.stack(
        [
            *(option_button(item, option.code, read(option.label), on_answer) for option in item.options),
            *not_applicable(item, on_answer),
        ]
    )


# Which component asks which kind. A test fails if a Kind is missing here.
WIDGETS: Mapping[Kind, Callable[[QuestionItem, OnAnswer], ft.Control]] = {
    Kind.YES_NO: YesNoQuestion,
    Kind.SCALE: ScaleQuestion,
    Kind.CHOICE: ChoiceQuestion,
    Kind.FAQ: ChoiceQuestion,
    Kind.BANDS: BandsQuestion,
    Kind.TEXT: TextQuestion,
}
