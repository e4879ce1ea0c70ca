"""One component per kind of question. Each receives what is asked and a callback, and returns controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from checklists.forms.form import Kind
from checklists.language import N_
from fieldapp import theme
from fieldapp.language import _, read
from fieldapp.views import kit
from fieldapp.views.questions.asked import Asked, OnAnswer
from fieldapp.views.questions.choices import not_applicable, option_button, side_by_side
from fieldapp.views.questions.measured import BandsQuestion
from fieldapp.views.questions.typed import TextQuestion

SCALE_WORDS = (
    N_("not done"),
    N_("poor"),
    N_("below the standard"),
    N_("meets the standard"),
    N_("excellent"),
)


@ft.component
def YesNoQuestion(asked: Asked, on_answer: OnAnswer) -> ft.Control:
    """Yes or no, side by side."""
    return kit.stack(
        [
            side_by_side(
                [
                    option_button(asked, True, _("Yes"), on_answer, expand=True),
                    option_button(asked, False, _("No"), on_answer, expand=True),
                ]
            ),
            *not_applicable(asked, on_answer),
        ]
    )


@ft.component
def ScaleQuestion(asked: Asked, on_answer: OnAnswer) -> ft.Control:
    """Nought to four in one row for one thumb; the words of the chosen figure stand below."""
    names = [_(word) for word in SCALE_WORDS]
    figures = [
        option_button(asked, figure, str(figure), on_answer, name=f"{figure}, {name}", expand=True)
        for figure, name in enumerate(names)
    ]
    held = asked.value
    chosen = names[held] if isinstance(held, int) and not isinstance(held, bool) and 0 <= held < len(names) else ""
    ladder = kit.flow([kit.quiet(f"{figure} {names[figure]}") for figure in (0, 3, 4)], theme.M)
    below = kit.words(f"{held} – {chosen}", ft.TextThemeStyle.LABEL_LARGE, color=theme.PRIMARY) if chosen else ladder
    return kit.stack([side_by_side(figures), below, *not_applicable(asked, on_answer)])


@ft.component
def ChoiceQuestion(asked: Asked, on_answer: OnAnswer) -> ft.Control:
    """A short fixed list, one below the other. FAQ questions are asked the same way, beside the filed answer."""
    return kit.stack(
        [
            *(option_button(asked, option.code, read(option.label), on_answer) for option in asked.options),
            *not_applicable(asked, on_answer),
        ]
    )


# Which component asks which kind. A test fails if a Kind is missing here.
WIDGETS: Mapping[Kind, Callable[[Asked, OnAnswer], ft.Control]] = {
    Kind.YES_NO: YesNoQuestion,
    Kind.SCALE: ScaleQuestion,
    Kind.CHOICE: ChoiceQuestion,
    Kind.FAQ: ChoiceQuestion,
    Kind.BANDS: BandsQuestion,
    Kind.TEXT: TextQuestion,
}
